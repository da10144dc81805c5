"""Measures how fast trials of a strategy go."""

import time
from typing import Final

from server.engine.player import Compiler
from server.execution.cell import CellWriter
from server.execution.job import OpenJob
from server.execution.tasks import CalibrateDone, CalibrateTask

LONGEST_S: Final = 0.3


def run_calibration(task: CalibrateTask, cell: CellWriter, compiler: Compiler | None = None) -> CalibrateDone:
    """Plays the first set alone, and where that is compiled as many as fit together, as sweeps do.

    Raises what `OpenJob` and the strategy raise.
    """
    cell.enter("starting")
    job = OpenJob(task, compiler)
    alone = job.simulate(job.trial_key(task.sets[0]), task.sets[0], _Limited(cell))
    alone_s = alone.simulate_ms / 1000
    if alone.mode == "compiled":
        many = task.sets[: max(1, int(LONGEST_S / 2 / max(alone_s, 1e-6)))]
        job.simulate_together(many)  # compiles what plays many in one call
        began = time.perf_counter()
        figures = job.simulate_together(many)
        if figures:
            return CalibrateDone(bars=sum(one.bars for one in figures), seconds=time.perf_counter() - began)
    return CalibrateDone(bars=alone.bars, seconds=alone_s)


class _Limited:
    """Progress that nobody looks at, and that is cancelled when it has lasted long enough."""

    def __init__(self, cell: CellWriter) -> None:
        self._cell = cell
        self._end: float | None = None

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Shows nothing."""

    def cancelled(self) -> bool:
        """Whether to stop; the time counts from the first question, when the strategy is compiled."""
        now = time.monotonic()
        self._end = self._end or now + LONGEST_S
        return now > self._end or self._cell.cancelled()
