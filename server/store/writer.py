"""The one task that writes to the database."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from server.store.connection import Connection, Work
from server.store.failures import is_trouble, store_closed, store_failure
from server.store.recent import Change
from server.timing import Timing

T = TypeVar("T")
_log = logging.getLogger(__name__)

MAX_WAITING: Final = 4096
"""Writes that may wait; whoever asks for one more waits until there is room."""
MAX_TOGETHER: Final = 256
"""Writes of one transaction, so that none waits long for the others."""
_PROBE_INTERVAL_S: Final = 1.0


@dataclass(frozen=True)
class _Job:
    work: Work[Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(frozen=True)
class _Failed:
    error: Exception


class Writer:
    """Commits what waits together in one transaction: one sync of the disk for all of them.

    aiosqlite neither stops nor rolls back a statement whose wait is cancelled; so the task that waits for
    the transaction is never cancelled, and callers wait for a shielded future.
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._waiting: deque[_Job] = deque()
        self._room = asyncio.Semaphore(MAX_WAITING)
        self._wake = asyncio.Event()
        self._closing = False
        self.trouble: str | None = None
        """What was wrong with the newest write, None when it succeeded."""
        self.timing = Timing()
        """Of writes that were committed, from when they were asked for."""

    async def write(self, work: Work[T], change: Change | None = None) -> T:
        """Runs `work` in a transaction and returns what it returns, once committed; `change` is told.

        `work` may run twice (the first time rolled back). Raises what it raises; ForgeError for SQLite's failures.
        When the caller is cancelled the write still happens, unless it was waiting for room.
        """
        asked = time.monotonic()
        await self._room.acquire()
        if self._closing:
            self._room.release()
            raise store_closed()
        job = _Job(work)
        job.done.add_done_callback(self._settled)
        if change is not None:
            change.begin()
            # Not after the wait below: its caller may be cancelled, and the write still happens.
            job.done.add_done_callback(lambda _: change.end())
        self._waiting.append(job)
        self._wake.set()
        try:
            result: T = await asyncio.shield(job.done)
        except sqlite3.Error as error:
            if is_trouble(error):
                raise store_failure(error, self._path) from error
            raise
        self.timing.note(time.monotonic() - asked)
        return result

    def _settled(self, _: asyncio.Future[Any]) -> None:
        self._room.release()

    def close(self) -> None:
        """Refuses further writes; `run` returns once those that wait are committed."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Writes until closed."""
        while self._waiting or not self._closing:
            if not self._waiting:
                await self._rest()
                continue
            jobs = [self._waiting.popleft() for _ in range(min(MAX_TOGETHER, len(self._waiting)))]
            await self._commit(jobs)

    async def _rest(self) -> None:
        """Waits for work; in trouble also tries by itself whether the disk writes again, since nobody may submit."""
        self._wake.clear()
        try:
            async with asyncio.timeout(_PROBE_INTERVAL_S if self.trouble else None):
                await self._wake.wait()
        except TimeoutError:
            await self._commit([_Job(_probe)])

    async def _commit(self, jobs: Sequence[_Job]) -> None:
        try:
            outcomes = await self._connection.run(partial(_commit_together, [job.work for job in jobs]))
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody may wait for ever
            outcomes = [_Failed(error)] * len(jobs)
        trouble = None
        for job, outcome in zip(jobs, outcomes, strict=True):
            if not isinstance(outcome, _Failed):
                job.done.set_result(outcome)
                continue
            job.done.set_exception(outcome.error)
            job.done.exception()  # seen: its caller may have been cancelled
            if isinstance(outcome.error, sqlite3.Error) and is_trouble(outcome.error):
                trouble = store_failure(outcome.error, self._path).detail
        if trouble and not self.trouble:
            _log.error("the store cannot write: %s", trouble)
        elif self.trouble and not trouble:
            _log.info("the store writes again")
        self.trouble = trouble


def _commit_together(works: Sequence[Work[Any]], connection: sqlite3.Connection) -> list[Any]:
    """Runs all in one transaction, each in a savepoint; gives results, or _Failed where one raised.

    When the transaction itself fails each is tried alone, so that one large write does not fail its neighbours.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_in_savepoint(work, connection) for work in works]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(works) == 1:
            return [_Failed(error)]
        return [_commit_together([work], connection)[0] for work in works]
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _in_savepoint(work: Work[Any], connection: sqlite3.Connection) -> Any:
    connection.execute("SAVEPOINT job")
    try:
        result = work(connection)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and is_trouble(error):
            raise  # what the transaction holds is in doubt
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return _Failed(error)
    connection.execute("RELEASE job")
    return result


def _probe(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE home SET probe = probe + 1")
