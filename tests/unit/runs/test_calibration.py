"""Strategies that never ran are measured beside what asks for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from server.contract.catalogue import ParameterInfo, StrategyInfo
from server.execution.tasks import CalibrateDone, CalibrateTask, Market, TaskFailed
from server.optimization.conditions import Condition, parse_conditions
from server.optimization.space import Space
from server.runs.calibration import Calibration
from server.runs.groundwork import Groundwork
from server.runs.prepared import PreparedOptimization
from server.runs.speeds import Speeds
from tests.unit.runs.conftest import ScriptedExecutor, ScriptedTask

SPACE = Space(names=["fast", "slow"], values=[list(range(20)), list(range(20))])
PARAMETERS = [ParameterInfo(name=name, type="int", default=0) for name in SPACE.names]


@dataclass
class Scene:
    """A calibration at work."""

    calibration: Calibration
    executor: ScriptedExecutor
    speeds: Speeds
    ground: Groundwork

    def want(self, *conditions: Condition) -> None:
        self.calibration.want(self.ground, SPACE, conditions)

    async def task(self) -> tuple[ScriptedTask, CalibrateTask]:
        async with asyncio.timeout(10):
            started = await self.executor.started.get()
        assert isinstance(started.task, CalibrateTask)
        return started, started.task


def ground_of(prepared: PreparedOptimization, **changes: Any) -> Groundwork:
    given = {name: getattr(prepared, name) for name in ("strategy", "settings", "start_ms", "end_ms")}
    markets = [Market(name="ACME/TEST/1h", data=changes.pop("data", prepared.data), identity={})]
    return Groundwork(info=StrategyInfo(name="Probe"), markets=markets, **(given | changes))


@pytest.fixture
async def scene(tmp_path: Path, a_sweep: Callable[..., PreparedOptimization]) -> AsyncIterator[Scene]:
    executor, speeds = ScriptedExecutor(), Speeds(lambda: 1, tmp_path / "speeds.json")
    calibration = Calibration(executor, speeds)
    running = asyncio.create_task(calibration.run())
    yield Scene(calibration, executor, speeds, ground_of(a_sweep()))
    running.cancel()
    await asyncio.wait([running])


async def test_a_strategy_is_measured_once(scene: Scene) -> None:
    scene.want()
    scene.want()
    started, task = await scene.task()
    assert len(task.sets) == 64
    assert {tuple(one.values()) for one in task.sets} <= {(fast, slow) for fast in range(20) for slow in range(20)}
    started.end(CalibrateDone(bars=1_000, seconds=0.5))
    scene.ground = ground_of_other(scene.ground)
    scene.want()
    await scene.task()
    assert scene.speeds.seconds("ab" * 12, 2_000) == 1.0
    assert scene.executor.started.empty()


def ground_of_other(ground: Groundwork) -> Groundwork:
    return replace(ground, strategy=structs.replace(ground.strategy, source_hash="cd" * 12))


async def test_only_sets_that_satisfy_the_conditions_are_played(scene: Scene) -> None:
    scene.want(*parse_conditions(["fast < slow"], PARAMETERS))
    _, task = await scene.task()
    assert task.sets
    assert all(int(one["fast"]) < int(one["slow"]) for one in task.sets)


async def test_a_strategy_that_fails_is_left_alone(scene: Scene) -> None:
    scene.want()
    started, _ = await scene.task()
    started.end(TaskFailed(cause="raised", message="no"))
    scene.ground = ground_of_other(scene.ground)
    scene.want()
    await scene.task()
    assert scene.speeds.seconds("ab" * 12, 2_000) is None


async def test_a_long_series_is_not_played_to_its_end(
    scene: Scene, a_sweep: Callable[..., PreparedOptimization]
) -> None:
    (part,) = a_sweep().data
    scene.ground = ground_of(a_sweep(), data=[structs.replace(part, first_row=5, stop_row=10**6)])
    scene.want()
    _, task = await scene.task()
    assert [(one.first_row, one.stop_row) for one in task.data] == [(5, 100_005)]
