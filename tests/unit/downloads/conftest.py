"""ccxt as fetching processes load it."""

from server.downloads.lean_ccxt import lean_ccxt

lean_ccxt()  # before any test module imports a part of it, and with that the whole
