"""Runs a backtest task and leaves its result files."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.base import format_instant
from server.contract.results import BacktestResult
from server.engine.event_log import EVENTS_FILE, event_log
from server.engine.events import EventSink
from server.engine.outcome import EngineResult
from server.engine.player import Compiler
from server.engine.plot_file import PLOTS_FILE, plot_file
from server.engine.plotting import PlotSink
from server.engine.settings import ENGINE_VERSION
from server.engine.tables import EQUITY_DTYPE, create_rows, write_atomically, write_rows
from server.execution.cell import CellWriter
from server.execution.failures import TaskCancelledError
from server.execution.job import OpenJob
from server.execution.tasks import BacktestDone, BacktestTask

_CURVE: Final = "equity.npy"
_TRADES: Final = "trades.npy"
_ORDERS: Final = "orders.npy"
_FILLS: Final = "fills.npy"
_RESULT: Final = "result.json"
MOST_PLOTTED: Final = 250_000
"""Bars of the main series up to which plots are kept without being asked for: of longer runs they would take as long
as the bars themselves, 10 to 20 ns each."""


def run_backtest_task(task: BacktestTask, cell: CellWriter, compiler: Compiler | None = None) -> BacktestDone:
    """Writes the curve, round trips, orders, fills and, last, result.json to `task.result_dir`.

    While it runs the curve grows in equity.live.npy, which goes when there is no result, and so does what the strategy
    plots, and the event log when one is asked for. Raises TaskCancelledError, OSError when the disk is full, and what
    `OpenJob` and `run_backtest` raise.
    """
    began = time.monotonic()
    folder = Path(task.result_dir)
    cell.enter("starting")
    job = OpenJob(task, compiler)
    key = job.trial_key(task.parameters)
    with (
        _live_curve(task.live_curve, job.curve_rows) as curve,
        _listening(task) as listeners,
        _plotting(task, job.curve_rows) as plots,
    ):
        result = job.simulate(key, task.parameters, cell, curve, listeners, phases=cell.enter, plots=plots, tables=True)
        if result.status == "cancelled":
            raise TaskCancelledError
        cell.enter("saving")
        for name, rows in ((_TRADES, result.round_trips), (_ORDERS, result.orders), (_FILLS, result.fills)):
            write_rows(folder / name, rows)
        _publish(curve, result.curve_rows, task.live_curve, folder / _CURVE)
    ended_ms = max(time.time_ns() // 1_000_000, task.started_ms)
    duration_ms = int((time.monotonic() - began) * 1000)
    report = _report(task, job, key, result, ended_ms=ended_ms, duration_ms=duration_ms)
    write_atomically(folder / _RESULT, msgspec.json.encode(report))
    return BacktestDone(mode=result.mode, metrics=result.metrics, total_bars=result.bars)


def _report(
    task: BacktestTask, job: OpenJob, key: str, result: EngineResult, *, ended_ms: int, duration_ms: int
) -> BacktestResult:
    return BacktestResult(
        run_key=task.run_key,
        attempt=task.attempt,
        strategy_name=task.strategy.name,
        strategy_version=task.strategy.version,
        source_hash=task.strategy.source_hash,
        engine_version=ENGINE_VERSION,
        mode=result.mode,
        settings=task.settings_sent,
        data=job.data_used,
        started_at=format_instant(task.started_ms),
        completed_at=format_instant(ended_ms),
        duration_ms=duration_ms,
        simulate_ms=result.simulate_ms,
        total_bars=result.bars,
        warnings=[*job.warnings, *result.warnings],
        rejected_orders=result.rejected,
        has_event_log=task.settings.event_log,
        trial_key=key,
        parameters=task.parameters,
        metrics=result.metrics,
    )


@contextmanager
def _listening(task: BacktestTask) -> Iterator[Sequence[EventSink]]:
    """The event log of a task that asks for one."""
    if not task.settings.event_log:
        yield ()
        return
    with event_log(Path(task.result_dir) / EVENTS_FILE, task.live_log) as log:
        yield (log,)


@contextmanager
def _plotting(task: BacktestTask, bars: int) -> Iterator[PlotSink | None]:
    """The file of what the strategy plots, unless that would slow a long run down."""
    if bars > MOST_PLOTTED and not task.settings.event_log:
        yield None
        return
    with plot_file(Path(task.result_dir) / PLOTS_FILE, task.live_plots) as plots:
        yield plots


@contextmanager
def _live_curve(path: Path, rows: int) -> Iterator[npt.NDArray[Any]]:
    """A mapped table of EQUITY_DTYPE, zero where nothing is written yet, deleted unless it was published."""
    try:
        yield create_rows(path, EQUITY_DTYPE, (rows,))
    finally:
        path.unlink(missing_ok=True)


def _publish(curve: npt.NDArray[Any], rows: int, path: Path, final: Path) -> None:
    """Gives the finished curve, its first `rows`, its final name once it is on the disk."""
    if rows < len(curve):
        write_rows(final, curve[:rows])  # a copy: cutting the file off under readers' maps would end them by SIGBUS
        return
    assert isinstance(curve, np.memmap)
    curve.flush()
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(final)
