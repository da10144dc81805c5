"""Tells what an optimization would cost, and starts nothing of it."""

import asyncio
from typing import Final

import msgspec

from server.contract.requests import OptimizationRequest
from server.contract.run import Evaluation
from server.optimization.selection import EXACT, count_selected
from server.optimization.visits import trials_of
from server.runs.calibration import Calibration
from server.runs.groundwork import Groundwork, groundwork
from server.runs.prepare_optimization import prepare_optimization, space_of
from server.runs.series import ResampledSeries
from server.runs.slices import provide
from server.runs.speeds import speed_key
from server.runs.stored_trials import count_stored
from server.runs.strategies import StrategyRegistry
from server.runs.supported import refuse_unsupported
from server.runs.unique import count_unique
from server.runs.windows import Windows, windows_in, windows_of
from server.runs.workplace import Workplace

_BYTES_PER_TRIAL: Final = 400
"""Metrics, parameters, key and index entry of one trial on disk."""


class Evaluator:
    """Counts, looks up, multiplies: whatever takes longer is left out of the answer, or estimated and marked."""

    def __init__(
        self, strategies: StrategyRegistry, series: ResampledSeries, place: Workplace, calibration: Calibration
    ) -> None:
        self._strategies = strategies
        self._series = series
        self._place = place
        self._calibration = calibration

    async def evaluate(self, request: OptimizationRequest) -> Evaluation:
        """The raw count whatever its size; InvalidRequest for what could not be submitted either."""
        refuse_unsupported(request)
        found = await self._strategies.found(request.strategy_name)
        await provide(request, self._series)
        ground = await asyncio.to_thread(groundwork, request, found, self._series)
        space, conditions = space_of(request, ground)
        counted = await asyncio.to_thread(count_selected, space, conditions)
        budget = None if request.budget is msgspec.UNSET else request.budget
        windows = await asyncio.to_thread(windows_of, request, ground, self._series)
        times = windows_in(request)
        total = trials_of(request.method, counted.sets, budget, windows=times)
        unique = await count_unique(self._place.executor, ground, space, conditions, counted)
        small = 0 < total <= min(request.max_combinations, EXACT) and counted.exact
        reused = await self._reused(request, ground, windows) if small else 0
        most = min(total, total if request.max_parallelism is msgspec.UNSET else request.max_parallelism)
        key = speed_key(ground.strategy.source_hash, compile=ground.settings.compile)
        computed = max(0, min(total, unique.sets * times) - reused)
        bars = ground.bars if windows is None else windows.bars
        seconds = self._place.speeds.seconds(key, round(computed * bars), most=most)
        if seconds is None:
            self._calibration.want(ground, space, conditions)
        return Evaluation(
            total_combinations=space.size,
            unique_combinations=unique.sets,
            exact=unique.exact,
            exceeds_max_combinations=total > request.max_combinations,
            max_combinations=request.max_combinations,
            estimated_seconds=seconds,
            estimated_bytes=total * _BYTES_PER_TRIAL,
            reused_trials=reused,
        )

    async def _reused(self, request: OptimizationRequest, ground: Groundwork, windows: Windows | None) -> int:
        prepared = await asyncio.to_thread(prepare_optimization, request, ground, windows)
        return await count_stored(self._place.store, self._place.results, prepared)
