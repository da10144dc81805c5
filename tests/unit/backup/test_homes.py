"""Homes and their copies."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from server.backup import scratch, write
from server.backup.archive import ENDINGS
from server.backup.faults import BackupError
from server.backup.restore import restore_backup
from server.backup.snapshot import Snapshot
from server.backup.write import write_backup
from server.store.database import SqliteStore
from tests.unit.store.runs import key_of, later, record


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """The open store of a home, as a server has it."""
    home = tmp_path / "home"
    for folder in ("results", "datasets/acme-v1", "sources/abc", "strategies/__pycache__"):
        (home / folder).mkdir(parents=True)
    (home / "datasets/acme-v1/bars.npy").write_bytes(b"bars")
    (home / "datasets/.staging").mkdir()
    (home / "datasets/.staging/half.npy").write_bytes(b"half")
    (home / "sources/abc/probe.py").write_bytes(b"# probe")
    (home / "strategies/mine.py").write_bytes(b"# mine")
    (home / "strategies/link.py").symlink_to("/etc/passwd")
    (home / "owner.lock").write_bytes(b"{}")
    async with SqliteStore.open(home / "forge.sqlite3") as opened:
        yield opened


def files_of(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def result(home: Path, number: int, name: str = "result.json") -> Path:
    folder = home / "results" / key_of(number) / "1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"{}")
    return folder


async def submitted(store: SqliteStore, home: Path, number: int, **changes: Any) -> Any:
    prepared = f'{{"a":[{{"directory":"{home}/datasets/acme-v1"}},{{"directory":"{home}/sources/abc"}}]}}'.encode()
    made = structs.replace(record(number, **changes), prepared=prepared)
    run = structs.replace(made.snapshot.run, store_id=store.store_id)
    return await store.add_attempt(structs.replace(made, snapshot=structs.replace(made.snapshot, run=run)))


async def completed(store: SqliteStore, home: Path, number: int) -> None:
    added = await submitted(store, home, number)
    result(home, number)
    await store.finish(later(added.snapshot, "Completed"))


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_restored_home_has_the_runs_files_of_its_own_and_another_id(
    store: SqliteStore, tmp_path: Path, ending: str
) -> None:
    if ending == ".tar.zst":
        pytest.importorskip("pyarrow")
    home, new, file = tmp_path / "home", tmp_path / "new", tmp_path / f"it{ending}"
    await completed(store, home, 1)
    await submitted(store, home, 2)
    result(home, 2, "equity.npy")  # of a backtest that goes on
    await submitted(store, home, 3, kind="optimization")
    result(home, 3, "trials-000000000.npz")
    written = write_backup(home, file)
    restored = restore_backup(file, new)
    assert (written.runs, restored.runs, written.missing) == (3, 3, [])
    assert files_of(new) == {
        "forge.sqlite3",
        "datasets/acme-v1/bars.npy",
        "sources/abc/probe.py",
        "strategies/mine.py",
        f"results/{key_of(1)}/1/result.json",
        f"results/{key_of(3)}/1/trials-000000000.npz",
    }
    assert (new / "sources/abc/probe.py").stat().st_mode & 0o777 == 0o444
    assert restored.head.store_id == store.store_id
    async with SqliteStore.open(new / "forge.sqlite3") as copy:
        assert copy.store_id == restored.store_id != store.store_id
        stored = await copy.load(key_of(1))
        assert stored is not None
        assert stored.newest.snapshot.run.store_id == copy.store_id
        waiting = await copy.load_attempt(key_of(2), 1)
        assert waiting is not None
        assert msgspec.json.decode(waiting.prepared) == {
            "a": [{"directory": f"{new}/datasets/acme-v1"}, {"directory": f"{new}/sources/abc"}]
        }
    assert {path.name for path in tmp_path.iterdir()} == {"home", file.name, "new"}


async def test_what_is_deleted_while_it_is_copied_is_not_in_the_copy(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for number in (1, 2):
        await completed(store, home, number)
    copy_loose_files = write._Copy._loose_files

    def delete_meanwhile(self: write._Copy) -> None:
        copy_loose_files(self)
        with closing(sqlite3.connect(home / "forge.sqlite3")) as database, database:
            for table in ("attempts", "runs"):
                database.execute(f"DELETE FROM {table} WHERE run_key = ?", (key_of(1),))

    monkeypatch.setattr(write._Copy, "_loose_files", delete_meanwhile)
    assert write_backup(home, tmp_path / "it.tar").runs == 1
    restored = restore_backup(tmp_path / "it.tar", tmp_path / "new")
    assert restored.runs == 1
    assert [path.name for path in (tmp_path / "new/results").iterdir()] == [key_of(2)]


async def test_an_event_log_that_goes_while_it_is_copied_is_not_promised_by_the_copy(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    await completed(store, home, 1)
    await submitted(store, home, 2)
    take = Snapshot.take

    def changed_after(self: Snapshot) -> str:
        store_id = take(self)
        with closing(sqlite3.connect(home / "forge.sqlite3")) as database, database:
            database.execute("UPDATE attempts SET prepared = ?", (b'{"without":true}',))
        return store_id

    monkeypatch.setattr(Snapshot, "take", changed_after)
    write_backup(home, tmp_path / "it.tar")
    restore_backup(tmp_path / "it.tar", tmp_path / "new")
    async with SqliteStore.open(tmp_path / "new" / "forge.sqlite3") as copy:
        ended, pending = [await copy.load_attempt(key_of(number), 1) for number in (1, 2)]
        assert ended is not None
        assert pending is not None
        assert ended.prepared == b'{"without":true}'
        assert b"without" not in pending.prepared


async def test_files_that_go_while_they_are_listed_are_looked_for_again(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    await completed(store, home, 1)
    chunk = result(home, 1, "trials-000000000.npz") / "trials-000000000.npz"
    visible = write._visible

    def put_together_after(folder: Path) -> list[Path]:
        listed = visible(folder)
        if chunk in listed:
            chunk.rename(chunk.with_name("trials.npz"))
        return listed

    monkeypatch.setattr(write, "_visible", put_together_after)
    write_backup(home, tmp_path / "it.tar")
    restore_backup(tmp_path / "it.tar", tmp_path / "new")
    there = {path.name for path in (tmp_path / "new/results" / key_of(1) / "1").iterdir()}
    assert there == {"result.json", "trials.npz"}


async def test_a_result_that_the_home_has_lost_is_told(store: SqliteStore, tmp_path: Path) -> None:
    home = tmp_path / "home"
    await completed(store, home, 1)
    (home / "results" / key_of(1) / "1" / "result.json").unlink()
    assert write_backup(home, tmp_path / "it.tar").missing == [key_of(1)]


async def test_a_file_whose_name_cannot_be_restored_is_left_out_and_told(store: SqliteStore, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("Icon\r", "a\\b.csv", os.fsdecode(b"caf\xe9.py"), "café.py"):
        (home / "strategies" / name).write_bytes(b"# odd")
    os.mkfifo(home / "strategies" / "pipe")
    left_out = write_backup(home, tmp_path / "it.tar").left_out
    assert left_out == [r"strategies/Icon\r", r"strategies/a\\b.csv", r"strategies/caf\udce9.py"]
    restore_backup(tmp_path / "it.tar", tmp_path / "new")
    assert {path.name for path in (tmp_path / "new/strategies").iterdir()} == {"mine.py", "café.py"}


async def test_a_home_that_is_closed_can_be_copied_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    async with SqliteStore.open(home / "forge.sqlite3") as store:
        await completed(store, home, 1)
    assert write_backup(home, tmp_path / "it.tar").runs == 1


async def test_nothing_is_written_over(store: SqliteStore, tmp_path: Path) -> None:
    home, target = tmp_path / "home", tmp_path / "it.tar"
    write_backup(home, target)
    with pytest.raises(BackupError, match="there already"):
        write_backup(home, target)
    with pytest.raises(BackupError, match="not empty"):
        restore_backup(target, home)
    (tmp_path / "empty").mkdir()
    restore_backup(target, tmp_path / "empty")
    with pytest.raises(BackupError, match="no home"):
        write_backup(tmp_path / "nowhere", tmp_path / "other.tar")


async def test_what_is_half_copied_is_nobody_elses_to_read_and_goes_even_after_a_kill(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, modes = Snapshot.take, []

    def looked_at(self: Snapshot) -> str:
        taken = take(self)
        modes.append(self.path.parent.stat().st_mode & 0o777)
        return taken

    monkeypatch.setattr(Snapshot, "take", looked_at)
    nobody = (1 << 22) + 1  # above the highest that Linux gives
    for pid in (nobody, os.getpid()):
        (tmp_path / f"{scratch._PREFIX}{pid}.x").mkdir()
        (tmp_path / f"{scratch._PREFIX}{pid}.x" / "forge.sqlite3").touch()
    write_backup(tmp_path / "home", tmp_path / "it.tar")
    assert modes == [0o700]
    assert {path.name for path in tmp_path.iterdir()} == {"home", "it.tar", f"{scratch._PREFIX}{os.getpid()}.x"}


async def test_a_damaged_database_is_no_backup(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "forge.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 4_000)
    with pytest.raises(BackupError, match=r"cannot be read|damaged"):
        write_backup(home, tmp_path / "it.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
