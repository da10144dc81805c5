"""What a worker does with a task: the one place where user code, data and engine meet."""

import contextlib
import functools
import gc
import mmap
from pathlib import Path
from typing import TYPE_CHECKING

from server.execution.backtest_run import run_backtest_task
from server.execution.board import map_board
from server.execution.calibration import run_calibration
from server.execution.cell import CellAddress, CellWriter
from server.execution.codec import decode_task, encode
from server.execution.confinement import Headroom
from server.execution.curves_run import run_curves_task
from server.execution.failures import failure_of, out_of_memory
from server.execution.grouping import count_sets, group_sets
from server.execution.importing import import_file, resample_dataset
from server.execution.inspection import inspect
from server.execution.output import BoundedOutput
from server.execution.tasks import (
    BacktestTask,
    CalibrateTask,
    CountTask,
    CurvesTask,
    GroupTask,
    ImportTask,
    InspectTask,
    Outcome,
    PrepareDone,
    PrepareTask,
    ResampleTask,
    Task,
    TrialsTask,
)
from server.execution.trials_run import run_trials_task

if TYPE_CHECKING:
    from server.engine.compile.workshop import Workshop


def run_encoded(raw: bytes, address: CellAddress, compiled: str | None) -> bytes:
    """Runs one encoded task; whatever it does is in the encoded outcome. `compiled` as in `entry.run`."""
    without_memory = encode(out_of_memory())  # made while there is some
    try:
        answer = encode(_run(decode_task(raw), CellWriter(_mapped(address.board), address), compiled))
    except MemoryError:
        answer = without_memory
    return answer


@functools.cache
def _mapped(board: str) -> mmap.mmap:
    return map_board(board)


@functools.cache
def _workshop(directory: str) -> "Workshop":
    from server.engine.compile.workshop import Workshop  # a worker that compiles nothing does without numba

    workshop = Workshop(Path(directory))
    gc.freeze()  # the compiler's objects stay: to look through all of them takes a tenth of a second each time
    return workshop


def _run(task: Task, cell: CellWriter, compiled: str | None) -> Outcome:
    output = BoundedOutput()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            return _perform(task, cell, None if compiled is None else _workshop(compiled))
    except BaseException as error:  # noqa: BLE001  # user code raises what it likes, sys.exit included
        with Headroom():
            return failure_of(error)


def _perform(task: Task, cell: CellWriter, workshop: "Workshop | None") -> Outcome:
    match task:
        case BacktestTask():
            return run_backtest_task(task, cell, workshop)
        case TrialsTask():
            return run_trials_task(task, cell, workshop)
        case CurvesTask():
            return run_curves_task(task, cell, workshop)
        case CalibrateTask():
            return run_calibration(task, cell, workshop)
        case GroupTask():
            return group_sets(task, cell)
        case CountTask():
            return count_sets(task, cell)
        case InspectTask():
            return inspect(task)
        case ImportTask():
            return import_file(task)
        case ResampleTask():
            return resample_dataset(task)
        case PrepareTask():
            if workshop is not None:
                workshop.prepare()
            return PrepareDone()
