"""The tasks that a sweep's coordinator asks for."""

from pathlib import Path
from typing import Any, NamedTuple

from server.execution.tasks import BacktestTask, CurvesTask, TrialsTask
from server.runs.live_run import now_ms
from server.runs.prepared import PreparedOptimization
from server.runs.sweep_messages import KeepCurves, RunWindow
from server.runs.windows import Period
from server.store.trial_files import chunk_name


class SweepChunk(NamedTuple):
    """The trials of a `sweep_messages.RunChunk`."""

    first: int
    stop: int
    numbers: list[int] | None
    picks: list[int] | None
    window: int | None = None

    @property
    def file(self) -> str:
        """The file of its trials."""
        return chunk_name(self.numbers[0] if self.numbers else self.first)


SweepPart = SweepChunk | KeepCurves | RunWindow


def task_of(
    prepared: PreparedOptimization, attempt: int, folder: Path, part: SweepPart
) -> TrialsTask | CurvesTask | BacktestTask:
    """The task of one part of an attempt, whose files go to `folder`."""
    shared: dict[str, Any] = {
        "run_key": prepared.run_key,
        "attempt": attempt,
        "strategy": prepared.strategy,
        "data": prepared.data,
        "settings": prepared.settings,
        "start_ms": prepared.start_ms,
        "end_ms": prepared.end_ms,
        "identity": prepared.identity,
    }
    period = _period(prepared, part)
    if period is not None:
        shared |= {"start_ms": period.start_ms, "end_ms": period.end_ms, "data": period.of(prepared.data)}
    if isinstance(part, RunWindow):
        return BacktestTask(
            **shared,
            parameters=part.parameters,
            result_dir=part.result_dir,
            settings_sent=prepared.settings_sent,
            started_ms=now_ms(),
        )
    shared |= {"markets": prepared.markets, "trial_timeout_s": prepared.trial_timeout_s}
    if isinstance(part, KeepCurves):
        return CurvesTask(**shared, trials=part.trials, result_dir=str(folder), budget_s=part.budget_s)
    return TrialsTask(
        **shared,
        space=prepared.space,
        first=part.first,
        stop=part.stop,
        numbers=part.numbers,
        picks=part.picks,
        chunk_path=str(folder / part.file),
        ranking=prepared.ranking,
    )


def _period(prepared: PreparedOptimization, part: SweepPart) -> Period | None:
    """The part of the period that a part of the attempt is over, None for all of it."""
    if prepared.windows is None:
        return None
    match part:
        case RunWindow(first=window):
            return prepared.windows.windows[window].out_of_sample
        case SweepChunk(window=int(window)):
            return prepared.windows.windows[window].in_sample
        case _:
            return None


def timeout_s(prepared: PreparedOptimization, part: SweepPart) -> float | None:
    """Longer than its trials may take together: it only ends a trial that never looks at its own deadline."""
    limit = prepared.trial_timeout_s
    return None if limit is None else limit * (part.stop - part.first) + 1.0
