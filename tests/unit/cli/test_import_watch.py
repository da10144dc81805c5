"""What `forge import --watch` brings and tells."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.cli import import_watch
from server.client import ProblemError
from server.client.catalogue import Imported
from server.client.errors import problem
from server.contract.catalogue import DatasetInfo
from tests.unit.client.test_asynchronous import DATASET


class Shelf:
    """A client that takes every file but bad ones, and none while it has `troubles`; so many looks are as good as
    Ctrl-C.
    """

    def __init__(self, looks: int = 3) -> None:
        self._most = looks
        self.brought: list[dict[str, Any]] = []
        self.troubles: list[Exception] = []
        self._looks = 0

    def __enter__(self) -> "Shelf":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def system(self) -> None:
        pass

    def sleep(self, _: float) -> None:
        self._looks += 1
        if self._looks == self._most:
            raise KeyboardInterrupt

    def import_dataset(self, file: Path, **options: Any) -> Imported:
        if "BAD" in file.name:
            raise ProblemError("bad_rows", "line 2: never")
        if self.troubles:
            raise self.troubles.pop(0)
        self.brought.append({"file": file.name, **options})
        return Imported(msgspec.convert(DATASET, DatasetInfo), True)


def test_what_is_dropped_is_brought_once_and_bad_files_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf()
    monkeypatch.setattr(import_watch, "asking", lambda: shelf)
    monkeypatch.setattr("server.cli.import_watch.time.sleep", shelf.sleep)
    for name in ("EURUSD_OANDA_1h.csv", "BTCUSDT_Binance_funding.csv", "BAD_OANDA_1h.csv", "prices.csv"):
        (tmp_path / name).write_text("rows")
    import_watch.watch_folder(tmp_path, as_json=False)
    brought = {one["file"]: (one["asset_name"], one["time_frame"], one["kind"]) for one in shelf.brought}
    assert brought == {
        "EURUSD_OANDA_1h.csv": ("EURUSD", "1h", "bars"),
        "BTCUSDT_Binance_funding.csv": ("BTCUSDT", None, "funding"),
    }
    told = capsys.readouterr()
    assert told.out.count("Imported ACME TEST 1h") == 2
    assert "not imported: BAD_OANDA_1h.csv: bad_rows: line 2: never" in told.err
    assert "not imported: prices.csv: its name does not say what it is" in told.err
    assert told.err.endswith("stopped\n")


def test_what_passes_by_itself_is_tried_again_and_what_does_not_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = Shelf(looks=12)
    shelf.troubles = [
        problem("draining", "It is about to stop.", status=503),
        problem("disk_full", "The disk is full.", status=507),
        PermissionError(13, "Permission denied"),
    ]
    monkeypatch.setattr(import_watch, "asking", lambda: shelf)
    monkeypatch.setattr("server.cli.import_watch.time.sleep", shelf.sleep)
    monkeypatch.setattr("server.data.drop_folder._FIRST_PAUSE_S", 0.0)
    for name in ("EURUSD_OANDA_1h.csv", "BAD_OANDA_1h.csv"):
        (tmp_path / name).write_text("rows")
    import_watch.watch_folder(tmp_path, as_json=False)
    assert [one["file"] for one in shelf.brought] == ["EURUSD_OANDA_1h.csv"]
    told = capsys.readouterr().err
    assert told.count("not imported: EURUSD") == 3
    assert told.count("not imported: BAD") == 1
