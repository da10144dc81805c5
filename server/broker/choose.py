"""Chooses the broker by its URL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from server.broker.memory import MemoryBroker
from server.broker.port import Broker
from server.contract.problems import ForgeError


@asynccontextmanager
async def open_broker(url: str | None) -> AsyncIterator[Broker]:
    """The broker at `url` for as long as it is needed; None and `memory://` mean the one of this process.

    ForgeError `not_supported` for every other scheme; the URL, which may hold a password, is not repeated.
    """
    scheme = urlsplit(url).scheme if url else "memory"
    match scheme:
        case "memory":
            yield MemoryBroker()
        case "redis" | "rediss" | "unix":
            raise ForgeError("not_supported", "A Redis broker is not built yet; leave the broker's URL out.")
        case _:
            raise ForgeError("not_supported", f"No broker speaks {scheme or 'a URL without scheme'!r}; use memory://.")
