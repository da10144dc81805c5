"""Plays the owner of a sweep to its coordinator."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from server.contract.results import OptimizationResult
from server.contract.run import Leader
from server.execution.tasks import TrialsDone
from server.optimization.leaders import Ranked
from server.runs.coordinator import Coordinator
from server.runs.sweep_messages import (
    ChunkEnded,
    FromCoordinator,
    KeepCurves,
    RunChunk,
    RunWindow,
    Standing,
    SweepEnded,
    SweepPlan,
)


def done(first: int, stop: int, *, failed: int = 0) -> TrialsDone:
    """A chunk whose trials earn their number, the last `failed` of them raising."""
    best = stop - failed - 1
    return TrialsDone(
        completed=stop - first - failed,
        failed=failed,
        bars=(stop - first) * 10,
        top=[Ranked(best, Leader(trial_key=f"{best:024x}", parameters={"fast": best}, value=float(best)))]
        if best >= first
        else [],
        failures={"boom": failed} if failed else {},
        failure_examples={"boom": f"{stop - 1:024x}"} if failed else {},
        example_trace="where it raised" if failed else None,
        last_error="boom" if failed else None,
    )


def run(coordinator: Coordinator, outcome: Callable[[Any], Any]) -> tuple[list[Standing], SweepEnded]:
    """Plays the owner until the sweep has ended."""
    waiting: list[RunChunk | KeepCurves | RunWindow] = []
    standings: list[Standing] = []

    def take(messages: Iterable[FromCoordinator]) -> SweepEnded | None:
        for message in messages:
            if isinstance(message, RunChunk | KeepCurves | RunWindow):
                waiting.append(message)
            elif isinstance(message, Standing):
                standings.append(message)
            else:
                return message
        return None

    ended = take(coordinator.begin())
    while ended is None:
        chunk = waiting.pop(0)
        ended = take(
            coordinator.chunk_ended(
                ChunkEnded(first=chunk.first, stop=chunk.stop, elapsed_s=0.01, outcome=outcome(chunk))
            )
        )
    return standings, ended


def result_of(plan: SweepPlan) -> OptimizationResult:
    return msgspec.json.decode((Path(plan.result_dir) / "result.json").read_bytes(), type=OptimizationResult)
