"""Of which trials the curves are kept, and when."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from server.contract.requests import Filters
from server.contract.results import METRIC_NAMES
from server.execution.tasks import CurvesDone, TaskFailed
from server.optimization.ranking import Ranking
from server.runs.coordinator import Coordinator
from server.runs.curves import best_trials, curve_parts
from server.runs.sweep_messages import KeepCurves, RunChunk, SweepPlan
from server.store.trial_files import write_chunk
from tests.unit.runs.sweeps import done, result_of, run
from tests.unit.store.chunks import a_chunk

Plan = Callable[..., SweepPlan]
PROFIT = Ranking(sort_by="netProfit")


def indices(folder: Path, ranking: Ranking, limit: int) -> list[int]:
    best = best_trials(folder, ranking, limit)
    return [] if best is None else best.index.tolist()


def test_the_best_come_from_all_files(tmp_path: Path) -> None:
    for first in (0, 10, 20):
        write_chunk(tmp_path, a_chunk(range(first, first + 10), failed={first + 9}))
    assert indices(tmp_path, PROFIT, 4) == [28, 27, 26, 25]
    assert indices(tmp_path, PROFIT, 100) == [at for at in range(28, -1, -1) if at % 10 != 9]
    assert indices(tmp_path, PROFIT, 0) == []


def test_only_those_that_may_lead_are_among_the_best(tmp_path: Path) -> None:
    chunk = a_chunk(range(10))
    chunk.metrics[:, METRIC_NAMES.index("totalTrades")] = np.arange(10) % 3
    chunk.metrics[:, METRIC_NAMES.index("turnover")] = np.arange(10)
    write_chunk(tmp_path, chunk)
    assert indices(tmp_path, Ranking(sort_by="netProfit", filters=Filters(min_total_trades=2)), 2) == [8, 5]
    assert indices(tmp_path, Ranking(sort_by="turnover"), 2) == [0, 1], "the smaller is the better one"


def test_the_best_are_dealt_out_to_the_workers(plan: Plan) -> None:
    sweep = structs.replace(plan(trials=10, slots=3), keep_curves=7)
    write_chunk(Path(sweep.result_dir), a_chunk(range(10)))
    parts = curve_parts(sweep, worked_s=600.0)
    assert [[one.parameters["fast"] for one in part.trials] for part in parts] == [[9, 6, 3], [8, 5], [7, 4]]
    assert [(part.first, part.stop) for part in parts] == [(0, 3), (3, 5), (5, 7)]
    assert {part.budget_s for part in parts} == {20.0}
    assert parts[0].trials[0].trial_key == f"{9:024x}"


def test_equal_trials_have_one_curve(plan: Plan) -> None:
    sweep = structs.replace(plan(trials=4), keep_curves=4)
    chunk = a_chunk(range(4))
    chunk.trial_key[:] = b"a" * 24
    write_chunk(Path(sweep.result_dir), chunk)
    (part,) = curve_parts(sweep, worked_s=0.0)
    assert [one.parameters for one in part.trials] == [{"fast": 3}]


@pytest.fixture
def written(plan: Plan) -> SweepPlan:
    """A sweep whose trials are on the disk as if chunks had written them, and which keeps curves."""
    sweep = structs.replace(plan(trials=10, slots=2), keep_curves=4)
    write_chunk(Path(sweep.result_dir), a_chunk(range(10)))
    return sweep


def test_curves_are_asked_for_once_all_trials_have_ended(written: SweepPlan) -> None:
    asked: list[Any] = []

    def outcome(part: RunChunk | KeepCurves) -> Any:
        asked.append(part)
        return CurvesDone(kept=2) if isinstance(part, KeepCurves) else done(part.first, part.stop)

    _, ended = run(Coordinator(written), outcome)
    assert ended.complete
    assert [isinstance(part, KeepCurves) for part in asked[-3:]] == [False, True, True]
    assert not any(isinstance(part, KeepCurves) for part in asked[:-2])
    assert not result_of(written).warnings


@pytest.mark.parametrize("fate", [CurvesDone(kept=1), TaskFailed(cause="died", message="killed")])
def test_curves_that_are_missing_are_told_and_fail_nothing(written: SweepPlan, fate: Any) -> None:
    _, ended = run(
        Coordinator(written), lambda part: fate if isinstance(part, KeepCurves) else done(part.first, part.stop)
    )
    assert (ended.complete, ended.all_failed, ended.standing.completed) == (True, None, 10)
    kept = 2 if isinstance(fate, CurvesDone) else 0
    assert any(f"kept of {kept} of the 4 best" in warning for warning in result_of(written).warnings)
