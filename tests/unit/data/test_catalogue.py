"""The data sets of a home: found, resolved, deleted, and whole whatever died beside them."""

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from threading import Thread

import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.data.bars import open_bars
from server.data.catalogue import Catalogue
from server.data.ingestion import ImportOrder, import_bars
from server.data.staging import staged
from server.data.stored import DATASET_FILE
from tests.unit.data.csv_files import FIRST_MS, HOUR_MS, ROWS, Importer, hours


@pytest.fixture
def catalogue(importer: Importer) -> Catalogue:
    """Three series, one of them in two versions."""
    importer.add(hours(), asset_name="EURUSD", exchange="OANDA")
    importer.add(hours([ROWS[0]] * 3), asset_name="EURUSD", exchange="OANDA")
    importer.add(hours([ROWS[0]] * 30), asset_name="EURUSD", exchange="Dukascopy")
    importer.add(hours([ROWS[1]] * 5), asset_name="BTC/USDT", exchange="Binance")
    return Catalogue(importer.root)


def test_all_are_listed_by_name_the_newest_first(catalogue: Catalogue) -> None:
    listed = [(info.asset_name, info.exchange, info.version) for info in catalogue.all()]
    assert listed == [
        ("BTC/USDT", "Binance", 1),
        ("EURUSD", "Dukascopy", 1),
        ("EURUSD", "OANDA", 2),
        ("EURUSD", "OANDA", 1),
    ]
    for info in catalogue.all():
        assert catalogue.get(info.id) == info
    assert catalogue.get("../etc") is None


@pytest.mark.parametrize("frame", ["1h", "60m", "60min", "1:00:00", "0.01:00:00", "3600s", " 1H "])
def test_a_series_is_resolved_to_its_newest_version(catalogue: Catalogue, frame: str) -> None:
    found = catalogue.resolve(" EURUSD ", "OANDA", frame)
    assert (found.exchange, found.version) == ("OANDA", 2)


@pytest.mark.parametrize(
    ("asset", "exchange", "frame", "path", "told"),
    [
        ("eurusd", "OANDA", "1h", "assetName", "did you mean 'EURUSD'"),
        ("EURUSD", "Onda", "1h", "exchange", "did you mean 'OANDA'"),
        ("EURUSD", "Binance", "1h", "exchange", "Dukascopy, OANDA"),
        ("EURUSD", "OANDA", "5m", "timeFrame", "1h"),
        ("EURUSD", "OANDA", "1M", "timeFrame", "no time frame"),
        ("", "OANDA", "1h", "assetName", "characters"),
        ("x" * 500, "OANDA", "1h", "assetName", "characters"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    catalogue: Catalogue, asset: str, exchange: str, frame: str, path: str, told: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        catalogue.resolve(asset, exchange, frame, prefix="dataSubscriptions[0].")
    assert [field.path for field in refusal.value.errors] == [f"dataSubscriptions[0].{path}"]
    assert told in refusal.value.detail


def test_versions_are_old_once_there_are_enough_newer_ones_of_their_series(catalogue: Catalogue) -> None:
    told = {keep: [(old.exchange, old.version) for old in catalogue.superseded(keep)] for keep in (1, 2)}
    assert told == {1: [("OANDA", 1)], 2: []}


def test_an_empty_catalogue_says_that_it_is_empty(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no data set was imported") as refusal:
        Catalogue(tmp_path / "new").resolve("EURUSD", "OANDA", "1h")
    assert refusal.value.code == "unknown_dataset"


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        (0, 29, (0, 30)),
        (1, 3, (1, 4)),
        (1.0001, 3, (2, 4)),
        (1, 2.9999, (1, 3)),
        (-5, -1, (0, 0)),
        (30, 99, (30, 30)),
        (5, 4, (5, 5)),
        (-(10**30), 10**30, (0, 30)),
    ],
)
def test_rows_of_a_period_include_both_ends(
    catalogue: Catalogue, start: float, end: float, rows: tuple[int, int]
) -> None:
    info = catalogue.resolve("EURUSD", "Dukascopy", "1h")
    first, stop = (int(FIRST_MS + hour * HOUR_MS) for hour in (start, end))
    assert catalogue.rows_between(info.id, first, stop) == rows


def test_a_deleted_version_stays_with_those_who_read_it(catalogue: Catalogue) -> None:
    info = catalogue.resolve("EURUSD", "OANDA", "1h")
    bars = open_bars(catalogue.directory(info.id))
    folder = catalogue.directory(info.id)
    assert catalogue.remove(info.id)
    assert not folder.exists()
    assert bars[4].tolist() == [1010, 1010, 1010]
    assert catalogue.resolve("EURUSD", "OANDA", "1h").version == 1
    assert not catalogue.remove(info.id)
    for ask in (catalogue.directory, catalogue.instrument):
        with pytest.raises(ForgeError) as refusal:
            ask(info.id)
        assert refusal.value.code == "unknown_dataset"


def test_a_version_number_is_not_taken_by_what_was_deleted_before_it(catalogue: Catalogue, importer: Importer) -> None:
    old = next(info for info in catalogue.all() if (info.exchange, info.version) == ("OANDA", 1))
    catalogue.remove(old.id)
    importer.add(hours([ROWS[1]] * 9), asset_name="EURUSD", exchange="OANDA")
    assert importer.info.version == 3


def test_versions_of_other_processes_appear_and_go(catalogue: Catalogue, importer: Importer) -> None:
    importer.add(hours([ROWS[0]] * 7), asset_name="NEW")
    assert [info.asset_name for info in catalogue.refresh()] == ["NEW"]
    assert catalogue.refresh() == []
    Catalogue(importer.root).remove(importer.info.id)
    catalogue.refresh()
    assert catalogue.get(importer.info.id) is None


@pytest.mark.parametrize("damage", ["short bars", "no bars", "no description", "garbage", "another name", "format"])
def test_what_is_not_whole_is_left_out_and_can_be_imported_again(importer: Importer, damage: str) -> None:
    importer.add(hours())
    folder = importer.root / importer.info.id
    bars, description = folder / "bars.npy", folder / DATASET_FILE
    match damage:
        case "short bars":
            os.truncate(bars, bars.stat().st_size - 8)
        case "no bars":
            bars.unlink()
        case "no description":
            description.unlink()
        case "garbage":
            description.write_bytes(b"\xff{")
        case "another name":
            description.write_text(description.read_text().replace(importer.info.id, "other"))
        case "format":
            description.write_text(description.read_text()[:-1] + ',"format":2}')
    assert Catalogue(importer.root).all() == []
    importer.add(hours())
    assert [info.id for info in Catalogue(importer.root).all()] == [folder.name]
    assert importer.left_over() == []


def test_strangers_in_the_folder_disturb_nobody(importer: Importer) -> None:
    importer.add(hours())
    (importer.root / "notes.txt").write_text("mine")
    (importer.root / "lost+found").mkdir()
    (importer.root / "empty").mkdir()
    (importer.root / "link").symlink_to("/nowhere")
    assert [info.id for info in Catalogue(importer.root).all()] == [importer.info.id]
    importer.add(hours([ROWS[0]] * 4))
    assert importer.info.version == 2


def test_an_import_that_was_killed_leaves_nothing_for_long(importer: Importer) -> None:
    importer.add(hours())
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from server.data.staging import staged
        with staged(Path(sys.argv[1])) as stage:
            (stage.dataset / "bars.npy").write_bytes(b"half of it")
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    killed = subprocess.run([sys.executable, "-c", script, str(importer.root)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(importer.left_over()) == 1
    with staged(importer.root):
        assert len(importer.left_over()) == 1  # its own: that of the dead one is gone
    assert [info.id for info in Catalogue(importer.root).all()] == [importer.info.id]
    assert importer.left_over() == []


def test_a_new_catalogue_leaves_imports_alone_that_go_on(importer: Importer) -> None:
    with staged(importer.root) as stage:
        Catalogue(importer.root)
        assert stage.dataset.is_dir()


def test_imports_at_the_same_time_get_different_versions(importer: Importer, tmp_path: Path) -> None:
    versions = []

    def add(number: int) -> None:
        path = tmp_path / f"upload-{number}"
        path.write_text(hours([ROWS[0]] * (number + 1)))
        order = ImportOrder(asset_name="ACME", exchange="TEST", time_frame="1h")
        versions.append(import_bars(path, importer.root, order)[0].version)

    threads = [Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == list(range(1, 9))


def test_uploads_that_were_forgotten_go_and_fresh_ones_stay(importer: Importer) -> None:
    catalogue = Catalogue(importer.root)
    old, fresh = catalogue.upload_path(), catalogue.upload_path()
    for path in (old, fresh):
        path.touch()
    os.utime(old, (0, 0))
    Catalogue(importer.root)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_the_lock_of_the_catalogue_is_let_go(importer: Importer) -> None:
    importer.add(hours())
    with (importer.root / ".staging" / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
