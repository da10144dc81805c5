"""Bars of several series worked by hand, in both forms: which bar an order meets, and what one account holds."""

from decimal import Decimal
from typing import Final

import numpy as np
import pytest

from server.contract.problems import InvalidRequest
from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.outcome import EngineResult
from server.engine.series import DIVIDEND, FLOW_DTYPE, FUNDING, NO_FLOWS, Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, EXIT_REASONS
from server.strategies import Bar, Fill, Open, Strategy
from tests.forms import both_forms
from tests.tape import Row, bar, filled, opening, tape
from tests.trading import COIN, MONDAY_MS, Bars, Counter, bars_of, flat_bars, settings

STOCK: Final = Instrument(
    asset_name="STOCK", exchange="Test", tick_size=Decimal("0.5"), lot_size=Decimal(10), quote="USD"
)
FUTURE: Final = Instrument(
    asset_name="FUT",
    exchange="Test",
    tick_size=Decimal("0.00001"),
    lot_size=Decimal("0.1"),
    quote="USD",
    multiplier=Decimal("0.000002"),
)
"""A tick of a lot is worth 2e-12."""
MINUTE_MS: Final = 60_000


def series(
    instrument: Instrument,
    bars: Bars,
    *,
    minutes: int = 60,
    late: int = 0,
    without: tuple[int, ...] = (),
    flows: tuple[tuple[int, int, int], ...] = (),
) -> Series:
    """Bars of so many minutes, the first `late` minutes after midnight; `without` some of them."""
    told = bars.copy()
    told[0] = MONDAY_MS + MINUTE_MS * (late + minutes * np.arange(bars.shape[1]))
    told = np.ascontiguousarray(np.delete(told, without, axis=1))
    due = NO_FLOWS
    if flows:
        due = np.array([(MONDAY_MS + MINUTE_MS * minute, kind, amount) for minute, kind, amount in flows], FLOW_DTYPE)
    return Series(told, 0, told.shape[1], instrument, minutes * MINUTE_MS, due)


def played(rows: list[Row], *of: Series, under: EngineSettings | None = None) -> EngineResult:
    return both_forms(tape(*rows), of, {}, under or settings(cash=1_000_000))


def fills(result: EngineResult, *instruments: Instrument) -> list[tuple[int, int, int, float]]:
    """Asset, minute of the bar's open, price in ticks and units of each fill."""
    told = []
    for fill in result.fills:
        tick = float((instruments or (COIN, STOCK))[fill["asset"]].tick_size)
        minute = (int(fill["time"]) - MONDAY_MS) // MINUTE_MS
        told.append((int(fill["asset"]), minute, round(fill["price"] / tick), float(fill["quantity"])))
    return told


COINS: Final = series(COIN, flat_bars(100, 110, 120, 130, 140, 150))
STOCKS: Final = series(STOCK, flat_bars(200, 210, 220, 230, 240, 250))


# two assets of one time frame


def test_each_asset_fills_at_its_own_next_open() -> None:
    rows = [bar(0).buy(1), bar(0).buy(20, asset=1), bar(2, feed=1).close(), bar(3, feed=1).close(1)]
    result = played(rows, COINS, STOCKS)
    assert fills(result) == [(0, 60, 110, 1), (1, 60, 210, 20), (0, 180, 130, -1), (1, 240, 240, -20)]


def test_an_order_of_either_asset_s_bar_waits_for_the_next_instant() -> None:
    """The bars of one instant are all complete before the first is handed on: none fills by what another showed."""
    for feed in (0, 1):
        rows = [bar(1, feed=feed).buy(1), bar(1, feed=feed).buy(10, asset=1)]
        assert fills(played(rows, COINS, STOCKS)) == [(0, 120, 120, 1), (1, 120, 220, 10)]


def test_the_equity_marks_both_assets() -> None:
    rows = [bar(0).buy(2), bar(0).buy(10, asset=1), bar(3).close(1)]
    curve = np.zeros(6, dtype=EQUITY_DTYPE)
    run_backtest(tape(*rows), {}, [COINS, STOCKS], settings(cash=2_000), progress=Counter(), equity_out=curve)
    # 2 units gain 0.10 an hour, 10 gain 5.00
    assert curve["equity"].tolist() == pytest.approx([2_000, 2_000, 2_050.2, 2_100.4, 2_150.6, 2_150.8])
    assert played(rows, COINS, STOCKS, under=settings(cash=2_000)).metrics.net_profit == pytest.approx(150.8)


def test_cash_is_shared() -> None:
    rows = [bar(0).buy(10, asset=1), bar(0).buy(1), bar(1).close(1), bar(2).buy(1)]
    # 10 units at 105.00 take 1,050 of 1,050.50
    result = played(rows, COINS, STOCKS, under=settings(cash=1_050.5))
    # in the order of the assets: the first asset's order meets its bar first
    assert fills(result) == [(0, 60, 110, 1), (0, 180, 130, 1)]
    assert result.rejections == {"not enough cash": 1}
    result = played(rows[:1] + rows[2:], COINS, STOCKS, under=settings(cash=1_050.5))
    assert fills(result) == [(1, 60, 210, 10), (1, 120, 220, -10), (0, 180, 130, 1)]


def test_a_share_is_of_the_equity_in_all_assets() -> None:
    rows = [bar(0).buy(10, asset=1), bar(2).buy(share=0.5)]
    under = settings(cash=1_050, account="margin", leverage=3)
    # 10 units at 105.00 have gained 50 at the newest close: half of 1,100 at 1.30
    result = played(rows, COINS, STOCKS, under=under)
    assert fills(result)[1] == (0, 180, 130, 423.076)


def test_the_margin_is_of_all_that_is_held() -> None:
    under = settings(cash=1_000, account="margin", leverage=2)
    flat = series(COIN, flat_bars(*[100] * 4)), series(STOCK, flat_bars(*[200] * 4))
    held = [bar(0).sell(10, asset=1)]
    assert len(played([*held, bar(1).buy(1_000)], *flat, under=under).fills) == 2
    assert played([*held, bar(1).buy(1_000.001)], *flat, under=under).rejections == {"not enough margin": 1}
    assert played([*held, bar(1).sell(1_000.001)], *flat, under=under).rejections == {"not enough margin": 1}
    # what makes a position smaller is never refused
    assert len(played([*held, bar(1).close(1)], *flat, under=under).fills) == 2


def test_the_profit_of_one_asset_is_margin_for_the_other() -> None:
    under = settings(cash=1_000, account="margin")
    prices = series(COIN, flat_bars(*[100] * 5)), series(STOCK, flat_bars(200, 200, 220, 220, 220))
    # 1,000 of stock gain 100 by the close of bar 2: 1,100 of equity hold 1,100, all of them in stock
    assert played([bar(0).buy(10, asset=1), bar(2).buy(0.001)], *prices, under=under).rejections == {
        "not enough margin": 1
    }
    sold = [bar(0).sell(10, asset=1), bar(2).close(1), bar(3).buy(900)]
    assert len(played(sold, *prices, under=under).fills) == 3
    sold[-1] = bar(3).buy(900.001)
    assert played(sold, *prices, under=under).rejections == {"not enough margin": 1}


def test_an_asset_that_the_run_does_not_have_is_rejected() -> None:
    result = played([bar(0).buy(1, asset=2), bar(0).sell(1, asset=-1), bar(0).buy(10, asset=1)], COINS, STOCKS)
    assert result.rejections == {"unknown asset": 2}
    assert fills(result) == [(1, 60, 210, 10)]


def test_lots_are_those_of_the_asset() -> None:
    result = played([bar(0).buy(5, asset=1), bar(0).buy(0.001)], COINS, STOCKS)
    assert result.rejections == {"the quantity is not a whole number of lots": 1}
    assert fills(result) == [(0, 60, 110, 0.001)]


@pytest.mark.parametrize("order", [(COIN, FUTURE), (FUTURE, COIN)])
def test_two_money_scales_are_counted_in_the_finer_one(order: tuple[Instrument, Instrument]) -> None:
    """A lot of the future, 0.1 units, gains 2e-12 a tick; a lot of the coin 1e-5."""
    of = [series(one, flat_bars(100, 100, 101, 101)) for one in order]
    coin, future = order.index(COIN), order.index(FUTURE)
    rows = [bar(0).buy(0.1, asset=future), bar(0).buy(0.003, asset=coin)]
    result = played(rows, *of, under=settings(cash=10, rate=0.001))
    by_asset = {int(fill["asset"]): fill for fill in result.fills}
    assert by_asset[future]["price"] == 0.001
    assert by_asset[future]["commission"] == 0.0  # 2e-13: no unit of 1e-12
    assert by_asset[coin]["commission"] == 0.000003
    assert result.metrics.open_profit == pytest.approx(2e-12 + 0.003 * 0.01 - 0.000003, abs=1e-15)
    assert result.metrics.final_equity == 10 + result.metrics.net_profit


def test_cash_that_the_finer_scale_cannot_hold_is_refused() -> None:
    """1e9 fit in units of 1e-8 and not in those of 1e-12."""
    of = [series(COIN, flat_bars(100, 100)), series(FUTURE, flat_bars(100, 100))]
    run_backtest(tape(), {}, of[:1], settings(cash=1e9), progress=Counter())
    with pytest.raises(InvalidRequest, match="1e-12 USD can hold") as refusal:
        run_backtest(tape(), {}, of, settings(cash=1e9), progress=Counter())
    assert refusal.value.code == "money_overflow"


def test_two_series_of_one_asset_have_the_same_units() -> None:
    finer = Instrument(
        asset_name="COIN", exchange="Test", tick_size=Decimal("0.001"), lot_size=Decimal("0.001"), quote="USD"
    )
    with pytest.raises(InvalidRequest, match="another tick size"):
        run_backtest(tape(), {}, [COINS, STOCKS, series(finer, flat_bars(100))], settings(), progress=Counter())


# missing bars


def test_an_order_waits_for_the_bar_that_its_asset_has_next() -> None:
    gappy = series(STOCK, flat_bars(200, 210, 220, 230, 240, 250), without=(1, 2))
    rows = [bar(0).buy(10, asset=1), bar(0).buy(1), bar(3).close(1)]
    result = played(rows, COINS, gappy)
    assert fills(result) == [(0, 60, 110, 1), (1, 180, 230, 10), (1, 240, 240, -10)]


def test_a_missing_bar_leaves_the_newest_price() -> None:
    gappy = series(STOCK, flat_bars(200, 210, 220, 230, 240, 250), without=(2, 3))
    curve = np.zeros(6, dtype=EQUITY_DTYPE)
    run_backtest(
        tape(bar(0).buy(10, asset=1)), {}, [COINS, gappy], settings(cash=2_000), progress=Counter(), equity_out=curve
    )
    assert curve["equity"].tolist() == [2_000, 2_000, 2_000, 2_000, 2_150, 2_200]


def test_an_immediate_order_has_the_next_bar_of_its_asset() -> None:
    gappy = series(STOCK, flat_bars(200, 210, 220, 230, 240, 250), without=(1, 2))
    rows = [bar(0).buy(10, asset=1, limit=230, time_in_force=2), bar(0).buy(20, asset=1, limit=229, time_in_force=2)]
    result = played(rows, COINS, gappy)
    assert fills(result) == [(1, 180, 230, 10)]


def test_an_asset_whose_bars_begin_later_waits_for_them() -> None:
    late = series(STOCK, flat_bars(200, 210), late=180)
    result = played([bar(0).buy(10, asset=1), bar(0).buy(amount=1_100, asset=1)], COINS, late)
    assert fills(result) == [(1, 180, 200, 10), (1, 180, 200, 10)]


# time frames

MINUTES: Final = [(100 + k, 101 + k, 99 + k, 100 + k) for k in range(12)]
"""Bars of a quarter of an hour."""
HOURS: Final = [(100, 104, 99, 103), (104, 108, 103, 107), (108, 112, 107, 111)]
"""The same time in bars of an hour."""


class Order(Strategy):
    """Buys as many as it has had bars of an hour, whenever a quarter is complete."""

    def init(self) -> None:
        self.hours = 0
        self.newest = 0

    def on_bar(self, bar: Bar) -> None:
        if bar.feed == 1:
            self.hours += 1
            self.newest = bar.close
        elif self.hours > 0:
            self.buy(float(self.hours), limit=self.newest + 100)


def test_a_bar_of_an_hour_is_never_delivered_before_its_last_minute() -> None:
    quarters, hours = series(COIN, bars_of(MINUTES), minutes=15), series(COIN, bars_of(HOURS))
    result = both_forms(Order, [quarters, hours], {}, settings())
    # the first hour is told of with its fourth quarter, after it: the fifth is the first to know it, the sixth to fill
    assert fills(result) == [(0, 15 * k, 100 + k, 1 if k < 9 else 2) for k in range(5, 12)]


def test_orders_meet_the_bars_of_the_shortest_frame() -> None:
    quarters, hours = series(COIN, bars_of(MINUTES), minutes=15), series(COIN, bars_of(HOURS))
    for of, feed in (((quarters, hours), 1), ((hours, quarters), 0)):
        rows = [bar(0, feed=feed).buy(1), bar(0, feed=feed).buy(2, stop=106), bar(1, feed=feed).close()]
        result = played(rows, *of)
        assert fills(result) == [(0, 60, 104, 1), (0, 75, 106, 2), (0, 120, 108, -3)]


def test_the_curve_is_of_the_main_series_whichever_is_matched() -> None:
    quarters, hours = series(COIN, bars_of(MINUTES), minutes=15), series(COIN, bars_of(HOURS))
    curve = np.zeros(3, dtype=EQUITY_DTYPE)
    run_backtest(
        tape(bar(0).buy(100)), {}, [hours, quarters], settings(cash=1_000), progress=Counter(), equity_out=curve
    )
    assert curve["equity"].tolist() == pytest.approx([1_000, 1_000 + 3, 1_000 + 7])


def test_three_series_of_two_assets_and_two_frames() -> None:
    quarters, hours = series(COIN, bars_of(MINUTES), minutes=15), series(COIN, bars_of(HOURS))
    stocks = series(STOCK, flat_bars(200, 210, 220))
    rows = [
        bar(0, feed=1).buy(1),  # 00:00–01:00 of the coin
        bar(0, feed=2).buy(10, asset=1),  # and of the stock
        bar(4, feed=0).buy(2),  # 01:00–01:15
        bar(4, feed=0).buy(20, asset=1),  # the stock's bar of 01:00 is under way
        bar(1, feed=2).close(),
    ]
    result = played(rows, quarters, hours, stocks)
    assert fills(result) == [
        (0, 60, 104, 1),
        (0, 75, 105, 2),
        (1, 60, 210, 10),
        (0, 120, 108, -3),
        (1, 120, 220, 20),
    ]


# what is known when


def test_a_bar_that_opened_before_an_order_of_another_asset_s_bar_does_not_fill_it() -> None:
    quarters, stocks = series(COIN, bars_of(MINUTES), minutes=15), series(STOCK, flat_bars(200, 210, 220))
    rows = [bar(k, feed=0).buy(10 * (k + 1), asset=1) for k in range(5)]
    result = played(rows, quarters, stocks)
    # the order of 00:45–01:00 is in time for the bar of 01:00, that of 01:00–01:15 is not
    assert fills(result) == [*((1, 60, 210, 10 * (k + 1)) for k in range(4)), (1, 120, 220, 50)]


def test_an_order_placed_on_another_asset_s_fill_waits_for_a_bar_that_opens_later() -> None:
    rows = [bar(0).buy(1), filled(1).buy(10, asset=1), filled(1).buy(2)]
    result = played(rows, COINS, STOCKS)
    assert fills(result) == [(0, 60, 110, 1), (0, 60, 110, 2), (1, 120, 220, 10)]
    # whichever of the two is matched first
    rows = [bar(0).buy(10, asset=1), filled(1).buy(1), filled(1).buy(20, asset=1)]
    result = played(rows, COINS, STOCKS)
    assert fills(result) == [(1, 60, 210, 10), (1, 60, 210, 20), (0, 120, 120, 1)]


def test_an_order_of_a_fill_in_a_bar_within_which_others_ended_waits_for_the_next() -> None:
    """The fill at the open of an hour is told when the hour is over, and the strategy has seen its quarters by then."""
    quarters, stocks = series(COIN, bars_of(MINUTES), minutes=15), series(STOCK, flat_bars(200, 210, 220))
    rows = [bar(0, feed=1).buy(10, asset=1), filled(1).buy(20, asset=1), filled(1).buy(1)]
    result = played(rows, quarters, stocks)
    assert fills(result) == [(1, 60, 210, 10), (0, 120, 108, 1), (1, 120, 220, 20)]


STOPPED: Final = [(200, 200, 200, 200), (200, 200, 200, 200), (200, 210, 190, 205), (205, 205, 195, 200)]


def test_a_bracket_moved_on_another_asset_s_fill_keeps_its_price_for_the_bar_under_way() -> None:
    """The stock's bar of 02:00 opens at 200 and falls to 190: a stop that is moved to 203 within it was not there."""
    coins = series(COIN, bars_of([(100, 100, 100, 100)] * 2 + [(100, 105, 95, 100)] * 2))
    stocks = series(STOCK, bars_of(STOPPED))
    entry = [bar(0).buy(10, asset=1, stop_loss=180), bar(1).buy(1, stop=104)]
    result = played([*entry, filled(3).move_stop(1, 203)], coins, stocks)
    assert fills(result) == [(1, 60, 200, 10), (0, 120, 104, 1), (1, 180, 203, -10)]
    result = played([*entry, filled(3).move_stop(1, 199)], coins, stocks)
    assert fills(result) == [(1, 60, 200, 10), (0, 120, 104, 1), (1, 180, 199, -10)]
    # and the stop that was there fills in it
    entry[0] = bar(0).buy(10, asset=1, stop_loss=191)
    result = played([*entry, filled(3).move_stop(1, 150)], coins, stocks)
    assert fills(result) == [(1, 60, 200, 10), (0, 120, 104, 1), (1, 120, 191, -10)]


def test_a_target_moved_while_its_asset_s_bar_is_under_way_is_for_the_next() -> None:
    quarters = series(COIN, bars_of(MINUTES), minutes=15)
    stocks = series(STOCK, bars_of([(200, 200, 200, 200), (215, 215, 190, 195), (195, 212, 190, 200)]))
    rows = [bar(1, feed=0).buy(10, asset=1, take_profit=300), bar(5, feed=0).move_target(1, 210)]
    # 01:15–01:30 moves it; the bar of 01:00 opened at 215
    result = played(rows, quarters, stocks)
    assert fills(result) == [(1, 60, 215, 10), (1, 120, 210, -10)]


def test_a_bracket_moved_twice_has_its_last_price() -> None:
    rows = [
        bar(0).buy(10, asset=1, stop_loss=150),
        bar(1).move_stop(1, 160),
        bar(1, feed=1).move_stop(1, 215),
    ]
    falling = series(STOCK, bars_of([(200, 200, 200, 200), (220, 220, 220, 220), (220, 220, 210, 212)]))
    assert fills(played(rows, series(COIN, flat_bars(100, 100, 100)), falling)) == [
        (1, 60, 220, 10),
        (1, 120, 215, -10),
    ]


def test_a_bracket_moves_at_once_within_its_own_bar_as_in_a_run_of_one_series() -> None:
    candles = [(100, 100, 100, 100), (100, 110, 94, 105), (105, 110, 94, 100)]
    rows = [bar(0).buy(1, stop_loss=80), filled(1).move_stop(1, 95)]
    alone = played(rows, series(COIN, bars_of(candles)))
    beside = played(rows, series(COIN, bars_of(candles)), STOCKS)
    assert fills(alone) == fills(beside) == [(0, 60, 100, 1), (0, 60, 95, -1)]


class Opens(Strategy):
    """Buys the other asset by the open of the first."""

    def on_open(self, bar: Open) -> None:
        if bar.i == 1:
            self.buy(10.0 * (1 + bar.asset), asset=1 - bar.asset)

    def on_bar(self, bar: Bar) -> None:
        pass


def test_on_open_sees_all_opens_of_an_instant_and_orders_fill_at_them() -> None:
    wide = series(STOCK, flat_bars(200, 210, 220))
    result = both_forms(Opens, [COINS, wide], {}, settings())
    assert sorted(fills(result)) == [(0, 60, 110, 20), (1, 60, 210, 10)]
    rows = [opening(1, asset=1).buy(1), opening(1, asset=0).buy(10, asset=1)]
    assert sorted(fills(played(rows, COINS, wide))) == [(0, 60, 110, 1), (1, 60, 210, 10)]


@pytest.mark.parametrize(
    "other",
    [
        series(STOCK, flat_bars(200, 210, 220), minutes=120),
        series(STOCK, flat_bars(200, 210, 220), late=30),  # opens lie within the other's bars
    ],
)
def test_on_open_is_refused_where_opens_would_come_late(other: Series) -> None:
    with pytest.raises(InvalidRequest, match="one time frame whose bars open together") as refusal:
        run_backtest(Opens, {}, [COINS, other], settings(), progress=Counter())
    assert refusal.value.code == "not_supported"


def test_bars_that_lie_across_each_other_fill_what_was_ordered_before_their_open() -> None:
    across = series(STOCK, flat_bars(200, 210, 220, 230), late=30)
    rows = [bar(1).buy(10, asset=1), bar(1, feed=1).buy(1)]
    # the coin's bar of 01:00 ends at 02:00, the stock's of 01:30 at 02:30
    assert fills(played(rows, COINS, across)) == [(1, 150, 220, 10), (0, 180, 130, 1)]


class Follower(Strategy):
    """Orders on both assets whatever fills."""

    def on_fill(self, fill: Fill) -> None:
        if fill.order < 3:
            self.buy(10, asset=1 - fill.asset)

    def on_bar(self, bar: Bar) -> None:
        if bar.feed == 0 and bar.i == 0:
            self.buy(1)


def test_fills_answered_on_the_other_asset_come_an_hour_after_each_other() -> None:
    result = both_forms(Follower, [COINS, STOCKS], {}, settings(cash=100_000))
    assert fills(result) == [(0, 60, 110, 1), (1, 120, 220, 10), (0, 180, 130, 10)]


# cash flows and liquidation


def test_each_asset_has_its_own_cash_flows() -> None:
    coins = series(COIN, flat_bars(*[100] * 4), flows=((120, FUNDING, 10_000_000),))
    stocks = series(STOCK, flat_bars(*[200] * 4), flows=((120, DIVIDEND, 500_000_000),))
    rows = [bar(0).buy(100), bar(0).sell(10, asset=1)]
    result = played(rows, coins, stocks, under=settings(cash=10_000, account="margin"))
    assert result.metrics.net_profit == pytest.approx(-1.0 - 5.0)


def margin(cash: float, rate: float = 0.1, slippage: int = 0) -> EngineSettings:
    return EngineSettings(
        initial_cash=cash,
        commission=Commission(model="rate", value=0.0),
        account=Account(type="margin", leverage=10, maintenance_rate=rate),
        slippage_ticks=slippage,
    )


def exits(result: EngineResult) -> list[tuple[int, float, str]]:
    return [
        (int(trip["asset"]), float(trip["exit_price"]), EXIT_REASONS[trip["exit_reason"]])
        for trip in result.round_trips
        if EXIT_REASONS[trip["exit_reason"]] != "open"
    ]


def test_the_loss_of_one_asset_liquidates_the_other_at_its_next_price() -> None:
    """1,000 coins at 1.00 and 10 stocks at 100.00 with 400 of cash, a tenth of each to be kept.

    The stock at 78.00 leaves 400 - 220 = 180 and asks for 178; at 77.00 170 are left. In the next hour the coins, first
    in order, are below what they need from the start.
    """
    rows = [bar(0).buy(1_000), bar(0).buy(10, asset=1)]
    coins = series(COIN, flat_bars(*[100] * 5))
    missed = series(STOCK, flat_bars(200, 200, 156, 156, 156))
    assert exits(played(rows, coins, missed, under=margin(400))) == []
    # its own price liquidates the stock first, at the open beyond it
    reached = series(STOCK, flat_bars(200, 200, 154, 154, 154))
    assert exits(played(rows, coins, reached, under=margin(400))) == [(1, 77.0, "liquidation")]


def test_a_fall_within_the_bar_liquidates_where_the_equity_of_both_is_too_small() -> None:
    # 10 stocks at p and 1,000 coins at 1.00: 400 + 10 (p - 100) < 0.1 (1,000 + 10 p), p < 77.78: 77.5 is the first tick
    rows = [bar(0).buy(1_000), bar(0).buy(10, asset=1)]
    stocks = series(STOCK, bars_of([(200,) * 4, (200,) * 4, (200, 200, 150, 200), (200,) * 4]))
    result = played(rows, series(COIN, flat_bars(*[100] * 4)), stocks, under=margin(400))
    assert exits(result) == [(1, 77.5, "liquidation")]
    assert result.warnings == ["1 position liquidated"]


def test_a_gain_of_the_other_asset_keeps_a_position_alive() -> None:
    rows = [bar(0).buy(1_000), bar(0).buy(10, asset=1)]
    stocks = series(STOCK, bars_of([(200,) * 4, (200,) * 4, (200,) * 4, (200, 200, 150, 200)]))
    coins = series(COIN, flat_bars(100, 100, 130, 130))
    # 300 gained on the coins: 700 + 10 (p - 100) < 0.1 (1,300 + 10 p), p < 47.78
    assert exits(played(rows, coins, stocks, under=margin(400))) == []


def test_what_is_left_after_a_liquidation_is_held_on() -> None:
    rows = [bar(0).buy(1_000), bar(0).sell(10, asset=1)]
    stocks = series(STOCK, flat_bars(200, 200, 300, 300, 300))
    coins = series(COIN, flat_bars(100, 100, 100, 150, 150))
    # the short stock loses 500 of 400 at the open of bar 2; then the coins are below at the open of bar 3, at 1.50:
    # they were so at 1.00 from the close of bar 2 on, and a higher open is better
    result = played(rows, coins, stocks, under=margin(400))
    assert exits(result) == [(1, 150.0, "liquidation")]
    assert result.metrics.final_equity == pytest.approx(400 - 500 + 500)


def test_an_entry_that_the_other_asset_s_maintenance_does_not_allow_is_rejected() -> None:
    rows = [bar(0).sell(10, asset=1), bar(1).buy(1_000)]
    flat = series(COIN, flat_bars(*[100] * 4)), series(STOCK, flat_bars(*[200] * 4))
    assert len(played(rows, *flat, under=margin(400, 0.2)).fills) == 2
    assert played(rows, *flat, under=margin(399, 0.2)).rejections == {"not enough margin": 1}


def test_both_assets_end_flat_when_asked() -> None:
    under = settings(cash=1_000_000, account="margin", close_at_end=True, slippage=1)
    rows = [bar(0).buy(10, asset=1, stop_loss=100), bar(0).sell(1, take_profit=50), bar(2).buy(10, asset=1, limit=1)]
    result = played(rows, COINS, STOCKS, under=under)
    assert fills(result)[2:] == [(0, 300, 151, 1), (1, 300, 249, -10)]
    assert result.metrics.open_profit == 0
