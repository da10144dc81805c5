"""Has strategies measured that never ran, so that the next estimate can tell how long they take."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace

from server.contract.base import ParamValue
from server.contract.requests import DATA_AXIS
from server.execution.port import Executor
from server.execution.tasks import CalibrateDone, CalibrateTask, DataSlice, TaskFailed
from server.optimization.conditions import Condition
from server.optimization.space import Space
from server.runs.groundwork import Groundwork
from server.runs.speeds import Speeds, speed_key

_log = logging.getLogger(__name__)
_WAITING: Final = 8
_SETS: Final = 64
_BARS: Final = 100_000
_TIMEOUT_S: Final = 20.0
"""Longer than compiling takes."""


class Calibration:
    """Measures one strategy after the other, each once; whoever asks waits for none of it."""

    def __init__(self, executor: Executor, speeds: Speeds) -> None:
        self._executor = executor
        self._speeds = speeds
        self._asked: set[str] = set()
        self._wanted: asyncio.Queue[tuple[str, CalibrateTask]] = asyncio.Queue(_WAITING)

    def want(self, ground: Groundwork, space: Space, conditions: Sequence[Condition]) -> None:
        """Asks for a strategy to be measured over some sets of a space; when too many wait, the next time does."""
        key = speed_key(ground.strategy.source_hash, compile=ground.settings.compile)
        if key in self._asked or self._wanted.full():
            return
        sets = [one for one in _some(space) if _allowed(one, conditions)]
        if sets:
            self._asked.add(key)
            self._wanted.put_nowait((key, _task(ground, sets)))

    async def run(self) -> None:
        """Measures what is wanted, for ever."""
        while True:
            key, task = await self._wanted.get()
            match await self._executor.start(task, timeout_s=_TIMEOUT_S).outcome():
                case CalibrateDone(bars=bars, seconds=seconds):
                    await self._speeds.calibrate(key, bars, seconds)
                case TaskFailed(message=message):
                    _log.info("a strategy could not be measured", extra={"strategy": key, "reason": message})
                case outcome:
                    raise AssertionError(f"a calibration answered {outcome!r}")


def _some(space: Space) -> list[dict[str, ParamValue]]:
    """Sets from all parts of the space, since some may take longer than others."""
    count = min(_SETS, space.size)
    return [space.at((2 * place + 1) * space.size // (2 * count)) for place in range(count)]


def _allowed(parameters: Mapping[str, ParamValue], conditions: Sequence[Condition]) -> bool:
    columns = {name: np.asarray(value) for name, value in parameters.items()}
    return all(condition.holds(columns) for condition in conditions)


def _task(ground: Groundwork, sets: list[dict[str, ParamValue]]) -> CalibrateTask:
    """On the first data set, where they are an axis."""
    return CalibrateTask(
        run_key="",
        attempt=0,
        strategy=ground.strategy,
        data=_shortened(ground.main.data),
        settings=ground.settings,
        start_ms=ground.start_ms,
        end_ms=ground.end_ms,
        identity=ground.main.identity,
        sets=[{name: value for name, value in one.items() if name != DATA_AXIS} for one in sets],
    )


def _shortened(data: Sequence[DataSlice]) -> list[DataSlice]:
    """The first bars of one series; several go together and are left alone."""
    if len(data) > 1:
        return list(data)
    (only,) = data
    return [replace(only, stop_row=min(only.stop_row, only.first_row + _BARS))]
