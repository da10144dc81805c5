"""Many sets of parameters over the same series, many in one call where the strategy is compiled."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from server.contract.base import ParamValue
from server.contract.problems import ForgeError
from server.contract.results import Metrics
from server.engine.backtest import check_opens, scale_amounts, stage_of
from server.engine.compile.problems import NotCompilable
from server.engine.kernel.records import NOTHING
from server.engine.metrics import Facts, measure
from server.engine.player import Compiler, SweepPlayer
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies.errors import is_user_failure
from server.strategies.maker import StrategyMaker
from server.strategies.strategy import Strategy

Sets = Sequence[Mapping[str, ParamValue]]


class Trials:
    """Runs of one strategy over the same series, of which only the metrics are wanted.

    What is not plain here is left to `run_backtest`, which tells what is the matter and gives the same metrics.
    """

    def __init__(
        self, strategy_class: type[Strategy], series: Sequence[Series], settings: EngineSettings, compiler: Compiler
    ) -> None:
        self._maker = StrategyMaker(strategy_class)
        self._instrument = series[0].instrument
        self._compiler = compiler
        self._stage: Final = stage_of(series, settings, noting=NOTHING, curve=None)
        self._player: SweepPlayer | None = None
        check_opens(strategy_class, series)

    def play(self, sets: Sets, seed: Callable[[int], None] | None) -> list[Metrics]:
        """The metrics of as many of `sets` (by camelCase names) from the first on as are played together; [] of none.

        `seed` readies the random numbers for the set at a place, before the strategy's code runs.
        """
        ready = self._ready(sets, seed)
        if not ready:
            return []
        try:
            self._player = self._player or self._compiler.sweep(ready[0], self._stage)
        except (NotCompilable, OSError):
            return []
        return [measure(*run, self._facts) for run in self._player.play(ready)]

    @cached_property
    def _facts(self) -> Facts:
        return self._stage.facts(self._stage.bars(0).shape[1])

    def _ready(self, sets: Sets, seed: Callable[[int], None] | None) -> list[Strategy]:
        """Strategies after their `init`, until the code of one raises."""
        ready: list[Strategy] = []
        try:
            for place, parameters in enumerate(sets):
                if seed is not None:
                    seed(place)
                strategy = self._maker.make(parameters)
                scale_amounts(strategy, self._instrument)
                strategy.init()
                ready.append(strategy)
        except (Exception, SystemExit) as error:
            if not (is_user_failure(error) or isinstance(error, ForgeError)):
                raise
        return ready
