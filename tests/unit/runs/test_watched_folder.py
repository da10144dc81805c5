"""A watched folder over a catalogue that takes or refuses what it is given."""

import os
from pathlib import Path

import msgspec
import pytest

from server.contract.catalogue import DatasetInfo
from server.contract.problems import ForgeError
from server.contract.system import WatchInfo
from server.data.drop_folder import DropFolder
from server.execution.tasks import ImportTask
from server.runs.watched_folder import WatchedFolder
from tests.unit.client.test_asynchronous import DATASET


class Catalogue:
    """Keeps the tasks; raises `refusal` when there is one."""

    def __init__(self) -> None:
        self.root = Path("/catalogue")
        self.tasks: list[ImportTask] = []
        self.refusal: Exception | None = None

    def all(self) -> list[DatasetInfo]:
        return []

    def get(self, dataset_id: str) -> DatasetInfo | None:
        return None

    def upload_path(self) -> Path:
        raise AssertionError("nothing is uploaded")

    async def add(self, task: ImportTask) -> tuple[DatasetInfo, bool]:
        self.tasks.append(task)
        if self.refusal is not None:
            raise self.refusal
        return msgspec.convert(DATASET, DatasetInfo), True

    async def remove(self, dataset_id: str) -> bool:
        return False


class Watch:
    """A folder that is looked at when the test says so."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "drops"
        self.folder.mkdir(exist_ok=True)
        self.memory = root / "watched.json"
        self.catalogue = Catalogue()
        self.watched = WatchedFolder(self.folder, self.catalogue, self.memory)
        self.seconds = 0
        self.drops = DropFolder(self.folder, clock_s=lambda: self.seconds)

    async def look(self, times: int = 2) -> None:
        """Once a second."""
        for _ in range(times):
            self.seconds += 1
            await self.watched.look(self.drops)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


async def test_a_dropped_file_is_imported_once_where_it_lies(watch: Watch) -> None:
    path = watch.folder / "EURUSD_OANDA_1h.csv"
    path.write_text("bars")
    await watch.look(times=5)
    (task,) = watch.catalogue.tasks
    assert (task.path, task.asset_name, task.exchange, task.time_frame) == (str(path), "EURUSD", "OANDA", "1h")
    assert (task.media_type, task.source) == ("text/csv", "EURUSD_OANDA_1h.csv")
    assert path.exists()
    assert watch.watched.info().imported == 1
    remembered = DropFolder(watch.folder, msgspec.json.decode(watch.memory.read_bytes()))
    assert [remembered.look(), remembered.look()] == [[], []]


async def test_a_bad_file_is_told_once_and_forgotten_when_it_is_put_right(watch: Watch) -> None:
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("bars")
    watch.catalogue.refusal = ForgeError("bad_rows", "line 2: never")
    await watch.look(times=5)
    assert len(watch.catalogue.tasks) == 1
    (problem,) = watch.watched.info().problems
    assert (problem.file, problem.message) == ("EURUSD_OANDA_1h.csv", "line 2: never")
    assert not watch.memory.exists()
    watch.catalogue.refusal = None
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("better bars")
    await watch.look()
    assert (watch.watched.info().imported, watch.watched.info().problems) == (1, [])


async def test_a_name_that_says_nothing_is_a_problem(watch: Watch) -> None:
    (watch.folder / "prices.csv").write_text("bars")
    await watch.look()
    assert "name it ASSET_EXCHANGE_TIMEFRAME" in watch.watched.info().problems[0].message


async def test_what_passes_is_tried_again_and_told_once(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("bars")
    watch.catalogue.refusal = ForgeError("disk_full", "The disk is full.")
    tried = []
    for _ in range(40):
        before = len(watch.catalogue.tasks)
        await watch.look(times=1)
        tried += [watch.seconds] * (len(watch.catalogue.tasks) - before)
    assert tried == [2, 3, 5, 9, 17, 33]
    assert len(caplog.records) == 1


async def test_what_was_tried_for_long_is_tried_every_ten_minutes_and_at_once_when_it_changes(watch: Watch) -> None:
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("bars")
    watch.catalogue.refusal = ForgeError("disk_full", "The disk is full.")
    for _ in range(20):
        await watch.look()
        watch.seconds += 600
    tasks = len(watch.catalogue.tasks)
    assert tasks >= 19
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("other bars")
    await watch.look()
    assert len(watch.catalogue.tasks) == tasks + 1


async def test_files_that_are_gone_are_forgotten(watch: Watch) -> None:
    good, bad, late = (watch.folder / name for name in ("EURUSD_OANDA_1h.csv", "prices.csv", "USDJPY_OANDA_1h.csv"))
    for path in (good, bad):
        path.write_text("bars")
    await watch.look()
    watch.catalogue.refusal = ForgeError("disk_full", "The disk is full.")
    late.write_text("bars")
    await watch.look()
    for path in (good, bad, late):
        path.unlink()
    await watch.look()
    assert msgspec.json.decode(watch.memory.read_bytes()) == {}
    assert (watch.watched._kept, watch.watched._told) == ({}, {})
    assert (watch.drops._settled, watch.drops._pauses, watch.drops._seen) == ({}, {}, {})


async def test_what_one_look_imports_is_written_down_once(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr("server.runs.watched_folder.write_atomically", lambda _, content: written.append(content))
    for number in range(5):
        (watch.folder / f"A{number}_OANDA_1h.csv").write_text("bars")
    await watch.look(times=4)
    (content,) = written
    assert len(msgspec.json.decode(content)) == 5


async def test_a_folder_that_is_gone_is_a_problem_and_no_end(watch: Watch) -> None:
    watch.folder.rmdir()
    await watch.look()
    (problem,) = watch.watched.info().problems
    assert problem.message == "the folder cannot be read: No such file or directory"


@pytest.mark.parametrize("beside", [None, '{"assetName": "X", "exchange": "Y", "timeFrame": "1d"}'])
async def test_a_name_that_is_not_utf_8_is_a_problem_that_can_be_told(watch: Watch, beside: str | None) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    (watch.folder / name).write_text("bars")
    if beside is not None:
        (watch.folder / name).with_suffix(".json").write_text(beside)
    await watch.look(times=3)
    (problem,) = msgspec.json.decode(msgspec.json.encode(watch.watched.info()), type=WatchInfo).problems
    assert (problem.file, problem.message) == ("caf\\xe9.csv", "its name or its folder's is not UTF-8; rename it")
    assert watch.catalogue.tasks == []


async def test_a_bug_met_with_one_file_is_told_and_leaves_the_others_alone(watch: Watch) -> None:
    (watch.folder / "EURUSD_OANDA_1h.csv").write_text("bars")
    watch.catalogue.refusal = KeyError("a bug")
    await watch.look(times=4)
    assert len(watch.catalogue.tasks) == 1
    watch.catalogue.refusal = None
    (watch.folder / "USDJPY_OANDA_1h.csv").write_text("bars")
    await watch.look()
    (problem,) = watch.watched.info().problems
    assert problem.message == "internal error: KeyError; see the server's log"
    assert watch.watched.info().imported == 1
