"""Bars worked by hand: where limit, stop and stop-limit orders fill, and how orders end that do not."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from server.engine.events import Recorder
from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.strategies import DAY, IOC, Fill, Strategy
from tests.trading import HOUR_MS, Bars, bars_of, flat_bars, run, scripted, settings

QUIET = (100, 101, 99, 100)
MARGIN = settings(account="margin")
Step = Callable[[Strategy], object]


def buys(**order: Any) -> Step:
    return lambda strategy: strategy.buy(1, **order)


def sells(**order: Any) -> Step:
    return lambda strategy: strategy.sell(1, **order)


def meets(order: Step, *candles: tuple[int, int, int, int], slippage: int = 0) -> list[tuple[int, float]]:
    """Bar and price in ticks of the fills of one order that is placed on a quiet bar 0, short sales allowed."""
    under = settings(account="margin", slippage=slippage)
    fills = run(scripted({0: order}), bars_of([QUIET, *candles]), under=under).fills
    return [(int(fill["bar"]), round(fill["price"] * 100)) for fill in fills]


def statuses(result: EngineResult) -> list[str]:
    return [ORDER_STATUSES[status] for status in result.orders["status"]]


def played(steps: Mapping[int, Step], bars: Bars, **more: Any) -> EngineResult:
    return run(scripted(steps, **more), bars, under=MARGIN)


@pytest.mark.parametrize(
    ("order", "candle", "price"),
    [
        (buys(limit=95), (100, 105, 95, 102), 95),  # touched
        (buys(limit=95), (100, 105, 96, 102), None),  # missed by a tick
        (buys(limit=95), (90, 105, 88, 102), 90),  # opens below: better than asked
        (sells(limit=105), (100, 105, 95, 102), 105),
        (sells(limit=105), (100, 104, 95, 102), None),
        (sells(limit=105), (110, 112, 95, 102), 110),
    ],
)
def test_a_limit_order_fills_at_its_limit_or_better(
    order: Step, candle: tuple[int, int, int, int], price: int | None
) -> None:
    assert meets(order, candle, slippage=3) == ([] if price is None else [(1, price)])


@pytest.mark.parametrize(
    ("order", "candle", "price"),
    [
        (buys(stop=105), (100, 105, 95, 102), 107),  # touched, two ticks of slippage
        (buys(stop=105), (100, 104, 95, 102), None),
        (buys(stop=105), (110, 112, 95, 102), 112),  # gaps over it
        (sells(stop=95), (100, 105, 95, 102), 93),
        (sells(stop=95), (100, 105, 96, 102), None),
        (sells(stop=95), (90, 105, 88, 102), 88),
    ],
)
def test_a_stop_order_fills_at_its_stop_or_worse(
    order: Step, candle: tuple[int, int, int, int], price: int | None
) -> None:
    assert meets(order, candle, slippage=2) == ([] if price is None else [(1, price)])


@pytest.mark.parametrize(
    ("order", "candles", "fills"),
    [
        # triggered within the limit: at the trigger, and no slippage takes it beyond the limit
        (buys(stop=105, limit=106), [(100, 110, 95, 102)], [(1, 105)]),
        (buys(stop=105, limit=106), [(106, 110, 95, 102)], [(1, 106)]),
        # gaps beyond the limit: a limit order from the next bar on
        (buys(stop=105, limit=106), [(107, 110, 95, 102)], []),
        (buys(stop=105, limit=106), [(107, 110, 95, 102), (104, 104, 103, 103)], [(2, 104)]),
        (buys(stop=105, limit=106), [(107, 110, 95, 108), (108, 109, 105, 107)], [(2, 106)]),
        # a limit below the stop never fills in the bar that triggers
        (buys(stop=105, limit=101), [(100, 110, 95, 102), (102, 103, 101, 102)], [(2, 101)]),
        # not triggered: the limit alone fills nothing
        (buys(stop=105, limit=106), [(100, 104, 95, 102)], []),
        (sells(stop=95, limit=94), [(100, 110, 90, 102)], [(1, 95)]),
        (sells(stop=95, limit=94), [(93, 110, 90, 102), (96, 97, 93, 95)], [(2, 96)]),
        (sells(stop=95, limit=99), [(100, 110, 90, 92), (92, 99, 90, 98)], [(2, 99)]),
    ],
)
def test_a_stop_limit_order_triggers_first(
    order: Step, candles: list[tuple[int, int, int, int]], fills: list[tuple[int, float]]
) -> None:
    assert meets(order, *candles, slippage=2) == fills


def test_an_order_waits_until_a_bar_reaches_it() -> None:
    assert meets(buys(limit=90), QUIET, QUIET, (95, 95, 90, 91), (80, 80, 80, 80)) == [(3, 90)]


@pytest.mark.parametrize(("price", "ticks"), [(94.4, 94), (94.5, 95), (95.49, 95), (94.49999999999999, 94)])
def test_prices_are_rounded_to_whole_ticks(price: float, ticks: int) -> None:
    assert meets(buys(limit=price), (100, 100, 80, 90)) == [(1, ticks)]


def test_half_ticks_below_zero_are_rounded_away_from_zero() -> None:
    result = played({0: buys(limit=-1.5)}, bars_of([QUIET, QUIET]))
    assert result.orders["limit"].tolist() == [-0.02]


@pytest.mark.parametrize("name", ["limit", "stop", "stop_loss", "take_profit"])
@pytest.mark.parametrize(
    ("price", "reason"), [(float("nan"), "a price is not a number"), (float("inf"), "a price is too large")]
)
def test_what_is_no_price_is_rejected_with_the_reason(name: str, price: float, reason: str) -> None:
    result = played({0: buys(**{name: price})}, bars_of([QUIET, QUIET]))
    assert result.rejections == {reason: 1}
    assert len(result.fills) == 0


def test_orders_fill_in_order_of_submission() -> None:
    def both(strategy: Strategy) -> None:
        strategy.sell(1, limit=105)
        strategy.buy(1, limit=95)

    result = played({0: both}, bars_of([QUIET, (100, 106, 94, 100)]))
    assert result.fills["order"].tolist() == [1, 2]
    assert [trip["side"] for trip in result.round_trips] == [-1]


def test_a_limit_order_of_an_open_meets_this_bar() -> None:
    result = run(scripted(on_open={1: buys(limit=95)}), bars_of([QUIET, (100, 100, 94, 96)]))
    assert (result.fills["bar"].tolist(), result.fills["price"].tolist()) == ([1], [0.95])


def test_a_limit_order_is_rejected_where_it_would_fill() -> None:
    result = run(
        scripted({0: lambda s: s.buy(200, limit=90)}), bars_of([QUIET, QUIET, (95, 95, 90, 91)]), under=settings(cash=1)
    )
    assert result.rejections == {"not enough cash": 1}
    assert statuses(result) == ["Rejected"]


def test_a_share_of_the_equity_is_found_where_a_limit_order_fills() -> None:
    result = run(scripted({0: lambda s: s.buy(share=1.0, limit=80)}), bars_of([QUIET, (100, 100, 70, 90)]))
    assert result.fills["quantity"].tolist() == [12_500.0]


# what on_fill places


def follows(step: Callable[[Strategy], object]) -> Callable[[Strategy, Fill], None]:
    def on_fill(strategy: Strategy, fill: Fill) -> None:
        if fill.order == 1:
            step(strategy)

    return on_fill


@pytest.mark.parametrize(
    ("then", "fills"),
    [
        (lambda s: s.sell(1), [(1, 95), (1, 95)]),  # not the open at 100, which is past
        (lambda s: s.sell(1, stop=92), [(1, 95), (1, 92)]),
        (lambda s: s.sell(1, stop=97), [(1, 95), (1, 95)]),
        (lambda s: s.sell(1, limit=94), [(1, 95), (1, 95)]),
        (lambda s: s.sell(1, limit=105), [(1, 95), (2, 105)]),  # the high may have been before the fill
    ],
)
def test_an_order_placed_on_a_fill_inside_a_bar_sees_the_bar_from_there(
    then: Step, fills: list[tuple[int, int]]
) -> None:
    bars = bars_of([QUIET, (100, 106, 90, 100), (100, 106, 99, 100)])
    result = played({0: buys(limit=95)}, bars, on_fill=follows(then))
    found = [(int(fill["bar"]), round(fill["price"] * 100)) for fill in result.fills]
    assert found == fills


def test_an_order_placed_on_a_fill_at_the_open_sees_the_whole_bar() -> None:
    bars = bars_of([QUIET, (100, 106, 90, 100)])
    result = played({0: buys()}, bars, on_fill=follows(lambda s: s.sell(1, limit=105)))
    assert result.fills["price"].tolist() == [1.0, 1.05]


def test_a_fill_inside_a_bar_marks_the_equity_at_its_price() -> None:
    seen: list[float] = []
    bars = bars_of([QUIET, (100, 106, 90, 100)])
    played({0: buys(limit=95)}, bars, on_fill=lambda strategy, _: seen.append(strategy.equity))
    assert seen == [10_000.0]


# time in force


def test_a_day_order_ends_with_the_utc_day() -> None:
    def place(strategy: Strategy) -> None:
        strategy.buy(1, limit=90, time_in_force=DAY)

    bars = bars_of([QUIET] * 24 + [(90, 90, 90, 90)])
    result = played({3: place}, bars)
    assert statuses(result) == ["Expired"]
    assert len(played({3: place}, bars_of([QUIET] * 23 + [(90, 90, 90, 90)])).fills) == 1


def test_a_day_order_of_the_last_bar_of_a_day_is_for_the_next_day() -> None:
    result = played({23: buys(limit=90, time_in_force=DAY)}, bars_of([QUIET] * 30 + [(90, 90, 90, 90)]))
    assert result.fills["bar"].tolist() == [30]


def test_a_day_order_ends_even_when_no_price_wakes_it() -> None:
    recorder = Recorder()
    bars = bars_of([QUIET] * 30)
    run(scripted({3: buys(limit=1, time_in_force=DAY)}), bars, listeners=[recorder])
    (cancel,) = [event for event in recorder.events if event.type == "ord.cancel"]
    assert (cancel.ts, cancel.d["reason"]) == (int(bars[0, 0]) + 24 * HOUR_MS, "expired")


def test_an_immediate_order_has_one_bar() -> None:
    result = played({0: buys(limit=90, time_in_force=IOC)}, bars_of([QUIET, QUIET, (90, 90, 90, 90)]))
    assert statuses(result) == ["Expired"]
    assert meets(buys(limit=99, time_in_force=IOC), QUIET) == [(1, 99)]


def test_an_immediate_stop_limit_order_that_triggers_beyond_its_limit_ends() -> None:
    order = buys(stop=105, limit=106, time_in_force=IOC)
    assert meets(order, (107, 110, 100, 102), (100, 100, 100, 100)) == []


def test_an_unknown_time_in_force_is_rejected() -> None:
    result = played({0: buys(time_in_force=3)}, bars_of([QUIET, QUIET]))
    assert result.rejections == {"the time in force is none of GTC, DAY and IOC": 1}


# groups and cancelling


def test_the_first_fill_of_a_group_cancels_the_others() -> None:
    def breakout(strategy: Strategy) -> None:
        strategy.buy(1, stop=105, group=7)
        strategy.sell(1, stop=95, group=7)
        strategy.buy(1, limit=90, group=8)

    result = played({0: breakout}, bars_of([QUIET, (100, 106, 94, 100), (100, 100, 90, 90)]))
    assert statuses(result) == ["Filled", "Cancelled", "Filled"]
    assert result.fills["price"].tolist() == [1.05, 0.90]


def test_a_rejected_order_cancels_nothing_of_its_group() -> None:
    def pair(strategy: Strategy) -> None:
        strategy.buy(1_000_000, group=1)
        strategy.buy(1, group=1)

    assert statuses(played({0: pair}, bars_of([QUIET, QUIET]))) == ["Rejected", "Filled"]


def test_a_cancelled_limit_order_does_not_fill() -> None:
    bars = bars_of([QUIET, QUIET, (90, 90, 90, 90)])
    result = played({0: buys(limit=90), 1: lambda s: s.cancel(1)}, bars)
    assert statuses(result) == ["Cancelled"]


def test_a_fill_can_cancel_what_the_same_bar_would_have_filled() -> None:
    def two(strategy: Strategy) -> None:
        strategy.buy(1, limit=95)
        strategy.buy(1, limit=94)

    bars = bars_of([QUIET, (100, 100, 90, 95)])
    result = played({0: two}, bars, on_fill=lambda strategy, _: strategy.cancel_all())
    assert statuses(result) == ["Filled", "Cancelled"]


def test_closing_cancels_a_waiting_limit_order() -> None:
    steps: dict[int, Step] = {0: buys(), 1: buys(limit=90), 2: lambda s: s.close()}
    result = played(steps, flat_bars(100, 100, 100, 90))
    assert statuses(result) == ["Filled", "Cancelled", "Filled"]


def test_orders_that_never_fill_are_compacted_away() -> None:
    def one(strategy: Strategy) -> None:
        strategy.cancel_all()
        strategy.buy(1, limit=1)

    result = played(dict.fromkeys(range(3_000), one), bars_of([QUIET] * 3_000))
    assert statuses(result).count("Cancelled") == 2_999
