"""Sets of parameters that are played together come to what each comes to alone."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.base import ParamValue
from server.contract.results import Metrics
from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.series import DIVIDEND, FLOW_DTYPE, NO_FLOWS, Series
from server.engine.settings import EngineSettings
from server.engine.trials import Trials
from server.strategies import Strategy
from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.pair_spread import PairSpread
from server.strategies.shipped.rsi_reversion import RsiReversion
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.forms import workshop
from tests.trading import COIN, EURUSD, HOUR_MS, MONDAY_MS, Counter, settings, walk
from tests.written import written

UNDER = settings(cash=100_000.0, rate=0.0002, account="margin", leverage=5.0, slippage=2)
Sets = Sequence[Mapping[str, ParamValue]]


def hourly(count: int, instrument: Instrument = EURUSD, *, seed: int = 7, paid: bool = False) -> Series:
    """A random walk, on whose units a dividend may be paid after 100 hours."""
    flows = np.array([(MONDAY_MS + 100 * HOUR_MS, DIVIDEND, 10**7)], FLOW_DTYPE) if paid else NO_FLOWS
    return Series(walk(count, seed=seed), 0, count, instrument, HOUR_MS, flows)


def alone(
    strategy: type[Strategy], series: Sequence[Series], sets: Sets, under: EngineSettings = UNDER
) -> list[Metrics]:
    """The metrics of each set, simulated by itself."""
    return [
        run_backtest(strategy, one, series, under, progress=Counter(), compiler=workshop(), tables=False).metrics
        for one in sets
    ]


def together(strategy: type[Strategy], series: Sequence[Series], sets: Sets, under: EngineSettings = UNDER) -> Any:
    """The metrics of those that are played in one call."""
    return Trials(strategy, series, under, workshop()).play(sets, None)


@pytest.mark.parametrize(
    ("strategy", "sets"),
    [
        (SmaCrossover, [{"fastPeriod": fast, "slowPeriod": 30} for fast in (2, 5, 10, 20)]),
        (AtrTrend, [{}, {"atrPeriod": 5}]),
        (RsiReversion, [{}, {"period": 5}]),
    ],
)
def test_the_metrics_are_those_of_the_sets_alone(strategy: type[Strategy], sets: Sets) -> None:
    series = [hourly(2_000)]
    found = together(strategy, series, sets)
    assert found == alone(strategy, series, sets)
    assert len({one.net_profit for one in found}) == len(sets)


def test_positions_end_with_the_data_where_that_is_asked() -> None:
    under = settings(cash=100_000.0, account="margin", close_at_end=True)
    series = [hourly(500)]
    sets = [{"fastPeriod": fast, "slowPeriod": 20} for fast in (3, 4, 5)]
    found = together(SmaCrossover, series, sets, under)
    assert found == alone(SmaCrossover, series, sets, under)
    assert [one.open_profit for one in found] == [0.0] * 3


def test_several_series_are_played_from_their_first_bar_each_time() -> None:
    series = [hourly(600), hourly(600, COIN, seed=8)]
    sets: Sets = [{}, {"period": 20}, {}]
    found = together(PairSpread, series, sets)
    assert found == alone(PairSpread, series, sets)
    assert found[0] == found[2] != found[1]


def test_cash_flows_are_booked_for_every_set() -> None:
    series = [hourly(600, paid=True)]
    sets = [{"fastPeriod": 5, "slowPeriod": 20}] * 3
    found = together(SmaCrossover, series, sets)
    assert found == alone(SmaCrossover, series, sets)
    assert found != together(SmaCrossover, [hourly(600)], sets)


FAILING = """
class Probe(Strategy):
    at: int = param(0)
    kind: str = param("one", choices=["one", "other"])

    def init(self):
        if self.at == 7:
            raise ValueError("seven")
        self.sum = 0

    def on_bar(self, bar):
        self.sum += 1 // (bar.i - self.at)
"""


@pytest.mark.parametrize(
    ("third", "why"),
    [
        ({"at": 50}, "it divides by zero"),
        ({"at": 7}, "its init raises"),
        ({"at": -4, "kind": "other"}, "it is another program"),
    ],
)
def test_what_is_not_plain_is_left_with_all_after_it(tmp_path: Path, third: dict[str, Any], why: str) -> None:
    strategy = written(tmp_path, FAILING)
    series = [hourly(100)]
    sets: Sets = [{"at": -1}, {"at": -2}, third, {"at": -3}]
    assert together(strategy, series, sets) == alone(strategy, series, sets[:2]), why
    assert together(strategy, series, sets[2:3]) == (alone(strategy, series, sets[2:3]) if "kind" in third else [])


def test_what_does_not_compile_is_left(tmp_path: Path) -> None:
    strategy = written(tmp_path, "class Probe(Strategy):\n    def on_bar(self, bar):\n        print(bar)\n")
    assert together(strategy, [hourly(10)], [{}, {}]) == []


def test_lots_are_seeded_before_the_code_of_each_set(tmp_path: Path) -> None:
    text = """
    import random

    class Probe(Strategy):
        def init(self):
            self.lots = random.randint(1, 1_000)

        def on_bar(self, bar):
            if bar.i == 0:
                self.buy(self.lots)
    """
    strategy = written(tmp_path, text)
    series = [hourly(100)]
    trials = Trials(strategy, series, UNDER, workshop())
    once = trials.play([{}, {}, {}], random.seed)
    assert once == trials.play([{}, {}, {}], random.seed)
    assert len({one.commissions for one in once}) == 3
