"""Connections to the database, each with a thread of its own."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite

from server.contract.problems import ForgeError
from server.store.failures import store_failure

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Statements to be run in the thread of a connection."""

_WRITER_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",  # an acknowledged submission survives a loss of power
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)
_READER_PRAGMAS: Final = ("PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -32768")
_BUSY_TIMEOUT_S: Final = 5.0


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that runs a whole transaction in one visit to its thread.

    A visit a statement costs 50–100 µs each; 2,000 submissions at once would be 10,000 visits.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self.pending = 0
        """How many callers wait for its thread."""
        self._stopped: asyncio.Future[Any] | None = None

    def stop(self) -> "asyncio.Future[Any] | None":
        """As in aiosqlite, which throws the future away when the connection does not open."""
        self._stopped = super().stop()
        return self._stopped

    async def stopped(self) -> None:
        """Waits until the thread has done its last work after `stop`."""
        if self._stopped is not None:
            await self._stopped

    async def run(self, work: Work[T]) -> T:
        """Runs `work` in the connection's thread. A cancelled wait does not stop it."""
        self.pending += 1
        try:
            result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite leaves it so
        finally:
            self.pending -= 1
        return result


async def open_writer(path: Path) -> Connection:
    """The one connection that writes; ForgeError when the file is no database or cannot be written."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
        try:
            _prepare_writer(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection

    return await _open(connect, path)


async def open_reader(path: Path) -> Connection:
    """A connection that cannot write and never waits for who does."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_BUSY_TIMEOUT_S
        )
        for pragma in _READER_PRAGMAS:
            connection.execute(pragma)
        return connection

    return await _open(connect, path)


def _prepare_writer(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise ForgeError(
            "store_unavailable", f"{path} cannot keep a write-ahead log; put it on a local disk, not a share."
        )
    for pragma in _WRITER_PRAGMAS:
        connection.execute(pragma)


async def _open(connect: Callable[[], sqlite3.Connection], path: Path) -> Connection:
    try:
        return await _started(connect)
    except sqlite3.Error as error:
        raise store_failure(error, path) from error


async def _started(connect: Callable[[], sqlite3.Connection]) -> Connection:
    """Opens a connection; the wait survives a cancellation, since nobody else would end the thread."""
    connection = Connection(connect)

    async def start() -> None:
        try:
            await connection
        except BaseException:
            await connection.stopped()  # its thread would speak to a loop that is closed by then
            raise

    task = asyncio.ensure_future(start())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None:
            await connection.close()
        raise
    return connection
