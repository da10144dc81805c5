"""The store in a SQLite database."""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from server.background import ended
from server.contract.run import RunSnapshot
from server.store import attempts, expiry, pages, trial_index
from server.store import notices as kept_notices
from server.store.connection import Connection, Work, open_reader, open_writer
from server.store.failures import is_trouble, store_closed, store_failure
from server.store.migrations import mark_clean, migrate
from server.store.port import (
    AttemptRecord,
    FinishedRun,
    KeptNotice,
    Notice,
    RunFilter,
    RunPage,
    StoredRun,
    StoreHealth,
    TrialSource,
)
from server.store.recent import RecentRuns
from server.store.writer import Writer
from server.timing import Timing

T = TypeVar("T")
READERS: Final = 2


class SqliteStore:
    """Implements server.store.port.RunStore; a second process must not write to the same file."""

    def __init__(self, path: Path, store_id: str, writer: Writer, readers: Sequence[Connection]) -> None:
        self._path = path
        self._store_id = store_id
        self._writer = writer
        self._readers = tuple(readers)
        self._recent = RecentRuns()
        self._reads = Timing()
        self._open = True

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator["SqliteStore"]:
        """Opens or creates the database; on leaving, every write that was accepted is committed.

        ForgeError when it cannot be opened, is damaged, or a newer version wrote it.
        """
        async with AsyncExitStack() as stack:
            connection = await open_writer(path)
            stack.push_async_callback(_closed, connection)
            store_id = await _guarded(connection, partial(migrate, path=path), path)
            readers = []
            for _ in range(READERS):
                readers.append(await open_reader(path))
                stack.push_async_callback(_closed, readers[-1])
            writer = Writer(connection, path)
            # No task group: it would cancel the writer when the body fails, and wrap what the body raises.
            task = asyncio.create_task(writer.run(), name="store writer")
            store = cls(path, store_id, writer, readers)
            try:
                yield store
            finally:
                store._open = False
                writer.close()
                await ended(task)
                if task.exception() is None:
                    with suppress(sqlite3.Error):  # then the next start checks the database, no more
                        await connection.run(mark_clean)

    @property
    def store_id(self) -> str:
        """The UUID of the home."""
        return self._store_id

    async def add_attempt(self, record: AttemptRecord) -> AttemptRecord:
        """As in the port; AttemptRefused when another attempt of the run is in the way."""
        return await self._change(record.run_key, partial(attempts.add, record=record))

    async def save(self, snapshot: RunSnapshot) -> None:
        """As in the port; AttemptRefused when the attempt is terminal, gone, or at a newer revision."""
        await self._change(snapshot.run_key, partial(attempts.save, snapshot=snapshot))

    async def finish(
        self,
        snapshot: RunSnapshot,
        *,
        metrics: dict[str, Any] | None = None,
        stop_reason: str | None = None,
        drop_waiting: bool = False,
        notices: Sequence[Notice] = (),
    ) -> AttemptRecord | None:
        """As in the port, in one commit.

        AttemptRefused when the attempt has its terminal state already.
        """
        return await self._change(
            snapshot.run_key,
            partial(
                attempts.finish,
                snapshot=snapshot,
                metrics=metrics,
                stop_reason=stop_reason,
                drop_waiting=drop_waiting,
                notices=notices,
            ),
        )

    async def drop_waiting(self, run_key: str) -> None:
        """As in the port; nothing happens when none waits."""
        await self._change(run_key, partial(attempts.forget_waiting, run_key=run_key))

    async def raise_generation(self, snapshot: RunSnapshot) -> RunSnapshot:
        """As in the port; the state of `snapshot` is kept with it, at seq 0."""
        return await self._change(snapshot.run_key, partial(attempts.renew, snapshot=snapshot))

    async def load(self, run_key: str) -> StoredRun | None:
        """As in the port."""
        if not self._open:
            raise store_closed()
        return await self._recent.load(run_key, lambda: self._read(partial(attempts.load, run_key=run_key)))

    async def load_attempt(self, run_key: str, attempt: int) -> AttemptRecord | None:
        """As in the port."""
        return await self._read(partial(attempts.load_attempt, run_key=run_key, attempt=attempt))

    async def newest_ends(self, limit: int) -> list[RunSnapshot]:
        """As in the port."""
        return await self._read(lambda connection: attempts.newest_ends(connection, limit))

    async def unfinished(self) -> list[AttemptRecord]:
        """As in the port."""
        return await self._read(attempts.unfinished)

    async def known_runs(self, run_keys: Collection[str]) -> set[str]:
        """As in the port."""
        return await self._read(partial(attempts.known, run_keys=run_keys))

    async def expired_runs(self, *, beyond: int | None, before_ms: int | None, limit: int) -> list[FinishedRun]:
        """As in the port."""
        return await self._read(partial(expiry.expired_runs, beyond=beyond, before_ms=before_ms, limit=limit))

    async def named_datasets(self, dataset_ids: Collection[str], without_runs: Collection[str]) -> set[str]:
        """As in the port."""
        return await self._read(partial(expiry.named_datasets, dataset_ids=dataset_ids, without_runs=without_runs))

    async def replace_prepared(self, run_key: str, attempt: int, prepared: bytes) -> None:
        """As in the port."""
        work = partial(expiry.replace_prepared, run_key=run_key, attempt=attempt, prepared=prepared)
        await self._change(run_key, work)

    async def delete(self, run_key: str) -> RunSnapshot | None:
        """As in the port."""
        return await self._change(run_key, partial(attempts.delete, run_key=run_key))

    async def page(self, query: RunFilter) -> RunPage:
        """As in the port; `from_` and `to` bound the instant of submission, both included."""
        return await self._read(partial(pages.page, query=query))

    async def trial_sources(self, family: str, limit: int) -> list[TrialSource]:
        """As in the port."""
        return await self._read(partial(trial_index.find_sources, family=family, limit=limit))

    async def next_notice(self, receiver: str) -> KeptNotice | None:
        """The oldest message that waits for a receiver."""
        return await self._read(partial(kept_notices.next_notice, receiver=receiver))

    async def refuse_notice(self, number: int) -> None:
        """Counts one more refusal of a message."""
        await self._writer.write(partial(kept_notices.refuse_notice, number=number))

    async def forget_notice(self, number: int) -> None:
        """Forgets a message that waits no more."""
        await self._writer.write(partial(kept_notices.forget_notice, number=number))

    async def keep_receivers(self, receivers: Sequence[str]) -> None:
        """Forgets the messages for others than these."""
        await self._writer.write(partial(kept_notices.keep_receivers, receivers=receivers))

    async def waiting_notices(self) -> dict[str, int]:
        """How many messages wait, by receiver."""
        return await self._read(kept_notices.waiting_notices)

    @property
    def write_timing(self) -> Timing:
        """As in the port."""
        return self._writer.timing

    @property
    def read_timing(self) -> Timing:
        """As in the port."""
        return self._reads

    def health(self) -> StoreHealth:
        """As in the port; down from a failed write until one succeeds, which it tries itself every second."""
        trouble = self._writer.trouble if self._open else store_closed().detail
        return StoreHealth(up=trouble is None, detail=trouble, size_bytes=_size_bytes(self._path))

    async def _change(self, run_key: str, work: Work[T]) -> T:
        return await self._writer.write(work, self._recent.change(run_key))

    async def _read(self, work: Work[T]) -> T:
        if not self._open:
            raise store_closed()
        asked = time.monotonic()
        found = await _guarded(min(self._readers, key=lambda reader: reader.pending), work, self._path)
        self._reads.note(time.monotonic() - asked)
        return found


async def _guarded(connection: Connection, work: Work[T], path: Path) -> T:
    try:
        return await connection.run(work)
    except sqlite3.Error as error:
        if is_trouble(error):
            raise store_failure(error, path) from error
        raise


async def _closed(connection: Connection) -> None:
    """Closes a connection even when whoever waits for it is cancelled: nobody else would end its thread."""
    closing = asyncio.ensure_future(connection.close())
    await ended(closing)
    closing.result()


def _size_bytes(path: Path) -> int:
    size = 0
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            size += os.stat(f"{path}{suffix}").st_size
    return size
