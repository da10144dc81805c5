"""Which runs keep what their strategies plot."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from server.contract.run import Mode, Phase
from server.execution import backtest_run
from server.execution.backtest_run import run_backtest_task
from server.execution.tasks import BacktestTask
from tests.conftest import Workshop

PLOTTING = """
class Probe(Strategy):
    version = "1.0.0"
    plots = {"last": "raw"}

    def init(self):
        self.last = 0

    def on_bar(self, bar):
        self.last = bar.i
"""


class Cell:
    """Takes what a worker tells of its task."""

    def enter(self, phase: Phase, mode: Mode | None = None) -> None:
        """A phase begins."""

    def advance(self, *_: Any) -> None:
        """Bars are done."""

    def cancelled(self) -> bool:
        """Nobody cancels."""
        return False


def files_of(task: BacktestTask) -> set[str]:
    """What a finished task leaves."""
    run_backtest_task(task, Cell())  # type: ignore[arg-type]  # all that is asked of a cell
    return {path.name for path in Path(task.result_dir).iterdir()}


@pytest.fixture
def task(workshop: Workshop) -> BacktestTask:
    """A run over 100 bars."""
    return workshop.backtest(workshop.strategy(PLOTTING), workshop.data(100))


def test_a_run_keeps_what_its_strategy_plots(task: BacktestTask) -> None:
    assert "plots.npy" in files_of(task)
    table = np.load(Path(task.result_dir) / "plots.npy")
    assert (table.dtype.names, table["last"].tolist()) == (("last",), list(range(100)))


def test_a_strategy_that_plots_nothing_leaves_no_file(workshop: Workshop) -> None:
    text = PLOTTING.replace('    plots = {"last": "raw"}', "")
    assert "plots.npy" not in files_of(workshop.backtest(workshop.strategy(text), workshop.data(100)))


@pytest.mark.parametrize("asked", [False, True])
def test_a_long_run_keeps_plots_where_it_keeps_its_events(
    task: BacktestTask, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(backtest_run, "MOST_PLOTTED", 99)
    task = structs.replace(task, settings=structs.replace(task.settings, event_log=asked))
    left = files_of(task)
    assert ("plots.npy" in left, "events.ndjson" in left) == (asked, asked)
