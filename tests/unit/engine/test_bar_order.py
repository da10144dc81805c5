"""Bars worked by hand, in both forms: what comes first on a bar, and how much of it there may be."""

from typing import Any, Final

import numpy as np
import pytest

from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.kernel.records import MAX_NOTES, MAX_ORDERS
from server.engine.outcome import EngineResult
from server.engine.series import DIVIDEND, FLOW_DTYPE, Series
from server.strategies import Bar, Fill, Open, Strategy, param
from server.strategies.errors import StrategyError
from tests.forms import both_forms, workshop
from tests.tape import Row, bar, filled, opening, tape
from tests.trading import COIN, HOUR_MS, MONDAY_MS, Bars, Counter, bars_of, flat_bars, settings

Candle = tuple[int, int, int, int]
QUIET: Final[Candle] = (100, 101, 99, 100)


def one(bars: Bars, flows: Any = None) -> Series:
    return Series(bars, 0, bars.shape[1], COIN, HOUR_MS, *([] if flows is None else [flows]))


def played(rows: list[Row], *candles: Candle) -> EngineResult:
    return both_forms(tape(*rows), [one(bars_of([QUIET, *candles]))], {}, settings(account="margin"))


def fills(result: EngineResult) -> list[tuple[int, int, int, float]]:
    """Bar, order, price in ticks and units of each fill."""
    return [(int(f["bar"]), int(f["order"]), round(f["price"] * 100), float(f["quantity"])) for f in result.fills]


class Diary(Strategy):
    """Buys by what it sees at each moment: the sizes of its orders tell what it knew."""

    def init(self) -> None:
        self.opened = 0

    def on_open(self, bar: Open) -> None:
        if bar.i == 2:
            self.opened = self.last_price()
            self.buy(self.cash)  # after the flow: 9,900 and what was received

    def on_fill(self, fill: Fill) -> None:
        if fill.order == 3:
            self.buy(self.position, stop=1)

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 0:
            self.buy(100)
        if bar.i == 1:
            self.buy(1)
        if bar.i == 2:
            self.buy(self.position + self.opened)


def test_flows_come_before_the_open_orders_before_brackets_and_the_bar_last() -> None:
    flows = np.array([(MONDAY_MS + 2 * HOUR_MS, DIVIDEND, 10**9)], FLOW_DTYPE)
    bars = bars_of([(100, 100, 100, 100), (100, 100, 100, 100), (110, 120, 90, 115), (100, 100, 100, 100)])
    under = settings(account="margin", leverage=10)
    result = both_forms(Diary, [one(bars, flows)], {}, under)
    # 100 bought for 100; 100 of dividends received when on_open spends 10,000; the order of bar 1 was there before it
    assert fills(result)[:4] == [(1, 1, 100, 100), (2, 2, 110, 1), (2, 3, 110, 10_000), (2, 4, 110, 10_101)]
    # on_bar sees all that filled, and what on_open saw: the open at 110
    assert fills(result)[4:] == [(3, 5, 100, 20_202 + 110)]


def test_orders_of_a_bar_meet_the_next_one_before_those_of_its_open() -> None:
    rows = [bar(0).sell(1, limit=105), opening(1).buy(1, limit=95)]
    assert fills(played(rows, (100, 106, 94, 100))) == [(1, 1, 105, -1), (1, 2, 95, 1)]


def test_what_a_fill_orders_comes_after_the_orders_that_waited_and_before_brackets() -> None:
    rows = [
        bar(0).buy(1, stop_loss=95),
        bar(0).buy(2),
        filled(1).sell(3),
    ]
    # 1 entry, 2 its stop, 3 the second order, 4 what the fill of 1 orders: nothing is left for the stop
    assert fills(played(rows, (100, 100, 90, 92))) == [(1, 1, 100, 1), (1, 3, 100, 2), (1, 4, 100, -3)]


def test_what_a_bracket_s_fill_orders_joins_the_same_bar() -> None:
    rows = [bar(0).buy(1, stop_loss=95), filled(2).sell(1, stop=93)]
    assert fills(played(rows, (100, 100, 90, 92))) == [(1, 1, 100, 1), (1, 2, 95, -1), (1, 3, 93, -1)]


def test_a_bracket_comes_after_the_orders_of_its_bar() -> None:
    rows = [bar(0).buy(1, stop_loss=95, take_profit=105), bar(1).sell(1, limit=104)]
    result = played(rows, QUIET, (100, 106, 90, 92))
    assert fills(result) == [(1, 1, 100, 1), (2, 4, 104, -1)]


# what there may be at most


class Flood(Strategy):
    """Places, and perhaps cancels, so many orders on bar 1."""

    orders: int = param(1, min=0, max=100_000)
    kept: int = param(1, min=1, max=100_000)
    bracket: bool = param(False)

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 1:
            for k in range(self.orders):
                if self.bracket:
                    self.buy(0.001, limit=1, stop_loss=0.5)
                else:
                    self.buy(0.001, limit=1)
                if (k + 1) % self.kept == 0:
                    self.cancel_all()


def test_as_many_orders_as_the_table_holds_may_wait() -> None:
    bars = flat_bars(*[100] * 4)
    full = {"orders": MAX_ORDERS, "kept": 100_000}
    result = both_forms(Flood, [one(bars)], full, settings())
    assert len(result.orders) == MAX_ORDERS
    half = both_forms(Flood, [one(bars)], {"orders": 500, "kept": 100_000, "bracket": True}, settings())
    assert len(half.orders) == MAX_ORDERS


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"orders": MAX_ORDERS + 1, "kept": 100_000}, "more than 1000 orders wait at once; cancel some or place fewer"),
        ({"orders": 501, "kept": 100_000, "bracket": True}, "more than 1000 orders wait at once"),
        ({"orders": 4_097, "kept": 17}, "more than 8192 orders were placed or ended within one bar"),
        # the one too many is an end, not an order: 4,200 placed and 3,992 of them cancelled
        ({"orders": 4_200, "kept": 700}, "more than 8192 orders were placed or ended within one bar"),
    ],
)
def test_one_order_too_many_fails_in_the_strategy_s_line(
    parameters: dict[str, int], told: str, *, compiled: bool
) -> None:
    bars = flat_bars(*[100] * 4)
    with pytest.raises(StrategyError, match=told) as failure:
        run_backtest(
            Flood,
            parameters,
            [one(bars)],
            settings(),
            progress=Counter(),
            compiler=workshop() if compiled else None,
        )
    assert "on_bar" in failure.value.stack_trace
    assert failure.value.bar == 1


def test_as_many_notes_as_a_bar_may_have_are_kept() -> None:
    bars = flat_bars(*[100] * 4)
    result = both_forms(Flood, [one(bars)], {"orders": MAX_NOTES // 2, "kept": 512}, settings())
    assert len(result.orders) == MAX_NOTES // 2


class Restless(Strategy):
    """Orders and cancels at every open and close as much as it may."""

    def cycle(self) -> None:
        for _ in range(60):
            for _ in range(60):
                self.buy(0.001, limit=1)
            self.cancel_all()

    def on_open(self, bar: Open) -> None:
        self.cycle()

    def on_bar(self, bar: Bar) -> None:
        self.cycle()


def test_the_notes_of_many_bars_of_one_instant_have_room() -> None:
    """Three series, each with 7,200 notes at its open and at its close: those of six bars, not of three."""
    bars = flat_bars(*[100] * 2)
    assets = [
        Instrument(asset_name=name, exchange="Test", tick_size=COIN.tick_size, lot_size=COIN.lot_size, quote="USD")
        for name in ("ONE", "TWO", "THREE")
    ]
    series = [Series(bars, 0, 2, asset, HOUR_MS) for asset in assets]
    result = both_forms(Restless, series, {}, settings())
    assert len(result.orders) == 2 * 6 * 3_600
