"""Whatever bars are still to come: nothing that was decided before them is another, in either form."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.contract.base import ParamValue
from server.engine.backtest import run_backtest
from server.engine.events import Event, Recorder
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE
from server.engine.timeline import timeline_of
from server.strategies import Bar, Strategy
from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.bollinger_breakout import BollingerBreakout
from server.strategies.shipped.buy_and_hold import BuyAndHold
from server.strategies.shipped.donchian_breakout import DonchianBreakout
from server.strategies.shipped.macd_crossover import MacdCrossover
from server.strategies.shipped.pair_spread import PairSpread
from server.strategies.shipped.rsi_reversion import RsiReversion
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests import trading
from tests.forms import workshop
from tests.fuzzing import Fuzz, PairFuzz
from tests.stages import ALONE, ARRANGEMENTS, SAME, SETTINGS, Plan, assets_of, changed_after, stage
from tests.trading import Counter

Parameters = Mapping[str, ParamValue]
SHIPPED: Final[list[tuple[type[Strategy], Parameters]]] = [
    (AtrTrend, {"trendPeriod": 5, "atrPeriod": 3, "stopRanges": 1, "targetRanges": 2}),
    (BollingerBreakout, {"period": 5, "width": 1}),
    (BuyAndHold, {"fraction": 0.5}),
    (DonchianBreakout, {"entryPeriod": 4, "exitPeriod": 2}),
    (MacdCrossover, {"fastPeriod": 2, "slowPeriod": 5, "signalPeriod": 2}),
    (PairSpread, {"period": 5, "entry": 1, "quantity": 10, "secondQuantity": 10, "ratio": 0.9}),
    (RsiReversion, {"period": 3, "oversold": 40}),
    (SmaCrossover, {"fastPeriod": 2, "slowPeriod": 5}),
]
SEEDS = st.integers(1, 1_000_000)
HOURS = st.integers(4, 40)
PARTS = st.floats(0.0, 1.0)


class Decided(NamedTuple):
    """What was told, filled and marked by an instant."""

    events: list[Event]
    fills: bytes
    equity: bytes


def decided(
    strategy: type[Strategy],
    parameters: Parameters,
    series: list[Series],
    under: EngineSettings,
    instant_ms: int,
    *,
    compiled: bool,
) -> Decided:
    """One run, as far as the bars that are complete at an instant."""
    recorder = Recorder()
    main = series[0]
    curve = np.zeros(main.stop, dtype=EQUITY_DTYPE)
    result = run_backtest(
        strategy,
        parameters,
        series,
        under,
        progress=Counter(),
        compiler=workshop() if compiled else None,
        equity_out=curve,
        listeners=[recorder],
    )
    assert result.mode == ("compiled" if compiled else "interpreted")
    timeline = timeline_of(series)
    complete = int(timeline.starts[np.searchsorted(timeline.instants, instant_ms, side="right")])
    bars = [number for number, event in enumerate(recorder.events) if event.type == "bar"]
    assert len(bars) == len(timeline.opens)
    # what happens on a bar is told before the bar is
    events = recorder.events[: bars[complete - 1] + 1] if complete else []
    filled = sum(event.type == "ord.fill" for event in events)
    marked = int(np.count_nonzero(main.bars[0] + main.interval_ms <= instant_ms))
    return Decided(events, result.fills[:filled].tobytes(), curve[:marked].tobytes())


def check(
    strategy: type[Strategy],
    parameters: Parameters,
    plans: tuple[Plan, ...],
    hours: int,
    seed: int,
    part: float,
    under: EngineSettings,
) -> None:
    """Changes every bar that is not complete at an instant, and finds the same decided by then."""
    # closing at the end is the one thing that depends on where the end is
    under = msgspec.structs.replace(under, close_at_end=False)
    series = stage(plans, hours, seed, gaps=seed % 2 == 0, flows=seed % 3 == 0)
    instants = timeline_of(series).instants
    instant = int(instants[round(part * (len(instants) - 1))])
    changed = changed_after(series, instant, seed)
    for compiled in (False, True):
        one = decided(strategy, parameters, series, under, instant, compiled=compiled)
        other = decided(strategy, parameters, changed, under, instant, compiled=compiled)
        assert one == other


@pytest.mark.parametrize(("strategy", "parameters"), SHIPPED, ids=lambda value: getattr(value, "__name__", ""))
@settings(max_examples=25)
@given(st.sampled_from((ALONE, *ARRANGEMENTS)), HOURS, SEEDS, PARTS, SETTINGS)
def test_a_shipped_strategy_decides_nothing_by_bars_to_come(
    strategy: type[Strategy],
    parameters: Parameters,
    plans: tuple[Plan, ...],
    hours: int,
    seed: int,
    part: float,
    under: EngineSettings,
) -> None:
    check(strategy, parameters, plans, hours, seed, part, under)


@settings(max_examples=60)
@given(st.sampled_from((ALONE, *ARRANGEMENTS)), HOURS, SEEDS, PARTS, SETTINGS)
def test_trading_several_assets_by_chance_decides_nothing_by_bars_to_come(
    plans: tuple[Plan, ...], hours: int, seed: int, part: float, under: EngineSettings
) -> None:
    check(PairFuzz, {"seed": seed, "assets": assets_of(plans)}, plans, hours, seed, part, under)


@settings(max_examples=60)
@given(st.sampled_from((ALONE, SAME)), HOURS, SEEDS, PARTS, SETTINGS)
def test_doing_everything_by_chance_decides_nothing_by_bars_to_come(
    plans: tuple[Plan, ...], hours: int, seed: int, part: float, under: EngineSettings
) -> None:
    check(Fuzz, {"seed": seed, "eager": 0.5}, plans, hours, seed, part, under)


class Seer(PairFuzz):
    """Knows the next close, which no strategy can: it holds this test itself to account."""

    def on_bar(self, bar: Bar) -> None:
        closes = SEEN[0].bars[4]
        if bar.i + 1 < len(closes) and closes[bar.i + 1] > bar.close:
            self.buy(10)
        else:
            self.close()


SEEN: list[Series] = []


def test_a_strategy_that_knew_the_next_close_would_be_found_out() -> None:
    series = stage(ALONE, 40, 7, gaps=False, flows=False)
    under = trading.settings(cash=1e6)
    found = []
    for instant in timeline_of(series).instants[10:20].tolist():
        told = []
        for one in (series, changed_after(series, instant, 8)):
            SEEN[:] = one
            told.append(decided(Seer, {"seed": 1, "assets": 1}, one, under, instant, compiled=False))
        found.append(told[0] != told[1])
    assert any(found)
