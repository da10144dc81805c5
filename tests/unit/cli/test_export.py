"""What `forge export` writes while the run goes on."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json, structs

from server.cli.export import write_whole
from server.client import NoResult
from server.contract.results import Equity
from server.contract.status import BacktestItem, BacktestStatus
from tests.unit.cli.test_listing import BACKTEST
from tests.unit.report.reports import a_backtest


def status(attempt: int) -> BacktestStatus:
    """With a result that has as many warnings as its attempt's number, or without for attempt 0."""
    shared = {name: getattr(BACKTEST, name) for name in BacktestItem.__struct_fields__ if name != "metrics"}
    result = structs.replace(a_backtest().result, warnings=["one"] * attempt)
    return BacktestStatus(**shared | {"result_attempt": attempt or None, "result": result if attempt else None})


class Going:
    """A client whose server has these newest results, one after each look; files are of the one looked at last."""

    def __init__(self, *attempts: int) -> None:
        self._left = list(attempts)
        self._newest = 1

    def stored(self, *_: Any, **__: Any) -> BacktestStatus:
        self._newest = self._left.pop(0)
        return status(self._newest)

    def pieces(self, *_: Any) -> Generator[bytes, None, None]:
        yield b"of %d" % self._newest

    def equity(self, _: str) -> Equity:
        return Equity(points=[], total=0)


def test_all_files_are_of_one_result(tmp_path: Path) -> None:
    forge: Any = Going(2, 2)
    written = write_whole(forge, status(1), "csv", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(written)
    assert len(json.decode((tmp_path / "result.json").read_bytes())["warnings"]) == 2
    assert (tmp_path / "trades.csv").read_bytes() == b"of 2"


def test_a_run_that_is_deleted_meanwhile_is_not_exported(tmp_path: Path) -> None:
    forge: Any = Going(0)
    with pytest.raises(NoResult):
        write_whole(forge, status(1), "csv", tmp_path)
