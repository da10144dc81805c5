"""What `forge import --watch` brings and tells."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.cli import import_watch
from server.client import ProblemError
from server.client.catalogue import Imported
from server.contract.catalogue import DatasetInfo
from tests.unit.client.test_asynchronous import DATASET


class Shelf:
    """A client that takes every file but bad ones; three looks are as good as Ctrl-C."""

    def __init__(self) -> None:
        self.brought: list[dict[str, Any]] = []
        self._looks = 0

    def __enter__(self) -> "Shelf":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def system(self) -> None:
        pass

    def sleep(self, _: float) -> None:
        self._looks += 1
        if self._looks == 3:
            raise KeyboardInterrupt

    def import_dataset(self, file: Path, **options: Any) -> Imported:
        if "BAD" in file.name:
            raise ProblemError("bad_rows", "line 2: never")
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
