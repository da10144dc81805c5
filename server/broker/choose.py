"""Chooses the owner's broker by its URL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.broker.memory import MemoryBroker
from server.broker.mirrored import MirroredBroker
from server.broker.port import Broker
from server.broker.redis_commands import RedisCommands


@asynccontextmanager
async def open_broker(url: str | None, store_id: str) -> AsyncIterator[Broker]:
    """The broker of this process alone, or with a URL the one that Redis mirrors, for as long as it is needed."""
    local = MemoryBroker()
    if url is None:
        yield local
        return
    async with RedisCommands.connected(url, store_id) as remote:
        mirrored = MirroredBroker(local, remote)
        async with mirrored.running():
            yield mirrored
