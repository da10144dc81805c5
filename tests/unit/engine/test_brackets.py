"""Bars worked by hand: stop losses and take profits, from the moment of entry to the end of the position."""

from collections.abc import Callable
from typing import Any

import pytest

from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.engine.tables import EXIT_REASONS
from server.strategies import Fill, Strategy
from server.strategies.errors import StrategyError
from tests.trading import bars_of, run, scripted, settings

QUIET = (100, 101, 99, 100)
Candle = tuple[int, int, int, int]
Step = Callable[[Strategy], object]
LONG: Step = lambda s: s.buy(1, stop_loss=90, take_profit=110)  # noqa: E731  # reads as a table row
SHORT: Step = lambda s: s.sell(1, stop_loss=110, take_profit=90)  # noqa: E731  # reads as a table row


def played(steps: dict[int, Step], *candles: Candle, slippage: int = 0, **more: Any) -> EngineResult:
    """A quiet bar 0, then the candles, on a margin account."""
    under = settings(account="margin", slippage=slippage)
    return run(scripted(steps, **more), bars_of([QUIET, *candles]), under=under)


def exits(result: EngineResult) -> list[tuple[int, int, str]]:
    """Bars held, exit price in ticks and reason of the round trips that ended."""
    return [
        (int(trip["bars"]), round(trip["exit_price"] * 100), EXIT_REASONS[trip["exit_reason"]])
        for trip in result.round_trips
        if EXIT_REASONS[trip["exit_reason"]] != "open"
    ]


def statuses(result: EngineResult) -> list[str]:
    return [ORDER_STATUSES[status] for status in result.orders["status"]]


@pytest.mark.parametrize(
    ("entry", "candles", "expected"),
    [
        (LONG, [QUIET, (100, 110, 95, 100)], (1, 110, "takeProfit")),
        (LONG, [QUIET, (112, 115, 95, 100)], (1, 112, "takeProfit")),  # opens beyond: better
        (LONG, [QUIET, (100, 105, 90, 100)], (1, 90, "stopLoss")),
        (LONG, [QUIET, (85, 105, 84, 100)], (1, 85, "stopLoss")),  # opens beyond: worse
        (LONG, [QUIET, (100, 115, 85, 100)], (1, 90, "stopLoss")),  # both reachable: the stop
        (LONG, [QUIET, QUIET, QUIET, (100, 110, 99, 100)], (3, 110, "takeProfit")),
        (LONG, [(100, 110, 95, 100)], (0, 110, "takeProfit")),  # entered at this open
        (LONG, [(100, 115, 85, 100)], (0, 90, "stopLoss")),
        (SHORT, [QUIET, (100, 105, 90, 100)], (1, 90, "takeProfit")),
        (SHORT, [QUIET, (100, 110, 95, 100)], (1, 110, "stopLoss")),
        (SHORT, [QUIET, (115, 116, 85, 100)], (1, 115, "stopLoss")),
    ],
)
def test_a_bracket_ends_its_position(entry: Step, candles: list[Candle], expected: tuple[int, int, str]) -> None:
    result = played({0: entry}, *candles)
    assert exits(result) == [expected]
    assert sorted(statuses(result)) == ["Cancelled", "Filled", "Filled"]


def test_a_stop_loss_pays_slippage_where_a_take_profit_does_not() -> None:
    assert exits(played({0: LONG}, QUIET, (100, 105, 85, 100), slippage=2)) == [(1, 88, "stopLoss")]
    assert exits(played({0: LONG}, QUIET, (100, 115, 95, 100), slippage=2)) == [(1, 110, "takeProfit")]


@pytest.mark.parametrize(
    ("candles", "expected"),
    [
        ([(100, 112, 94, 100)], []),  # the high may have been before the entry
        ([(100, 112, 94, 100), (100, 112, 99, 100)], [(1, 110, "takeProfit")]),
        ([(100, 112, 89, 100)], [(0, 90, "stopLoss")]),
        ([(93, 112, 92, 100)], [(0, 110, "takeProfit")]),  # entered at the open
    ],
)
def test_on_the_bar_of_an_entry_inside_the_bar_only_the_stop_can_fill(
    candles: list[Candle], expected: list[tuple[int, int, str]]
) -> None:
    result = played({0: lambda s: s.buy(1, limit=95, stop_loss=90, take_profit=110)}, *candles)
    assert exits(result) == expected


def test_the_stop_of_an_entry_inside_the_bar_is_not_filled_at_an_open_that_is_past() -> None:
    # bought at 105, after the open at 95
    result = played({0: lambda s: s.buy(1, stop=105, stop_loss=98)}, (95, 106, 94, 105))
    assert exits(result) == [(0, 98, "stopLoss")]


def test_a_bracket_ends_with_the_position_whoever_closed_it() -> None:
    result = played({0: LONG, 1: lambda s: s.close()}, QUIET, QUIET, (100, 120, 80, 100))
    assert exits(result) == [(1, 100, "signal")]
    assert statuses(result) == ["Filled", "Cancelled", "Cancelled", "Filled"]


def test_a_bracket_ends_when_the_position_is_flipped() -> None:
    result = played({0: LONG, 1: lambda s: s.sell(3)}, QUIET, QUIET, (100, 120, 80, 100))
    assert statuses(result) == ["Filled", "Cancelled", "Cancelled", "Filled"]
    assert result.fills["quantity"].tolist() == [1.0, -3.0]


def test_the_bracket_of_a_flip_protects_what_it_opened() -> None:
    steps: dict[int, Step] = {0: LONG, 1: lambda s: s.sell(3, stop_loss=105, take_profit=90)}
    result = played(steps, QUIET, QUIET, (100, 106, 99, 100))
    assert exits(result) == [(1, 100, "signal"), (1, 105, "stopLoss")]
    assert result.fills["quantity"].tolist() == [1.0, -3.0, 2.0]


def test_an_order_that_opens_nothing_has_no_bracket() -> None:
    steps: dict[int, Step] = {0: lambda s: s.buy(2), 1: lambda s: s.sell(1, stop_loss=110)}
    result = played(steps, QUIET, QUIET, (100, 120, 80, 100))
    assert statuses(result) == ["Filled", "Filled", "Cancelled"]


def test_a_bracket_closes_no_more_than_is_left() -> None:
    steps: dict[int, Step] = {0: lambda s: s.buy(3, stop_loss=90), 1: lambda s: s.sell(2)}
    result = played(steps, QUIET, QUIET, (100, 100, 80, 80))
    assert result.fills["quantity"].tolist() == [3.0, -2.0, -1.0]


def test_every_entry_has_its_own_bracket() -> None:
    steps: dict[int, Step] = {0: lambda s: s.buy(1, stop_loss=95), 1: lambda s: s.buy(2, stop_loss=90)}
    result = played(steps, QUIET, QUIET, (100, 100, 94, 96), (96, 96, 89, 90))
    assert exits(result) == [(2, 95, "stopLoss"), (3, 90, "stopLoss")]
    assert result.fills["quantity"].tolist() == [1.0, 2.0, -1.0, -2.0]


def test_a_share_of_the_equity_is_protected_whole() -> None:
    result = played({0: lambda s: s.buy(share=1.0, stop_loss=90)}, QUIET, (100, 100, 80, 80))
    assert result.fills["quantity"].tolist() == [10_000.0, -10_000.0]
    assert result.metrics.net_profit == pytest.approx(-1_000)


def test_an_entry_that_does_not_fill_leaves_no_bracket() -> None:
    rejected = played({0: lambda s: s.buy(1e9, stop_loss=90, take_profit=110)}, (100, 120, 80, 100))
    assert statuses(rejected) == ["Rejected", "Cancelled", "Cancelled"]
    steps: dict[int, Step] = {0: lambda s: s.buy(1, limit=50, stop_loss=40), 1: lambda s: s.cancel(1)}
    cancelled = played(steps, QUIET, (50, 50, 30, 30))
    assert statuses(cancelled) == ["Cancelled", "Cancelled"]
    grouped = played(
        {0: lambda s: (s.buy(1, group=1), s.buy(1, limit=50, stop_loss=40, group=1))}, QUIET, (50, 50, 30, 30)
    )
    assert statuses(grouped) == ["Filled", "Cancelled", "Cancelled"]


def test_cancelling_all_leaves_a_position_protected() -> None:
    result = played({0: LONG, 1: lambda s: s.cancel_all()}, QUIET, QUIET, (100, 100, 85, 85))
    assert exits(result) == [(2, 90, "stopLoss")]


def test_brackets_are_not_counted_among_the_orders_that_wait() -> None:
    seen: list[int] = []

    def look(strategy: Strategy) -> None:
        seen.append(strategy.open_orders)

    def enter(strategy: Strategy) -> None:
        LONG(strategy)
        look(strategy)

    played({0: enter, 1: look}, QUIET, QUIET)
    assert seen == [1, 0]


def test_a_part_of_a_bracket_can_be_cancelled_by_its_id() -> None:
    # ids follow that of the entry: 2 is the stop loss
    result = played({0: LONG, 1: lambda s: s.cancel(2)}, QUIET, (100, 105, 80, 85), (85, 111, 85, 110))
    assert exits(result) == [(2, 110, "takeProfit")]


def test_a_strategy_can_enter_anew_in_the_bar_of_its_stop() -> None:
    def again(strategy: Strategy, fill: Fill) -> None:
        if fill.price == 90 and fill.quantity < 0:
            strategy.buy(1, stop_loss=80, take_profit=95)

    # in again at 90, inside of a bar whose open is at 100 and whose low is at 85
    result = played({0: LONG}, QUIET, (100, 100, 85, 90), (90, 90, 79, 80), on_fill=again)
    assert [round(price * 100) for price in result.fills["price"]] == [100, 90, 90, 80]


def test_the_end_of_the_run_ends_brackets_too() -> None:
    under = settings(close_at_end=True)
    result = run(scripted({0: LONG}), bars_of([QUIET, QUIET]), under=under)
    assert statuses(result) == ["Filled", "Cancelled", "Cancelled", "Filled"]


def test_brackets_take_room_in_the_table_of_orders() -> None:
    def flood(strategy: Strategy) -> None:
        for _ in range(334):
            LONG(strategy)

    with pytest.raises(StrategyError, match="TooManyOrders"):
        played({0: flood}, QUIET)
