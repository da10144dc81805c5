"""Opening, writing and failing of the database."""

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Event

import pytest

from server.contract.problems import ForgeError
from server.store.connection import Connection, open_writer
from server.store.database import SqliteStore
from server.store.migrations import MIGRATIONS, migrate
from server.store.port import RunFilter
from server.store.writer import MAX_TOGETHER, Writer
from tests.unit.store.runs import key_of, later, record
from tests.waiting import looks


def schema_of(path: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
    connection.close()
    return rows


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


async def test_an_empty_file_becomes_a_database_and_stays_the_same(path: Path) -> None:
    async with SqliteStore.open(path) as store:
        first = store.store_id
    schema = schema_of(path)
    assert version_of(path) == len(MIGRATIONS)
    async with SqliteStore.open(path) as store:
        assert store.store_id == first
    assert schema_of(path) == schema


def test_a_migration_that_fails_leaves_nothing_of_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, path)
    before = schema_of(path)
    monkeypatch.setattr(
        "server.store.migrations.MIGRATIONS", (*MIGRATIONS, "CREATE TABLE half (a TEXT) STRICT; nonsense;")
    )
    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        migrate(connection, path)
    assert not connection.in_transaction
    connection.close()
    assert (schema_of(path), version_of(path)) == (before, len(MIGRATIONS))


async def test_a_database_of_a_newer_version_is_refused_and_untouched(path: Path) -> None:
    async with SqliteStore.open(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(ForgeError, match="newer version") as refusal:
        async with SqliteStore.open(path):
            pass
    assert refusal.value.code == "store_unavailable"
    assert version_of(path) == len(MIGRATIONS) + 1


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_what_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ForgeError) as refusal:
        async with SqliteStore.open(path):
            pass
    assert refusal.value.code == "store_unavailable"
    assert path.read_bytes() == content


async def test_a_damaged_database_that_was_not_closed_is_found_at_the_start(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    async with SqliteStore.open(path) as store:
        for number in range(200):
            await store.add_attempt(record(number))
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(path, copy)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:20_000] + bytes(4 * 4096) + whole[20_000 + 4 * 4096 :])
    with pytest.raises(ForgeError) as refusal:
        async with SqliteStore.open(copy):
            pass
    assert refusal.value.code == "store_unavailable"
    assert str(copy) in refusal.value.detail


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForgeError) as refusal:
        async with SqliteStore.open(tmp_path / "nowhere" / "forge.sqlite3"):
            pass
    assert refusal.value.code == "store_unavailable"


async def test_a_closed_store_says_that_it_is_closed(path: Path) -> None:
    async with SqliteStore.open(path) as store:
        pass
    for call in (store.add_attempt(record()), store.load(key_of(1)), store.page(RunFilter(kind="backtest"))):
        with pytest.raises(ForgeError) as refusal:
            await call
        assert refusal.value.code == "store_unavailable"
    assert not store.health().up


async def test_whatever_was_accepted_is_committed_before_the_store_closes(path: Path) -> None:
    async with SqliteStore.open(path) as store:
        writes = [asyncio.ensure_future(store.add_attempt(record(number))) for number in range(300)]
        await asyncio.sleep(0)  # each asks for its write before the store closes
    await asyncio.gather(*writes)
    async with SqliteStore.open(path) as store:
        assert (await store.page(RunFilter(kind="backtest"))).total_count == 300


async def test_concurrent_writes_get_different_generations(store: SqliteStore) -> None:
    added = await asyncio.gather(*(store.add_attempt(record(number)) for number in range(3 * MAX_TOGETHER)))
    assert sorted(one.snapshot.rev.generation for one in added) == list(range(1, 3 * MAX_TOGETHER + 1))


@asynccontextmanager
async def writing(path: Path) -> AsyncIterator[tuple[Writer, Connection]]:
    """A writer over a database with a table of numbers."""
    connection = await open_writer(path)
    await connection.run(lambda raw: raw.executescript("CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT"))
    writer = Writer(connection, path)
    task = asyncio.create_task(writer.run())
    try:
        yield writer, connection
    finally:
        writer.close()
        await task
        await connection.close()


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [n for (n,) in connection.execute("SELECT n FROM numbers ORDER BY n")]


async def test_a_write_whose_caller_is_cancelled_is_committed_and_the_next_ones_work(path: Path) -> None:
    entered, go = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def slow(connection: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(entered.set)
        go.wait(10)
        connection.execute("INSERT INTO numbers VALUES (1)")

    async with writing(path) as (writer, connection):
        running = asyncio.create_task(writer.write(slow))
        await entered.wait()
        waiting = asyncio.create_task(writer.write(lambda raw: raw.execute("INSERT INTO numbers VALUES (2)")))
        await asyncio.sleep(0)  # it stands in the queue
        for caller in (running, waiting):
            caller.cancel()
            with pytest.raises(asyncio.CancelledError):
                await caller
        go.set()
        await writer.write(lambda raw: raw.execute("INSERT INTO numbers VALUES (3)"))
        assert await connection.run(numbers) == [1, 2, 3]


async def test_a_write_that_raises_takes_back_its_own_statements_alone(path: Path) -> None:
    def bad(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO numbers VALUES (100)")
        raise LookupError("a bug")

    async with writing(path) as (writer, connection):
        outcomes = await asyncio.gather(
            writer.write(lambda raw: raw.execute("INSERT INTO numbers VALUES (1)")),
            writer.write(bad),
            writer.write(lambda raw: raw.execute("INSERT INTO numbers VALUES (1)")),
            writer.write(lambda raw: raw.execute("INSERT INTO numbers VALUES (2)")),
            return_exceptions=True,
        )
        assert [type(outcome).__name__ for outcome in outcomes] == [
            "Cursor",
            "LookupError",
            "IntegrityError",
            "Cursor",
        ]
        assert await connection.run(numbers) == [1, 2]
        assert writer.trouble is None


async def test_a_full_disk_is_told_and_forgotten_once_there_is_room(store: SqliteStore) -> None:
    await limit_pages(store, 1)
    refusal = await fill(store)
    assert refusal.code == "disk_full"
    assert refusal.retry_after_s is not None
    health = store.health()
    assert not health.up
    assert health.detail is not None
    page = await store.page(RunFilter(kind="backtest"))
    await limit_pages(store, 1_000_000)
    await store.add_attempt(record(5000))
    assert store.health().up
    assert (await store.page(RunFilter(kind="backtest"))).total_count == page.total_count + 1


async def test_a_store_in_trouble_recovers_by_itself(store: SqliteStore) -> None:
    await limit_pages(store, 1)
    await fill(store)
    await limit_pages(store, 1_000_000)
    async with asyncio.timeout(5):
        async for health in looks(store.health):
            if health.up:
                break


async def test_a_file_size_limit_is_a_full_disk(path: Path) -> None:
    async with SqliteStore.open(path) as store:
        await store.add_attempt(record())
        with file_size_limit(path.with_name(path.name + "-wal").stat().st_size + 8192):
            assert (await fill(store)).code == "disk_full"
        await store.add_attempt(record(5000))
        assert store.health().up


async def test_a_write_that_fails_leaves_the_run_as_it_was(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    await limit_pages(store, 1)
    huge = later(added.snapshot, "Failed", error_stack_trace="x" * 5_000_000)
    with pytest.raises(ForgeError) as refusal:
        await store.finish(huge)
    assert refusal.value.code == "disk_full"
    assert await store.load_attempt(added.run_key, 1) == added
    await limit_pages(store, 1_000_000)
    await store.finish(huge)


async def fill(store: SqliteStore) -> ForgeError:
    """Adds runs until that fails."""
    for number in range(2, 1000):
        try:
            await store.add_attempt(record(number))
        except ForgeError as error:
            return error
    raise AssertionError("the disk is not full")


async def limit_pages(store: SqliteStore, pages: int) -> None:
    """What a full disk does: the database may not grow beyond what it has, or `pages`."""
    await store._writer._connection.run(lambda raw: raw.execute(f"PRAGMA max_page_count = {pages}").fetchone())


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """As a quota would, refuses that files of this process grow beyond `size`."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


async def test_a_database_that_another_process_locks_is_unavailable_for_now(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.connection._BUSY_TIMEOUT_S", 0.05)
    async with SqliteStore.open(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ForgeError) as refusal:
            await store.add_attempt(record())
        assert refusal.value.code == "store_unavailable"
        assert not store.health().up
        other.execute("ROLLBACK")
        other.close()
        await store.add_attempt(record())
        assert store.health().up


async def test_a_database_that_cannot_be_written_is_unavailable(path: Path) -> None:
    async with SqliteStore.open(path):
        pass
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    # root may write read-only files; a file that is a folder it may not
    os.mkdir(f"{path}-journal")
    with pytest.raises(ForgeError) as refusal:
        async with SqliteStore.open(path):
            pass
    assert refusal.value.code == "store_unavailable"
