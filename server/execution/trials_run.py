"""Runs a chunk of trials and leaves its columnar file."""

from pathlib import Path
from typing import Final

from server.engine.backtest import Phases
from server.engine.player import Compiler
from server.execution.cell import CellWriter
from server.execution.confinement import Headroom
from server.execution.failures import failure_of
from server.execution.job import OpenJob
from server.execution.markets import OpenMarkets
from server.execution.tasks import TrialsDone, TrialsTask
from server.optimization.trial_table import TrialFailure, TrialTable
from server.optimization.trials import run_trials
from server.strategies.errors import StrategyError

_MESSAGE_LIMIT: Final = 500
_TRACE_LIMIT: Final = 16_000


def run_trials_task(task: TrialsTask, cell: CellWriter, compiler: Compiler | None = None) -> TrialsDone:
    """Writes the finished trials to `task.chunk_path`; no file when a cancel came before the first one ended.

    Raises what `OpenJob` raises (nothing of it is one trial's fault), and OSError when the disk is full.
    """
    cell.enter("starting")
    job = _opened(task, compiler, lambda _, mode: cell.enter("evaluating", mode))
    table = TrialTable({name: job.python_name(name) for name in task.space.names})
    cell.enter("evaluating")
    result = run_trials(task, job, table, cell, _explained)
    if len(table):
        by_market = {one.name: task.of_market(one).family for one in task.markets}
        table.write(Path(task.chunk_path), by_market or task.family)
    return TrialsDone(
        completed=result.completed,
        failed=result.failed,
        filtered=result.filtered,
        reused=result.reused,
        bars=result.bars,
        top=result.top,
        failures=result.failures,
        last_error=result.last_error,
        cancelled=result.cancelled,
        mode=result.mode,
        failure_examples=result.examples,
        example_trace=result.example_trace,
        interpreted=result.interpreted,
    )


def _opened(task: TrialsTask, compiler: Compiler | None, phases: Phases) -> OpenJob | OpenMarkets:
    if not task.markets:
        return OpenJob(task, compiler, phases)
    sets = task.picks or task.numbers or range(task.first, task.stop)
    inner = task.space.inner.size
    needed = {number // inner for number in sets}
    return OpenMarkets(task, (task.markets[place].name for place in needed), compiler, phases)


def _explained(error: BaseException) -> TrialFailure:
    """The error in bounded texts; the bar goes to the trace, so that equal failures have equal messages."""
    with Headroom():
        told = failure_of(error)
        message, trace = told.message, told.stack_trace
        if isinstance(error, StrategyError) and error.bar is not None:
            message = message.removesuffix(f" (at bar {error.bar})")
            trace = f"{(trace or '').rstrip()}\nAt bar {error.bar} of the run.\n"
        return TrialFailure(_cut(message, _MESSAGE_LIMIT), None if trace is None else _cut(trace, _TRACE_LIMIT))


def _cut(text: str, limit: int) -> str:
    """`text` without its middle when it is too long."""
    return text if len(text) <= limit else f"{text[: limit // 2]}\n[…]\n{text[-limit // 2 :]}"
