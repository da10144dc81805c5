"""What every executor tells of how fast a strategy is."""

from typing import TYPE_CHECKING, Any, Final

import pytest

from server.execution.port import Executor
from server.execution.tasks import CalibrateDone, TaskFailed
from tests.contracts.executing import QUICK, ended

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLEEPY: Final = """
import time

class Probe(Strategy):
    period: int = param(3, min=1, max=90)

    def on_bar(self, bar):
        time.sleep(0.01)
"""
RAISING: Final = """
class Probe(Strategy):
    def on_bar(self, bar):
        raise ValueError("no")
"""


async def calibrated(executor: Executor, workshop: "Workshop", code: str, *, rows: int, **settings: Any) -> Any:
    sets: list[Any] = [{"period": period} for period in range(1, 65)] if "period" in code else [{}]
    task = workshop.calibration(workshop.strategy(code), workshop.data(rows), sets, **settings)
    return await ended(executor.start(task))


async def test_whole_trials_are_measured(executor: Executor, workshop: "Workshop") -> None:
    outcome = await calibrated(executor, workshop, QUICK, rows=3_000)
    assert isinstance(outcome, CalibrateDone)
    assert outcome.bars > 0
    assert outcome.bars % 3_000 == 0
    assert outcome.seconds > 0


async def test_a_slow_strategy_is_measured_for_a_moment_only(executor: Executor, workshop: "Workshop") -> None:
    outcome = await calibrated(executor, workshop, SLEEPY, rows=3_000, compile=False)
    assert isinstance(outcome, CalibrateDone)
    assert 0 < outcome.bars < 300
    assert outcome.seconds / outcome.bars >= 0.01


async def test_a_strategy_that_raises_has_no_speed(executor: Executor, workshop: "Workshop") -> None:
    outcome = await calibrated(executor, workshop, RAISING, rows=100, compile=False)
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "raised"
