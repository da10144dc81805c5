"""The tasks that a sweep's coordinator asks for."""

from pathlib import Path
from typing import Any, NamedTuple

from server.execution.tasks import CurvesTask, TrialsTask
from server.runs.prepared import PreparedOptimization
from server.runs.sweep_messages import KeepCurves
from server.store.trial_files import chunk_name


class SweepChunk(NamedTuple):
    """The trials of a `sweep_messages.RunChunk`."""

    first: int
    stop: int
    numbers: list[int] | None
    picks: list[int] | None

    @property
    def file(self) -> str:
        """The file of its trials."""
        return chunk_name(self.numbers[0] if self.numbers else self.first)


def task_of(
    prepared: PreparedOptimization, attempt: int, folder: Path, part: SweepChunk | KeepCurves
) -> TrialsTask | CurvesTask:
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
        "markets": prepared.markets,
        "trial_timeout_s": prepared.trial_timeout_s,
    }
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


def timeout_s(prepared: PreparedOptimization, part: SweepChunk | KeepCurves) -> float | None:
    """Longer than its trials may take together: it only ends a trial that never looks at its own deadline."""
    limit = prepared.trial_timeout_s
    return None if limit is None else limit * (part.stop - part.first) + 1.0
