"""The shipped strategies on bars that are worked by hand: each does what its description claims."""

import inspect
from typing import Final

import numpy as np
import pytest

from server.contract.base import ParamValue
from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.strategies import Strategy
from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.bollinger_breakout import BollingerBreakout
from server.strategies.shipped.buy_and_hold import BuyAndHold
from server.strategies.shipped.donchian_breakout import DonchianBreakout
from server.strategies.shipped.macd_crossover import MacdCrossover
from server.strategies.shipped.pair_spread import PairSpread
from server.strategies.shipped.rsi_reversion import RsiReversion
from server.strategies.shipped.sma_crossover import SmaCrossover
from server.strategies.strategy import make_strategy, parameters_of
from tests.trading import COIN, EURUSD, Bars, bars_of, flat_bars, run, settings, walk

SHIPPED: Final = [
    AtrTrend,
    BollingerBreakout,
    BuyAndHold,
    DonchianBreakout,
    MacdCrossover,
    PairSpread,
    RsiReversion,
    SmaCrossover,
]
ALONE: Final = [strategy for strategy in SHIPPED if strategy is not PairSpread]
"""Those that trade one asset."""


def ticks(price: float) -> int:
    """A price in quote currency as whole ticks."""
    return round(price / float(COIN.tick_size))


def fills(result: EngineResult) -> list[tuple[int, int, float]]:
    """Bar, price in ticks and units of every fill."""
    return [(int(fill["bar"]), ticks(fill["price"]), float(fill["quantity"])) for fill in result.fills]


def played(strategy: type[Strategy], bars: Bars, **parameters: ParamValue) -> list[tuple[int, int, float]]:
    return fills(run(strategy, bars, parameters))


@pytest.mark.parametrize("strategy", SHIPPED)
def test_a_shipped_strategy_says_what_it_and_its_parameters_are(strategy: type[Strategy]) -> None:
    assert strategy.version == "1.0.0"
    assert inspect.cleandoc(strategy.__doc__ or "").endswith(".")
    for info in parameters_of(strategy).values():
        assert info.description.endswith(".")
        assert None not in (info.min, info.max, info.step)


@pytest.mark.parametrize("strategy", SHIPPED)
@pytest.mark.parametrize("end", ["min", "max"])
def test_a_shipped_strategy_runs_at_the_ends_of_its_parameters(strategy: type[Strategy], end: str) -> None:
    parameters = {info.name: getattr(info, end) for info in parameters_of(strategy).values()}
    if "quantity" in parameters:
        parameters["quantity"] = 1000
    result = run(strategy, walk(3_000), parameters, instrument=EURUSD)
    assert result.bars == 3_000


@pytest.mark.parametrize("strategy", ALONE)
def test_a_shipped_strategy_trades_a_random_walk_without_a_rejection(strategy: type[Strategy]) -> None:
    result = run(strategy, walk(4_000), {"quantity": 1000} if strategy is not BuyAndHold else {}, instrument=EURUSD)
    assert result.rejected == 0
    assert len(result.fills) > (20 if strategy is not BuyAndHold else 0)
    assert set(np.sign(result.round_trips["side"])) == {1}


@pytest.mark.parametrize("strategy", SHIPPED)
def test_a_shipped_strategy_leaves_its_parameters_as_they_were_given(strategy: type[Strategy]) -> None:
    made = make_strategy(strategy, {})
    assert {info.name: getattr(made, name) for name, info in parameters_of(strategy).items()} == {
        info.name: info.default for info in parameters_of(strategy).values()
    }


def test_503_slow_averages_cross_199_fast_ones() -> None:
    for fast in range(2, 201):
        make_strategy(SmaCrossover, {"fastPeriod": fast})
    for slow in range(5, 508):
        make_strategy(SmaCrossover, {"slowPeriod": slow})


def test_macd_is_followed_while_the_line_is_above_its_signal() -> None:
    bars = flat_bars(*[100] * 5, 101, 103, 106, 110, 111, 111, 110, 108, 105)
    # the line passes its signal at bar 5 and falls back to it at bar 10
    assert played(MacdCrossover, bars, fastPeriod=2, slowPeriod=4, signalPeriod=2) == [(6, 103, 1), (11, 110, -1)]


def test_macd_that_stands_at_its_signal_is_not_above_it() -> None:
    assert played(MacdCrossover, flat_bars(*[100] * 60)) == []


def test_an_oversold_rsi_is_bought_and_sold_when_it_is_back() -> None:
    bars = flat_bars(100, 101, 102, 101, 98, 94, 93, 96, 99, 100, 100)
    # from bar 2 on its RSI is 100, 50, 12.5, 4.2, 3.1, 61
    assert played(RsiReversion, bars, period=2, oversold=30, exitLevel=50) == [(5, 94, 1), (8, 99, -1)]


def test_an_rsi_before_its_window_is_full_is_not_traded() -> None:
    assert played(RsiReversion, flat_bars(*range(120, 107, -1))) == []
    assert played(RsiReversion, flat_bars(*range(120, 103, -1))) == [(15, 105, 1)]


def test_a_close_above_its_band_is_bought_and_one_below_the_average_is_sold() -> None:
    bars = flat_bars(100, 101, 100, 101, 104, 106, 107, 104, 103, 102)
    # at bar 4 four closes average 101.5 and deviate by 1.5: the band is at 103.75; at bar 7 they average 105.25
    assert played(BollingerBreakout, bars, period=4, width=1.5) == [(5, 106, 1), (8, 103, -1)]


def test_prices_that_stand_still_break_no_band() -> None:
    assert played(BollingerBreakout, flat_bars(*[1_234_567] * 60), width=0.1) == []


CHANNEL: Final = [
    (100, 105, 95, 100),
    (100, 104, 96, 100),
    (100, 103, 97, 100),  # the channel of three is whole: up to 105
    (100, 104, 96, 100),  # its stop at 105 is not reached; the channel is up to 104
    (100, 104, 99, 103),  # bought at 104; the lowest of two is 96
    (103, 106, 101, 105),  # the lowest of two is 99
    (103, 104, 98, 99),  # sold at 99; the highest of three is 106
    (99, 100, 97, 98),
]


def test_a_breakout_enters_and_leaves_by_stops_at_its_channels() -> None:
    result = run(DonchianBreakout, bars_of(CHANNEL), {"entryPeriod": 3, "exitPeriod": 2})
    assert fills(result) == [(4, 104, 1), (6, 99, -1)]
    told = [(int(order["side"]), ticks(order["stop"]), ORDER_STATUSES[order["status"]]) for order in result.orders]
    assert told == [
        (1, 105, "Cancelled"),
        (1, 104, "Filled"),
        (-1, 96, "Cancelled"),
        (-1, 99, "Filled"),
        (1, 106, "Pending"),
    ]


def test_a_breakout_through_a_gap_enters_at_the_open() -> None:
    bars = bars_of([*CHANNEL[:3], (110, 112, 109, 111)])
    assert played(DonchianBreakout, bars, entryPeriod=3, exitPeriod=2) == [(3, 110, 1)]


def test_a_stop_of_a_breakout_waits_while_its_channel_stands() -> None:
    bars = bars_of([(100, 105, 95, 100), *[(100, 101, 99, 100)] * 20])
    result = run(DonchianBreakout, bars, {"entryPeriod": 20, "exitPeriod": 2})
    assert len(result.orders) == 2
    assert [ticks(order["stop"]) for order in result.orders] == [105, 101]


def test_a_breakout_that_could_not_be_paid_is_tried_again() -> None:
    bars = bars_of([(100, 101, 99, 100)] * 7)
    result = run(DonchianBreakout, bars, {"entryPeriod": 2, "exitPeriod": 2}, under=settings(cash=0.5))
    # placed at bars 1 to 6, reached at bars 2 to 6
    assert result.rejections == {"not enough cash": 5}
    assert len(result.orders) == 6


TREND: Final = [(100, 101, 99, 100)] * 4 + [(97, 98, 96, 97), (97, 105, 97, 104)]
"""Four quiet bars, a close below the average of 3 and one above it; the average true range of 2 is 5.5 in the end."""


@pytest.mark.parametrize(
    ("after", "left"),
    [
        ((104, 118, 94, 110), [(8, 118, -1)]),
        ((104, 117, 94, 110), []),
        ((104, 105, 93, 100), [(8, 93, -1)]),
        ((104, 120, 92, 110), [(8, 93, -1)]),
        ((88, 120, 86, 90), [(8, 88, -1)]),
    ],
)
def test_a_rise_above_the_average_is_bought_within_a_bracket_of_true_ranges(
    after: tuple[int, int, int, int], left: list[tuple[int, int, float]]
) -> None:
    quiet = (104, 106, 102, 104)
    bars = bars_of([*TREND, quiet, quiet, after, quiet])
    # bought after a close at 104: 104 - 2 × 5.5 = 93 and 104 + 2.5 × 5.5, rounded, = 118
    told = played(AtrTrend, bars, trendPeriod=3, atrPeriod=2, stopRanges=2, targetRanges=2.5)
    assert told == [(6, 104, 1), *left]


def test_only_a_rise_above_the_average_is_bought_not_a_stay() -> None:
    rising = flat_bars(*range(100, 160))
    assert played(AtrTrend, rising, trendPeriod=3, atrPeriod=2) == []
