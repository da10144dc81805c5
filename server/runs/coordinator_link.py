"""The owner's end of the pipe to a sweep's coordinator process."""

import asyncio
import logging
import multiprocessing
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import Final

import msgspec

from server import logs
from server.runs.coordinator_process import LENGTH_BYTES, run_coordinator
from server.runs.sweep_messages import ChunkEnded, FromCoordinator, StopSweep, SweepPlan, ToCoordinator

_log = logging.getLogger(__name__)
_decoder: Final[msgspec.msgpack.Decoder[FromCoordinator]] = msgspec.msgpack.Decoder(FromCoordinator)
_JOIN_S: Final = 2.0


class CoordinatorLost(Exception):
    """The coordinator process ended before the sweep did."""


class CoordinatorLink:
    """Sends and receives whole messages, each behind its length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def post(self, message: ToCoordinator) -> None:
        """Sends without waiting, for the few small messages of the loop's own callbacks; silent when it is gone."""
        if self._writer.is_closing():  # a cancel may come between the sweep's last message and its end
            return
        content = msgspec.msgpack.encode(message)
        self._writer.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)

    async def send(self, message: ChunkEnded | StopSweep | SweepPlan) -> None:
        """Sends, and waits while the coordinator is behind; silent when it is gone (`receive` tells)."""
        self.post(message)
        try:
            await self._writer.drain()
        except ConnectionError:
            _log.debug("the coordinator is gone")

    async def receive(self) -> FromCoordinator:
        """The next message; CoordinatorLost when there can be none."""
        try:
            length = int.from_bytes(await self._reader.readexactly(LENGTH_BYTES), "big")
            return _decoder.decode(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise CoordinatorLost("the coordinator of the optimization ended unexpectedly") from error


@asynccontextmanager
async def coordinating(plan: SweepPlan) -> AsyncIterator[CoordinatorLink]:
    """A coordinator at work on `plan`; it ends with the block, whatever state it is in."""
    ours, theirs = socket.socketpair()
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=run_coordinator, args=(theirs, logs.style()), name="coordinator", daemon=True)
    with theirs:
        await asyncio.to_thread(process.start)
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        link = CoordinatorLink(reader, writer)
        await link.send(plan)
        yield link
    finally:
        writer.close()
        await asyncio.shield(asyncio.to_thread(_finish, process))


def _finish(process: BaseProcess) -> None:
    process.join(_JOIN_S)
    if process.exitcode is None:
        process.kill()
        process.join()
