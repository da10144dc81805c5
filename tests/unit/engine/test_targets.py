"""Bars worked by hand, in both forms: several take profits of an entry, and brackets that move."""

from typing import Final

import pytest

from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EXIT_REASONS
from tests.forms import both_forms
from tests.tape import Row, bar, filled, opening, tape
from tests.trading import COIN, HOUR_MS, bars_of, settings

Candle = tuple[int, int, int, int]
QUIET: Final[Candle] = (100, 101, 99, 100)
WHOLE: Final = 0.001
"""One lot in units."""


def played(rows: list[Row], *candles: Candle, slippage: int = 0, under: EngineSettings | None = None) -> EngineResult:
    """A quiet bar 0, then the candles, on a margin account; the same in both forms."""
    bars = bars_of([QUIET, *candles])
    under = under or settings(account="margin", slippage=slippage)
    return both_forms(tape(*rows), [Series(bars, 0, bars.shape[1], COIN, HOUR_MS)], {}, under)


def fills(result: EngineResult) -> list[tuple[int, int, float]]:
    """Bar, price in ticks and units of each fill."""
    return [(int(fill["bar"]), round(fill["price"] * 100), float(fill["quantity"])) for fill in result.fills]


def statuses(result: EngineResult) -> list[str]:
    return [ORDER_STATUSES[status] for status in result.orders["status"]]


def reasons(result: EngineResult) -> list[str]:
    return [EXIT_REASONS[trip["exit_reason"]] for trip in result.round_trips]


# several take profits

HALVES: Final = [
    bar(0).buy(4, stop_loss=90),
    bar(0).add_target(1, 105, 0.5),
    bar(0).add_target(1, 110, 0.5),
]


def test_each_target_closes_its_share_and_the_last_one_ends_the_stop() -> None:
    result = played(HALVES, QUIET, (100, 105, 99, 104), (104, 110, 103, 109), (100, 100, 80, 80))
    assert fills(result) == [(1, 100, 4), (2, 105, -2), (3, 110, -2)]
    assert reasons(result) == ["takeProfit", "takeProfit"]
    assert statuses(result) == ["Filled", "Cancelled", "Filled", "Filled"]
    # 2 × 0.05 + 2 × 0.10
    assert result.metrics.net_profit == pytest.approx(0.30)


def test_one_bar_can_reach_all_targets_of_an_entry_but_never_a_stop_after_them() -> None:
    assert fills(played(HALVES, QUIET, (100, 111, 95, 100))) == [(1, 100, 4), (2, 105, -2), (2, 110, -2)]
    assert fills(played(HALVES, QUIET, (100, 111, 90, 100))) == [(1, 100, 4), (2, 90, -4)]


def test_targets_fill_at_an_open_beyond_them() -> None:
    assert fills(played(HALVES, QUIET, (107, 108, 99, 100))) == [(1, 100, 4), (2, 107, -2)]
    assert fills(played(HALVES, QUIET, (112, 113, 99, 100))) == [(1, 100, 4), (2, 112, -2), (2, 112, -2)]


def test_the_stop_closes_what_a_target_left() -> None:
    result = played(HALVES, QUIET, (100, 105, 99, 104), (104, 104, 85, 88))
    assert fills(result) == [(1, 100, 4), (2, 105, -2), (3, 90, -2)]
    assert statuses(result) == ["Filled", "Filled", "Filled", "Cancelled"]


def test_targets_of_less_than_the_whole_leave_the_rest_to_the_stop() -> None:
    rows = [bar(0).buy(4, stop_loss=90), bar(0).add_target(1, 105, 0.25)]
    result = played(rows, QUIET, (100, 120, 99, 104), (104, 120, 85, 88))
    assert fills(result) == [(1, 100, 4), (2, 105, -1), (3, 90, -3)]


@pytest.mark.parametrize(
    ("lots", "share", "closed"),
    [
        (3, 0.5, 2),  # half a lot: away from zero
        (5, 0.3, 2),
        (5, 0.29, 1),
        (1, 0.5, 1),
        (10, 1 / 3, 3),
    ],
)
def test_a_share_is_rounded_to_whole_lots(lots: int, share: float, closed: int) -> None:
    rows = [bar(0).buy(lots * WHOLE, stop_loss=90), bar(0).add_target(1, 105, share)]
    result = played(rows, QUIET, (100, 105, 99, 104))
    assert [round(quantity / WHOLE) for quantity in result.fills["quantity"]] == [lots, -closed]


def test_a_target_of_less_than_half_a_lot_ends_with_the_entry() -> None:
    rows = [bar(0).buy(WHOLE, stop_loss=90), bar(0).add_target(1, 105, 0.4)]
    assert statuses(played(rows, QUIET, (100, 105, 99, 104))) == ["Filled", "Pending", "Cancelled"]


def test_rounded_up_shares_close_no_more_than_the_entry_opened() -> None:
    rows = [
        bar(0).buy(3 * WHOLE, stop_loss=90),
        *(bar(0).add_target(1, price, 0.5) for price in (105, 106)),
    ]
    result = played(rows, QUIET, (100, 106, 99, 104), (104, 110, 80, 90))
    assert [round(quantity / WHOLE) for quantity in result.fills["quantity"]] == [3, -2, -1]
    assert statuses(result) == ["Filled", "Cancelled", "Filled", "Filled"]


def test_targets_of_more_than_the_whole_touch_no_other_entry() -> None:
    """The second target finds one unit of its entry; the other entry's two are not its own."""
    rows = [
        bar(0).buy(2, stop_loss=90),
        bar(0).add_target(1, 105, 0.5),
        bar(0).add_target(1, 106, 1.0),
        bar(0).buy(2, stop_loss=80),
    ]
    result = played(rows, QUIET, (100, 107, 99, 104), (104, 104, 79, 80))
    assert fills(result) == [(1, 100, 2), (1, 100, 2), (2, 105, -1), (2, 106, -1), (3, 80, -2)]


def test_a_target_ends_when_another_one_has_closed_the_entry() -> None:
    rows = [
        bar(0).buy(2),
        bar(0).add_target(1, 105, 1.0),
        bar(0).add_target(1, 106, 0.5),
        bar(0).buy(2),
    ]
    result = played(rows, QUIET, (100, 107, 99, 104), (104, 120, 100, 110))
    assert fills(result) == [(1, 100, 2), (1, 100, 2), (2, 105, -2)]
    assert statuses(result) == ["Filled", "Filled", "Cancelled", "Filled"]


def test_a_whole_take_profit_closes_what_an_added_target_left() -> None:
    rows = [bar(0).buy(4, stop_loss=90, take_profit=110), bar(0).add_target(1, 105, 0.5)]
    result = played(rows, QUIET, (100, 112, 99, 104))
    # in order of submission: the whole one first, where one bar has both prices
    assert fills(result) == [(1, 100, 4), (2, 110, -4)]
    result = played(rows, QUIET, (100, 106, 99, 104), (100, 112, 99, 104))
    assert fills(result) == [(1, 100, 4), (2, 105, -2), (3, 110, -2)]


def test_a_target_closes_no_more_than_a_sale_has_left() -> None:
    rows = [*HALVES, bar(1).sell(3)]
    result = played(rows, QUIET, QUIET, (100, 111, 99, 104))
    assert fills(result) == [(1, 100, 4), (2, 100, -3), (3, 105, -1)]
    assert statuses(result) == ["Filled", "Cancelled", "Filled", "Cancelled", "Filled"]


def test_two_entries_have_a_bracket_each() -> None:
    rows = [
        bar(0).buy(2, stop_loss=90),
        bar(0).add_target(1, 105, 0.5),
        bar(1).buy(4, stop_loss=95),
        bar(1).add_target(4, 104, 0.5),
    ]
    assert rows[3][4]["order"] == 4  # 1 entry, 2 stop, 3 target, 4 entry, 5 stop, 6 target
    result = played(rows, QUIET, QUIET, (100, 105, 99, 104), (104, 104, 94, 96), (96, 96, 89, 90))
    assert fills(result) == [(1, 100, 2), (2, 100, 4), (3, 105, -1), (3, 104, -2), (4, 95, -2), (5, 90, -1)]
    assert result.metrics.net_profit == pytest.approx(0.05 + 2 * 0.04 - 2 * 0.05 - 0.10)


def test_a_short_entry_has_its_targets_below() -> None:
    rows = [bar(0).sell(4, stop_loss=110), bar(0).add_target(1, 95, 0.5), bar(0).add_target(1, 90, 0.5)]
    result = played(rows, QUIET, (100, 101, 95, 100), (100, 110, 96, 100))
    assert fills(result) == [(1, 100, -4), (2, 95, 2), (3, 110, 2)]


def test_on_the_bar_of_an_entry_inside_the_bar_no_target_fills() -> None:
    rows = [bar(0).buy(4, stop=104, stop_loss=95), bar(0).add_target(1, 106, 0.5)]
    result = played(rows, (100, 108, 99, 104), (104, 108, 99, 104))
    assert fills(result) == [(1, 104, 4), (2, 106, -2)]


def test_targets_can_only_be_added_while_the_entry_waits() -> None:
    late = played([bar(0).buy(4), bar(1).add_target(1, 105, 0.5)], QUIET, (100, 111, 99, 104))
    assert fills(late) == [(1, 100, 4)]
    assert len(late.orders) == 1
    unknown = played([bar(0).add_target(7, 105, 0.5)], QUIET)
    assert len(unknown.orders) == 0


@pytest.mark.parametrize(
    ("price", "share", "reason"),
    [
        (105.0, 0.0, "the share of the equity is not above 0 and at most 1"),
        (105.0, 1.01, "the share of the equity is not above 0 and at most 1"),
        (float("nan"), 0.5, "a price is not a number"),
        (float("inf"), 0.5, "a price is too large"),
    ],
)
def test_a_target_that_cannot_be_is_rejected_and_the_entry_goes_on(price: float, share: float, reason: str) -> None:
    result = played([bar(0).buy(4), bar(0).add_target(1, price, share)], QUIET)
    assert result.rejections == {reason: 1}
    assert fills(result) == [(1, 100, 4)]


def test_the_end_of_the_run_ends_targets_too() -> None:
    result = played(HALVES, QUIET, under=settings(account="margin", close_at_end=True, slippage=1))
    assert fills(result) == [(1, 101, 4), (1, 99, -4)]
    assert reasons(result) == ["endOfData"]
    assert statuses(result) == ["Filled", "Cancelled", "Cancelled", "Cancelled", "Filled"]


def test_the_end_of_the_run_ends_the_bracket_of_an_entry_that_still_waits() -> None:
    rows = [bar(0).buy(1, limit=50, stop_loss=40, take_profit=60)]
    result = played(rows, QUIET, under=settings(close_at_end=True))
    assert statuses(result) == ["Cancelled"] * 3


# brackets that move

BRACKET: Final = bar(0).buy(1, stop_loss=90, take_profit=110)


def test_a_stop_moves_up_behind_the_price() -> None:
    rows = [BRACKET, bar(1).move_stop(1, 97), bar(2).move_stop(1, 102)]
    result = played(rows, QUIET, (100, 106, 98, 105), (105, 106, 102, 104))
    assert fills(result) == [(1, 100, 1), (3, 102, -1)]
    assert result.orders["stop"][1] == 1.02
    assert statuses(result) == ["Filled", "Filled", "Cancelled"]


def test_a_bracket_moves_before_its_entry_fills() -> None:
    rows = [
        bar(0).buy(1, limit=98, stop_loss=90, take_profit=110),
        bar(1).move_stop(1, 95),
        bar(1).move_target(1, 103),
    ]
    assert fills(played(rows, QUIET, (99, 99, 97, 98), (98, 103, 96, 100))) == [(2, 98, 1), (3, 103, -1)]
    assert fills(played(rows, QUIET, (99, 99, 97, 98), (98, 102, 95, 100))) == [(2, 98, 1), (3, 95, -1)]


def test_a_stop_moved_beyond_the_price_fills_at_the_next_open() -> None:
    result = played([BRACKET, bar(1).move_stop(1, 105)], QUIET, (101, 106, 98, 105), slippage=1)
    assert fills(result) == [(1, 101, 1), (2, 100, -1)]
    assert reasons(result) == ["stopLoss"]


def test_a_target_moved_below_the_price_fills_at_the_next_open() -> None:
    result = played([BRACKET, bar(1).move_target(1, 95)], QUIET, (101, 106, 98, 105), slippage=1)
    assert fills(result) == [(1, 101, 1), (2, 101, -1)]
    assert reasons(result) == ["takeProfit"]


def test_moving_the_targets_moves_all_of_them() -> None:
    rows = [*HALVES, bar(1).move_target(1, 107)]
    result = played(rows, QUIET, (100, 106, 99, 104), (104, 107, 103, 106))
    assert fills(result) == [(1, 100, 4), (3, 107, -2), (3, 107, -2)]


@pytest.mark.parametrize(
    "row",
    [
        bar(1).move_stop(7, 99),  # no such order
        bar(1).move_stop(2, 99),  # the stop's own number, not the entry's
        bar(1).move_stop(1, float("nan")),
        bar(1).move_target(1, float("inf")),
        bar(3).move_stop(1, 99),  # it is over
    ],
)
def test_what_cannot_be_moved_stays(row: Row) -> None:
    result = played([BRACKET, row], QUIET, (100, 105, 90, 95), (95, 120, 80, 100), (100, 100, 100, 100))
    assert fills(result) == [(1, 100, 1), (2, 90, -1)]


def test_an_entry_without_a_stop_has_none_to_move() -> None:
    result = played([bar(0).buy(1, take_profit=110), bar(1).move_stop(1, 99)], QUIET, (100, 105, 90, 95))
    assert fills(result) == [(1, 100, 1)]


def test_moving_one_entry_s_stop_leaves_the_other_s() -> None:
    rows = [bar(0).buy(1, stop_loss=90), bar(0).buy(2, stop_loss=80), bar(1).move_stop(3, 95)]
    result = played(rows, QUIET, (100, 100, 94, 95), (95, 95, 89, 90))
    assert fills(result) == [(1, 100, 1), (1, 100, 2), (2, 95, -2), (3, 90, -1)]


def test_a_target_moved_on_a_fill_inside_a_bar_is_not_filled_at_an_open_that_is_past() -> None:
    # the price has fallen from 108 to 97 when the target is moved down to 105
    rows = [BRACKET, bar(1).buy(1, limit=97), filled(4).move_target(1, 105)]
    result = played(rows, QUIET, (108, 109, 96, 98), (98, 106, 97, 100))
    assert fills(result) == [(1, 100, 1), (2, 97, 1), (3, 105, -1)]


def test_a_stop_moved_on_a_fill_inside_a_bar_is_not_filled_at_an_open_that_is_past() -> None:
    # the price has risen from 94 to 99 when the stop is moved up to 96
    rows = [BRACKET, bar(1).buy(1, stop=99), filled(4).move_stop(1, 96)]
    assert fills(played(rows, QUIET, (94, 101, 93, 100))) == [(1, 100, 1), (2, 99, 1), (2, 96, -1)]


def test_a_bracket_moved_on_a_fill_at_the_open_sees_the_whole_bar() -> None:
    rows = [BRACKET, bar(1).buy(1), filled(4).move_target(1, 104)]
    assert fills(played(rows, QUIET, (100, 105, 98, 100))) == [(1, 100, 1), (2, 100, 1), (2, 104, -1)]


def test_a_bracket_moved_at_an_open_meets_this_bar() -> None:
    rows = [BRACKET, opening(2).move_stop(1, 98)]
    assert fills(played(rows, QUIET, (100, 101, 97, 100))) == [(1, 100, 1), (2, 98, -1)]


def test_a_bracket_can_be_moved_in_the_bar_of_its_entry() -> None:
    rows = [BRACKET, filled(1).move_stop(1, 98)]
    assert fills(played(rows, (100, 105, 97, 104))) == [(1, 100, 1), (1, 98, -1)]


def test_the_bracket_of_an_entry_at_the_open_sees_the_bar_from_there_whatever_filled_inside_before() -> None:
    # in order of submission the limit order fills first, at 95; the market order is the open's
    rows = [bar(0).buy(1, limit=95), bar(0).buy(2, stop_loss=98, take_profit=107)]
    assert fills(played(rows, (100, 105, 94, 96))) == [(1, 95, 1), (1, 100, 2), (1, 98, -2)]
    rows = [bar(0).buy(1, limit=95), bar(0).buy(2, take_profit=107)]
    assert fills(played(rows, (100, 107, 94, 96))) == [(1, 95, 1), (1, 100, 2), (1, 107, -2)]
