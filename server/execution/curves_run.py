"""Runs trials once more for their equity curves."""

import os
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.contract.requests import DATA_AXIS
from server.engine.player import Compiler
from server.engine.tables import CURVES_PREFIX, EQUITY_DTYPE, TOTAL, create_rows, write_columns
from server.engine.thinning import downsample
from server.execution.cell import CellWriter
from server.execution.job import OpenJob
from server.execution.markets import OpenMarkets
from server.execution.tasks import CurvesDone, CurvesTask, CurveWanted
from server.optimization.time_limit import TimeLimitExceeded, within
from server.strategies.errors import StrategyError

CURVE_POINTS: Final = 2_000
"""A curve of a million bars takes 24 MB; of this many points, 48 kB."""
_FILE_CURVES: Final = 100
"""Curves in one file: each costs a wait for the disk."""


def run_curves_task(task: CurvesTask, cell: CellWriter, compiler: Compiler | None = None) -> CurvesDone:
    """Writes the curves of the trials that end; one that raises now, or takes too long, is passed over.

    Raises what `OpenJob` raises, and OSError when the disk is full.
    """
    cell.enter("saving")
    began = time.monotonic()
    job = _opened(task, compiler)
    files = _CurveFiles(Path(task.result_dir))
    curve = _scratch_curve(files.folder, job.curve_rows)
    longest_s = 0.0
    for trial in task.trials:
        started = time.monotonic()
        if cell.cancelled() or (longest_s and started + longest_s > began + task.budget_s):
            break
        rows = _rows(task, job, trial, curve, _Unshown(cell))
        if rows is not None:
            files.add(trial.trial_key, curve[:rows])
        longest_s = max(longest_s, time.monotonic() - started)
    files.write()
    return CurvesDone(kept=files.kept)


def _opened(task: CurvesTask, compiler: Compiler | None) -> OpenJob | OpenMarkets:
    if not task.markets:
        return OpenJob(task, compiler)
    return OpenMarkets(task, (str(trial.parameters[DATA_AXIS]) for trial in task.trials), compiler)


class _CurveFiles:
    """Collects curves, and writes some at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = 0
        self._columns: dict[str, npt.NDArray[Any]] = {}

    def add(self, trial_key: str, curve: npt.NDArray[Any]) -> None:
        """Takes a copy of some points."""
        self._columns |= {trial_key: np.array(downsample(curve, CURVE_POINTS)), trial_key + TOTAL: np.array(len(curve))}
        self.kept += 1
        if self.kept % _FILE_CURVES == 0:
            self.write()

    def write(self) -> None:
        """Writes those that are in no file yet, under the name of the first."""
        if self._columns:
            write_columns(self.folder / f"{CURVES_PREFIX}{next(iter(self._columns))}.npz", self._columns)
            self._columns = {}


class _Unshown:
    """Progress that nobody counts: every trial was counted when it first ended."""

    def __init__(self, cell: CellWriter) -> None:
        self._cell = cell

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Shows nothing."""

    def cancelled(self) -> bool:
        """Whether the task is to stop."""
        return self._cell.cancelled()


def _rows(
    task: CurvesTask, job: OpenJob | OpenMarkets, trial: CurveWanted, curve: npt.NDArray[Any], progress: _Unshown
) -> int | None:
    """Fills the curve of a trial; how many rows it has, None when it did not end."""
    try:
        ended = within(
            task.trial_timeout_s, lambda: job.simulate(trial.trial_key, trial.parameters, progress, equity_out=curve)
        )
    except (StrategyError, TimeLimitExceeded):
        return None
    return None if ended.status == "cancelled" else ended.curve_rows


def _scratch_curve(folder: Path, rows: int) -> npt.NDArray[Any]:
    """Room for a whole curve that is no private memory; its file is gone already, and its disk space is when it is."""
    path = folder / f".curve.{os.getpid()}.tmp"
    try:
        return create_rows(path, EQUITY_DTYPE, (rows,))
    finally:
        path.unlink(missing_ok=True)
