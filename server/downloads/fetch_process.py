"""The process that fetches one series: it may be killed at any instant, what it has written stays good."""

import errno
import os
import signal
import socket
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from server.contract.problems import ForgeError
from server.downloads.fetching import Busy, Fetching, Patience
from server.downloads.lean_ccxt import lean_ccxt
from server.downloads.messages import Failed, Fetched, Found, Message, Order
from server.downloads.pages import Pages

_NICENESS: Final = 5
_LONGEST_WORDS: Final = 300
_DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def fetch_apart(order: bytes, connection: socket.socket) -> None:
    """Fetches what is ordered and tells of it in lines of JSON, until it is done or the owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    threading.Thread(target=_end_with, args=(connection,), name="owner", daemon=True).start()
    with suppress(ConnectionError):  # the owner was killed: nobody is left to tell
        _tell(connection, _outcome(msgspec.json.decode(order, type=Order), connection))


def _end_with(connection: socket.socket) -> None:
    """Ends this process when the owner's end of the socket closes, whatever it waits for."""
    with suppress(OSError):
        while connection.recv(1):
            pass
    os._exit(1)


def _outcome(order: Order, connection: socket.socket) -> Message:
    try:
        return _fetch(order, connection)
    except ForgeError as error:
        return Failed(message=error.detail, code=error.code)
    except Busy as error:
        return Failed(message=f"Given up after many tries: {error}. What was fetched stays; resume it later.")
    except Exception as error:  # noqa: BLE001  # an exchange's answer can break the best of libraries
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            return Failed(message="The disk is full; what was fetched stays.", code="disk_full")
        traceback.print_exc()
        said = f"{type(error).__name__}: {error}"[:_LONGEST_WORDS]  # what broke may be a page of many megabytes
        return Failed(message=f"internal error: {said}; see the server's log")


def _fetch(order: Order, connection: socket.socket) -> Fetched:
    lean_ccxt()
    from server.downloads.exchange import LIBRARY, Exchange  # takes a moment: not before the owner is listened to

    with Pages(Path(order.folder)) as pages:
        exchange = Exchange(order)
        patience = Patience(time.sleep, lambda waiting: _tell(connection, waiting))
        market = patience.ask(lambda: exchange.find(order.symbol, order.asset_name))
        _tell(
            connection,
            Found(
                library=LIBRARY,
                symbol=market.symbol,
                asset_name=order.asset_name or market.asset_name,
                exchange_name=exchange.name,
                quote=market.quote,
                tick_size=market.tick_size,
                lot_size=market.lot_size,
                multiplier=market.multiplier,
                fetched=pages.rows,
            ),
        )
        Fetching(
            exchange,
            pages,
            frame_ms=order.frame_ms,
            start_ms=order.start_ms,
            end_ms=order.end_ms,
            patience=patience,
            tell=lambda progress: _tell(connection, progress),
        ).run()
        return Fetched(fetched=pages.rows, first_ms=pages.first_ms)


def _tell(connection: socket.socket, message: Message) -> None:
    connection.sendall(msgspec.json.encode(message) + b"\n")
