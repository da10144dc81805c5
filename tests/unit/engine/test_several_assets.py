"""Runs over several series: what is told of each asset is told by its own name, scales and bars."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.events import Recorder
from server.engine.outcome import EngineResult
from server.engine.series import DIVIDEND, FLOW_DTYPE, FUNDING, NO_FLOWS, Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, EXIT_REASONS, OPEN
from server.strategies import Bar, Strategy
from server.strategies.errors import StrategyError
from tests.trading import COIN, HOUR_MS, MONDAY_MS, Bars, Counter, bars_of, flat_bars, settings

STOCK = Instrument(asset_name="STOCK", exchange="Test", tick_size=Decimal("0.5"), lot_size=Decimal(10), quote="USD")
Step = Callable[[Strategy], object]


def every(hours: int, bars: Bars) -> Bars:
    """The same bars, so many hours long each."""
    longer = bars.copy()
    longer[0] = MONDAY_MS + (bars[0] - MONDAY_MS) * hours
    return longer


def series(instrument: Instrument, bars: Bars, hours: int = 1, flows: Sequence[tuple[int, int, int]] = ()) -> Series:
    """Bars of an asset; `flows` as hour, kind, amount."""
    told = NO_FLOWS
    if flows:
        told = np.array([(MONDAY_MS + HOUR_MS * hour, kind, amount) for hour, kind, amount in flows], FLOW_DTYPE)
    return Series(bars, 0, bars.shape[1], instrument, hours * HOUR_MS, told)


def when(steps: dict[tuple[int, int], Step]) -> type[Strategy]:
    """A strategy that acts on bars by their series and number."""

    class Acting(Strategy):
        def on_bar(self, bar: Bar) -> None:
            step = steps.get((bar.feed, bar.i))
            if step is not None:
                step(self)

    return Acting


def run(
    steps: dict[tuple[int, int], Step],
    *of: Series,
    under: EngineSettings | None = None,
    recorder: Recorder | None = None,
    curve: Any = None,
) -> EngineResult:
    return run_backtest(
        when(steps),
        {},
        of,
        under or settings(cash=1_000_000),
        progress=Counter(),
        listeners=[recorder] if recorder else [],
        equity_out=curve,
    )


COINS = series(COIN, flat_bars(100, 110, 120, 130, 140, 150))
STOCKS = series(STOCK, flat_bars(200, 210, 220, 230, 240, 250))
TRADED: dict[tuple[int, int], Step] = {
    (0, 0): lambda s: (s.buy(20, asset=1), s.buy(0.5)),
    (0, 2): lambda s: s.close(asset=1),
    (0, 3): lambda s: s.buy(30, asset=1),
}


def test_fills_and_orders_have_the_prices_and_units_of_their_asset() -> None:
    result = run(TRADED, COINS, STOCKS)
    assert [(f["asset"], f["bar"], f["quantity"], f["price"]) for f in result.fills] == [
        (0, 1, 0.5, 1.1),
        (1, 1, 20.0, 105.0),
        (1, 3, -20.0, 115.0),
        (1, 4, 30.0, 120.0),
    ]
    assert [(o["id"], o["asset"], o["quantity"]) for o in result.orders] == [
        (1, 1, 20.0),
        (2, 0, 0.5),
        (3, 1, 20.0),
        (4, 1, 30.0),
    ]


def test_round_trips_of_all_assets_add_up_and_the_open_ones_come_last() -> None:
    result = run(TRADED, COINS, STOCKS, under=settings(cash=1_000_000, rate=0.01))
    trips = result.round_trips
    assert trips["asset"].tolist() == [1, 0, 1]
    assert trips["bars"].tolist() == [2, 4, 1]
    assert (trips["exit_time"] == OPEN).tolist() == [False, True, True]
    assert (trips["max_favourable"][0], trips["entry_price"][0], trips["exit_price"][0]) == (200.0, 105.0, 115.0)
    assert trips["profit"].sum() == pytest.approx(result.metrics.net_profit)
    assert trips["profit"][1:].sum() == pytest.approx(result.metrics.open_profit)


def test_bars_of_a_trip_are_those_that_its_asset_is_matched_against() -> None:
    """The main series has bars of two hours, the other asset of one."""
    coins = series(COIN, every(2, flat_bars(100, 110, 120)), hours=2)
    candles = [(200, 200, 200, 200), (200, 200, 200, 200), (210, 240, 190, 220), (230, 260, 230, 230)]
    stocks = series(STOCK, bars_of([*candles, (240, 240, 240, 240), (250, 250, 250, 250)]))
    steps: dict[tuple[int, int], Step] = {(0, 0): lambda s: s.buy(10, asset=1), (1, 4): lambda s: s.close(asset=1)}
    result = run(steps, coins, stocks)
    (trip,) = result.round_trips
    assert (trip["entry_time"], trip["exit_time"]) == (MONDAY_MS + 2 * HOUR_MS, MONDAY_MS + 5 * HOUR_MS)
    assert (trip["bars"], trip["asset"]) == (3, 1)
    assert (trip["max_adverse"], trip["max_favourable"]) == (10 * -10.0, 10 * 25.0)
    assert [(f["bar"], f["time"] - MONDAY_MS) for f in result.fills] == [(2, 2 * HOUR_MS), (5, 5 * HOUR_MS)]
    assert result.orders["submitted_at"].tolist() == [MONDAY_MS, MONDAY_MS + 4 * HOUR_MS]


def test_what_is_closed_at_the_end_ends_with_the_newest_bar_of_its_asset() -> None:
    """The last row is one of the other asset, and opens an hour later."""
    coins = series(COIN, every(2, flat_bars(100, 110, 120)), hours=2)
    result = run(
        {(0, 0): lambda s: (s.buy(1), s.buy(10, asset=1))},
        coins,
        STOCKS,
        under=settings(cash=1_000_000, close_at_end=True),
    )
    assert [EXIT_REASONS[trip["exit_reason"]] for trip in result.round_trips] == ["endOfData"] * 2
    assert [(t["asset"], t["exit_time"] - MONDAY_MS, t["bars"]) for t in result.round_trips] == [
        (0, 4 * HOUR_MS, 1),
        (1, 5 * HOUR_MS, 3),
    ]
    assert result.fills["time"].tolist()[-2:] == result.round_trips["exit_time"].tolist()


def test_the_curve_has_a_row_for_each_bar_of_the_main_series() -> None:
    coins = series(COIN, every(2, flat_bars(100, 110, 120)), hours=2)
    curve = np.zeros(3, dtype=EQUITY_DTYPE)
    result = run({(0, 0): lambda s: s.buy(10, asset=1)}, coins, STOCKS, curve=curve)
    assert curve["ts"].tolist() == coins.bars[0].tolist()
    assert curve["equity"].tolist() == [1_000_000.0, 1_000_000 + 10 * 5.0, 1_000_000 + 10 * 15.0]
    assert (result.bars, result.curve_rows) == (9, 3)


def test_events_name_each_asset_and_come_in_the_order_of_completion() -> None:
    coins = series(COIN, every(2, flat_bars(100, 110)), hours=2)
    stocks = series(STOCK, flat_bars(200, 210, 220, 230))
    recorder = Recorder()
    run({(0, 0): lambda s: s.buy(10, asset=1)}, coins, stocks, recorder=recorder)
    told = [
        ((e.ts - MONDAY_MS) // HOUR_MS, e.type, e.d.get("assetName"), e.d.get("timeFrame")) for e in recorder.events
    ]
    assert told == [
        (0, "run.start", "COIN", None),
        (0, "bar", "STOCK", "1h"),
        (0, "ord.place", "STOCK", None),  # of the bar of two hours, which opened then
        (0, "bar", "COIN", "2h"),
        (1, "bar", "STOCK", "1h"),
        (2, "ord.fill", "STOCK", None),
        (2, "pos", "STOCK", None),
        (2, "bar", "STOCK", "1h"),
        (2, "bar", "COIN", "2h"),
        (3, "bar", "STOCK", "1h"),
        (3, "run.end", None, None),
    ]
    (fill,) = [event for event in recorder.events if event.type == "ord.fill"]
    assert (fill.d["quantity"], fill.d["price"]) == (10.0, 110.0)
    assert [event.d["open"] for event in recorder.events if event.type == "bar"] == [
        *(100.0, 1.0, 105.0, 110.0, 1.1, 115.0)
    ]


def test_events_of_many_blocks_tell_every_bar_once_and_in_order() -> None:
    prices = [100 + at % 7 for at in range(20_000)]
    recorder = Recorder()
    one, other = series(COIN, flat_bars(*prices)), series(STOCK, every(3, flat_bars(*prices[:6_666])), hours=3)
    result = run({(0, 15_000): lambda s: s.buy(10, asset=1)}, one, other, recorder=recorder)
    bars = [event for event in recorder.events if event.type == "bar"]
    assert len(bars) == result.bars == 26_666
    complete = [event.ts + HOUR_MS * int(event.d["timeFrame"][0]) for event in bars]
    assert complete == sorted(complete)
    assert [event.ts for event in bars if event.d["assetName"] == "STOCK"] == other.bars[0].tolist()


def test_a_failure_tells_of_the_instants_before_it() -> None:
    def breaks(_: Strategy) -> None:
        raise ValueError("no more")

    recorder = Recorder()
    with pytest.raises(StrategyError, match=r"no more \(at bar 5\)"):
        run({(0, 0): lambda s: s.buy(10, asset=1), (1, 2): breaks}, COINS, STOCKS, recorder=recorder)
    assert [event.type for event in recorder.events] == [
        *("run.start", "ord.place", "bar", "bar", "ord.fill", "pos", "bar", "bar", "err")
    ]


def test_flows_of_an_asset_are_booked_once_though_two_of_its_series_carry_them() -> None:
    flows = [(2, FUNDING, 10_000_000), (2, DIVIDEND, 250_000_000), (3, FUNDING, -10_000_000)]
    bars = flat_bars(100, 200, 200, 200, 200, 200)
    longer = series(COIN, every(2, flat_bars(100, 200, 200)), hours=2, flows=flows)
    steps: dict[tuple[int, int], Step] = {(1, 0): lambda s: s.buy(10)}
    recorder = Recorder()
    under = settings(cash=1_000, account="margin")
    result = run(steps, longer, series(COIN, bars, flows=flows), under=under, recorder=recorder)
    assert result.metrics.net_profit == pytest.approx(-0.2 + 2.5 + 0.2)
    told = [(e.ts - MONDAY_MS, e.d) for e in recorder.events if e.type == "cash"]
    paid = {"assetName": "COIN", "quantity": 10.0, "price": 2.0}
    assert told == [
        (2 * HOUR_MS, {**paid, "type": "funding", "amount": -0.2}),
        (2 * HOUR_MS, {**paid, "type": "dividends", "amount": 2.5}),
        (3 * HOUR_MS, {**paid, "type": "funding", "amount": 0.2}),
    ]
