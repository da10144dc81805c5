"""The owner's end of the pipe to a fetching process."""

import asyncio
import multiprocessing
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import Final, Protocol

import msgspec

from server.downloads.fetch_process import fetch_apart
from server.downloads.messages import Failed, Message, Order

_decoder: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)


class Link(Protocol):
    """One fetching process, as what runs it sees it."""

    async def receive(self) -> Message:
        """The next message; Failed once the process is gone."""
        ...

    def stop(self) -> None:
        """Kills the process."""
        ...


class FetchLink:
    """Implements `Link` over a socket."""

    def __init__(self, reader: asyncio.StreamReader, process: BaseProcess) -> None:
        self._reader = reader
        self._process = process

    async def receive(self) -> Message:
        """The next message; Failed once the process is gone."""
        try:
            return _decoder.decode(await self._reader.readuntil(b"\n"))
        except (asyncio.IncompleteReadError, ConnectionError):
            return Failed(message="The process that fetches ended unexpectedly; resume it to go on.")
        except asyncio.LimitOverrunError:
            return Failed(message="The process that fetches said more than anyone reads; resume it to go on.")

    def stop(self) -> None:
        """Kills the process."""
        self._process.kill()


@asynccontextmanager
async def fetching(order: Order) -> AsyncIterator[Link]:
    """A process at work on `order`; it is killed with the block, whatever state it is in."""
    ours, theirs = socket.socketpair()
    context = multiprocessing.get_context("forkserver")
    arguments = (msgspec.json.encode(order), theirs)
    process = context.Process(target=fetch_apart, args=arguments, name="download", daemon=True)
    with theirs:
        await asyncio.to_thread(process.start)
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        yield FetchLink(reader, process)
    finally:
        writer.close()
        await asyncio.shield(asyncio.to_thread(_end, process))


def _end(process: BaseProcess) -> None:
    process.kill()
    process.join()
