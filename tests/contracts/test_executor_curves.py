"""What every executor does with trials of which a curve is wanted."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from server.contract.base import ParamValue
from server.engine.thinning import downsample
from server.execution.curves_run import CURVE_POINTS
from server.execution.port import Executor
from server.execution.tasks import CurvesDone, CurveWanted
from server.store.curve import read_curve, read_trial_curve
from tests.contracts.executing import PATIENT, QUICK, ended, until

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

FICKLE: Final = """
import time

class Probe(Strategy):
    pause: float = param(0.0, min=0.0, max=60.0)

    def on_bar(self, bar):
        if self.pause > 30:
            raise ValueError("today it does not")
        if bar.i == 0:
            time.sleep(self.pause)
        if bar.i % 10 == 0:
            self.buy(1)
"""


def wanted(**trials: dict[str, ParamValue]) -> list[CurveWanted]:
    return [CurveWanted(trial_key=letter * 24, parameters=parameters) for letter, parameters in trials.items()]


async def test_curves_are_those_of_the_same_backtests(executor: Executor, workshop: "Workshop") -> None:
    strategy, data = workshop.strategy(QUICK), workshop.data(3000)
    task = workshop.curves(strategy, data, wanted(a={"period": 3}, b={"period": 40}))
    handle = executor.start(task)
    assert await ended(handle) == CurvesDone(kept=2)
    counts = handle.counts()
    assert (counts.processed, counts.bars, counts.phase) == (0, 0, "saving"), "they were counted when they first ended"
    folder = Path(task.result_dir)
    assert [path.name for path in folder.iterdir()] == [f"curves-{'a' * 24}.npz"]
    for key, period in (("a" * 24, 3), ("b" * 24, 40)):
        alone = workshop.backtest(strategy, data, {"period": period})
        await ended(executor.start(alone))
        kept, whole = read_trial_curve(folder, key), read_curve(Path(alone.result_dir), None)
        assert (len(whole), kept.total) == (3000, 3000)
        assert np.array_equal(kept.points, downsample(whole, CURVE_POINTS))


async def test_a_trial_that_does_not_end_this_time_is_passed_over(executor: Executor, workshop: "Workshop") -> None:
    trials = wanted(a={"pause": 40.0}, b={"pause": 20.0}, c={"pause": 0.0})
    task = workshop.curves(workshop.strategy(FICKLE), workshop.data(50), trials, trial_timeout_s=0.3)
    assert await ended(executor.start(task)) == CurvesDone(kept=1)
    assert [path.name for path in Path(task.result_dir).iterdir()] == [f"curves-{'c' * 24}.npz"]


async def test_many_curves_lie_in_several_files(executor: Executor, workshop: "Workshop") -> None:
    trials = [CurveWanted(trial_key=f"{at:024x}", parameters={"period": 1 + at % 90}) for at in range(120)]
    task = workshop.curves(workshop.strategy(QUICK), workshop.data(50), trials)
    assert await ended(executor.start(task)) == CurvesDone(kept=120)
    folder = Path(task.result_dir)
    assert sorted(path.name for path in folder.iterdir()) == [f"curves-{0:024x}.npz", f"curves-{100:024x}.npz"]
    assert read_trial_curve(folder, f"{119:024x}").total == 50


async def test_none_is_begun_that_would_take_too_long(executor: Executor, workshop: "Workshop") -> None:
    trials = wanted(a={"pause": 0.2}, b={"pause": 0.0}, c={"pause": 0.0})
    task = workshop.curves(workshop.strategy(FICKLE), workshop.data(50), trials, budget_s=0.3)
    assert await ended(executor.start(task)) == CurvesDone(kept=1)


async def test_a_cancel_ends_them(executor: Executor, workshop: "Workshop") -> None:
    handle = executor.start(workshop.curves(workshop.strategy(PATIENT), workshop.data(300_000), wanted(a={}, b={})))
    await until(handle, lambda now: now.phase == "saving")
    handle.cancel()
    assert await ended(handle) == CurvesDone(kept=0)
