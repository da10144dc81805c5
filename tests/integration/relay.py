"""A way to a server on which WebSockets can be cut and refused, while questions still come through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

_PIECE_BYTES: Final = 1 << 16


class Relay:
    """`refuses`: whether new WebSockets are turned away; `sockets` counts those that came through."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._open: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self.url = ""
        self.refuses = False
        self.sockets = 0

    def cut(self) -> None:
        """Ends every WebSocket without a word."""
        for writer in self._open:
            writer.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, both ways, until either end closes it."""
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        try:
            head = await reader.read(_PIECE_BYTES)
            if b"upgrade: websocket" not in head.lower():
                await self._both_ways(head, reader, writer)
            elif not self.refuses:
                self.sockets += 1
                await self._both_ways(head, reader, writer, socket=True)
        finally:
            writer.transport.abort()
            self._carrying.discard(task)

    async def _both_ways(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, socket: bool = False
    ) -> None:
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        ends = {writer, back} if socket else set()
        self._open |= ends
        back.write(head)
        ways = [asyncio.ensure_future(_pipe(reader, back)), asyncio.ensure_future(_pipe(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open -= ends
            back.transport.abort()
            writer.transport.abort()
            await asyncio.gather(*ways, return_exceptions=True)

    async def close(self) -> None:
        """Ends all connections."""
        tasks = set(self._carrying)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await source.read(_PIECE_BYTES):
            target.write(piece)
            await target.drain()


@asynccontextmanager
async def relay(url: str) -> AsyncIterator[Relay]:
    """A relay to the server at `url`, on a port of its own; its connections end with the block."""
    it = Relay(url)
    server = await asyncio.start_server(it.carry, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield it
    finally:
        server.close()
        await it.close()
