"""What fills at which price, what it costs, and what is refused."""

from collections.abc import Callable

import numpy as np
import pytest

from server.contract.requests import Commission
from server.engine.outcome import ORDER_STATUSES
from server.engine.tables import EXIT_REASONS, OPEN
from server.strategies import Fill, Strategy
from server.strategies.errors import StrategyError
from tests.trading import COIN, HOUR_MS, MONDAY_MS, bars_of, flat_bars, run, scripted, settings

RISING = bars_of([(100, 110, 90, 105), (107, 120, 106, 115), (117, 125, 111, 112), (113, 130, 100, 121)])
"""Ticks of a cent: 1.00 is an open of 100."""


def buys(quantity: float) -> Callable[[Strategy], object]:
    return lambda strategy: strategy.buy(quantity)


def sells(quantity: float) -> Callable[[Strategy], object]:
    return lambda strategy: strategy.sell(quantity)


def closes(strategy: Strategy) -> int:
    return strategy.close()


def test_an_order_of_a_bar_fills_at_the_next_open() -> None:
    result = run(scripted({0: buys(2)}), RISING)
    (fill,) = result.fills
    assert (fill["time"], fill["bar"], fill["quantity"], fill["price"]) == (MONDAY_MS + HOUR_MS, 1, 2.0, 1.07)


def test_an_order_of_the_last_bar_waits_for_ever() -> None:
    result = run(scripted({3: buys(2)}), RISING)
    assert len(result.fills) == 0
    assert [ORDER_STATUSES[status] for status in result.orders["status"]] == ["Pending"]


def test_an_order_of_an_open_fills_at_this_open() -> None:
    result = run(scripted(on_open={2: buys(1)}), RISING)
    assert result.fills["bar"].tolist() == [2]
    assert result.fills["price"].tolist() == [1.17]


def test_an_order_placed_on_a_fill_joins_the_same_bar() -> None:
    def once(strategy: Strategy, fill: Fill) -> None:
        if fill.order == 1:
            strategy.buy(3)

    result = run(scripted({0: buys(1)}, on_fill=once), RISING)
    assert result.fills["bar"].tolist() == [1, 1]
    assert result.fills["quantity"].tolist() == [1.0, 3.0]


def test_a_strategy_hears_of_its_fills_in_units_ticks_and_quote_currency() -> None:
    heard: list[Fill] = []
    run(
        scripted({0: buys(2), 1: sells(0.5)}, on_fill=lambda _, fill: heard.append(fill)),
        RISING,
        under=settings(rate=0.01),
    )
    assert heard == [
        Fill(order=1, asset=0, quantity=2.0, price=107, commission=0.0214, position=2.0),
        Fill(order=2, asset=0, quantity=-0.5, price=117, commission=0.00585, position=1.5),
    ]


def test_slippage_is_paid_on_both_sides() -> None:
    result = run(scripted({0: buys(1), 1: closes}), RISING, under=settings(slippage=3))
    assert result.fills["price"].tolist() == [1.10, 1.14]


@pytest.mark.parametrize(
    ("commission", "paid"),
    [
        (Commission(model="rate", value=0.001), 0.00321),
        (Commission(model="rate", value=0.001, minimum=0.5), 0.5),
        (Commission(model="perOrder", value=1.25), 1.25),
        (Commission(model="perUnit", value=0.2), 0.6),
        (Commission(model="perUnit", value=0.2, minimum=0.75), 0.75),
    ],
)
def test_each_model_of_commission_takes_its_share(commission: Commission, paid: float) -> None:
    result = run(scripted({0: buys(3)}), RISING, under=settings(commission=commission))
    assert result.fills["commission"].tolist() == [paid]
    assert result.metrics.commissions == paid
    assert result.metrics.net_profit == pytest.approx(3 * (1.21 - 1.07) - paid, abs=1e-12)


def test_a_commission_is_rounded_half_away_from_zero() -> None:
    # 0.001 units at 1.00 and a rate of 0.000005: 5e-9, half a unit of money
    result = run(scripted({0: buys(0.001)}), flat_bars(100, 100), under=settings(rate=0.000005))
    assert result.fills["commission"].tolist() == [1e-8]


def test_a_cash_account_refuses_what_it_cannot_pay_for() -> None:
    result = run(scripted({0: buys(9_346)}), RISING)
    assert result.rejections == {"not enough cash": 1}
    assert result.rejected == 1
    assert result.warnings == ["1 order rejected: not enough cash"]
    assert [ORDER_STATUSES[status] for status in result.orders["status"]] == ["Rejected"]


def test_a_cash_account_pays_its_last_cent() -> None:
    assert len(run(scripted({0: buys(100)}), flat_bars(10_000, 10_000)).fills) == 1
    assert len(run(scripted({0: buys(100)}), flat_bars(10_000, 10_000), under=settings(rate=1e-9)).fills) == 0


def test_a_cash_account_never_goes_short() -> None:
    result = run(scripted({0: buys(1), 1: sells(2)}), RISING)
    assert result.rejections == {"a cash account cannot sell what it does not hold": 1}
    assert result.fills["quantity"].tolist() == [1.0]


def test_a_margin_account_goes_short_and_gains_when_the_price_falls() -> None:
    result = run(scripted({0: sells(10), 2: closes}), flat_bars(100, 120, 90, 80), under=settings(account="margin"))
    (trip,) = result.round_trips
    assert trip["side"] == -1
    assert trip["profit"] == pytest.approx(10 * (1.20 - 0.80))
    assert result.metrics.net_profit == pytest.approx(4.0)


def test_leverage_bounds_the_position_of_a_margin_account() -> None:
    under = settings(cash=100, account="margin", leverage=2.5)
    assert len(run(scripted({0: buys(250)}), flat_bars(100, 100), under=under).fills) == 1
    assert run(scripted({0: buys(250.001)}), flat_bars(100, 100), under=under).rejections == {"not enough margin": 1}
    assert run(scripted({0: sells(250.001)}), flat_bars(100, 100), under=under).rejections == {"not enough margin": 1}


def test_a_position_can_be_closed_when_the_margin_is_gone() -> None:
    under = settings(cash=100, account="margin", leverage=2)
    result = run(scripted({0: buys(200), 2: closes}), flat_bars(100, 100, 40, 40), under=under)
    assert result.fills["quantity"].tolist() == [200.0, -200.0]
    assert result.warnings == ["the equity fell to zero or below; without a maintenance rate nothing is liquidated"]


def test_a_sale_of_more_than_is_held_flips_the_position() -> None:
    under = settings(account="margin", rate=0.01)
    result = run(scripted({0: buys(1), 1: sells(3)}), flat_bars(100, 100, 120, 90), under=under)
    closed, still_open = result.round_trips
    assert (closed["side"], closed["quantity"], still_open["side"], still_open["quantity"]) == (1, 1.0, -1, 2.0)
    assert closed["commission"] == pytest.approx(0.01 + 0.012)
    assert still_open["commission"] == pytest.approx(0.024)
    assert still_open["exit_time"] == OPEN
    assert closed["profit"] + still_open["profit"] == pytest.approx(result.metrics.net_profit)


def test_a_partial_close_takes_its_share_of_the_average_entry() -> None:
    result = run(scripted({0: buys(1), 1: buys(3), 2: sells(2)}), flat_bars(100, 100, 200, 300))
    closed, still_open = result.round_trips
    assert (closed["quantity"], closed["entry_price"], closed["profit"]) == (2.0, 1.75, 2.5)
    assert (still_open["quantity"], still_open["entry_price"], still_open["profit"]) == (2.0, 1.75, 2.5)


def test_a_share_of_the_equity_buys_whole_lots_after_costs() -> None:
    under = settings(cash=100, rate=0.01)
    result = run(scripted({0: lambda s: s.buy(share=0.5)}), flat_bars(700, 700), under=under)
    # 7.072 a unit are paid out of 50
    assert result.fills["quantity"].tolist() == [7.072]


def test_a_run_can_end_flat() -> None:
    result = run(scripted({0: buys(2), 3: buys(1)}), RISING, under=settings(close_at_end=True, slippage=1))
    (trip,) = result.round_trips
    assert (trip["exit_price"], EXIT_REASONS[trip["exit_reason"]]) == (1.20, "endOfData")
    assert result.metrics.open_profit == 0
    assert [ORDER_STATUSES[status] for status in result.orders["status"]] == ["Filled", "Cancelled", "Filled"]


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        (0, "the quantity is zero"),
        (-1, "the quantity is negative"),
        (0.0005, "the quantity is not a whole number of lots"),
        (1.0004, "the quantity is not a whole number of lots"),
        (float("nan"), "the quantity is not a number"),
        (float("inf"), "the quantity is too large"),
        (1e300, "the quantity is too large"),
    ],
)
def test_what_is_no_quantity_is_rejected_with_the_reason(quantity: float, reason: str) -> None:
    returned: list[int] = []
    result = run(scripted({0: lambda s: returned.append(s.buy(quantity))}), RISING)
    assert result.rejections == {reason: 1}
    assert returned == [0]


def test_a_sum_of_decimals_is_still_a_whole_number_of_lots() -> None:
    assert run(scripted({0: buys(0.1 + 0.2)}), RISING).fills["quantity"].tolist() == [0.3]


def test_a_quantity_that_overflows_money_is_rejected() -> None:
    under = settings(account="margin", leverage=1000)
    result = run(scripted({0: buys(9e12)}), RISING, under=under)
    assert result.rejections == {"the quantity is too large": 1}


def test_a_share_outside_of_0_to_1_is_rejected() -> None:
    result = run(scripted({0: lambda s: s.buy(share=1.01), 1: lambda s: s.buy(share=0)}), RISING)
    assert result.rejections == {"the share of the equity is not above 0 and at most 1": 2}


def test_a_cancelled_order_does_not_fill() -> None:
    seen: list[object] = []

    def place_and_cancel(strategy: Strategy) -> None:
        order = strategy.buy(1)
        seen.extend((strategy.open_orders, strategy.cancel(order), strategy.cancel(order), strategy.open_orders))

    result = run(scripted({0: place_and_cancel}), RISING)
    assert seen == [1, True, False, 0]
    assert len(result.fills) == 0


def test_closing_cancels_what_waits() -> None:
    def change_of_mind(strategy: Strategy) -> None:
        strategy.buy(5)
        strategy.close()

    result = run(scripted({0: buys(1), 1: change_of_mind}), RISING)
    assert result.fills["quantity"].tolist() == [1.0, -1.0]


def test_all_waiting_orders_can_be_cancelled_at_once() -> None:
    def change_of_mind(strategy: Strategy) -> None:
        strategy.buy(1)
        strategy.buy(2)
        strategy.cancel_all()

    assert len(run(scripted({0: change_of_mind}), RISING).fills) == 0


def test_a_strategy_sees_its_account() -> None:
    seen: list[tuple[float, float, float, float]] = []

    def looks(strategy: Strategy) -> None:
        seen.append((strategy.position, strategy.position_of(0), strategy.cash, strategy.equity))
        strategy.buy(1)

    run(scripted({0: looks, 1: looks}), flat_bars(100, 200, 300))
    assert seen == [(0.0, 0.0, 10_000.0, 10_000.0), (1.0, 1.0, 9_998.0, 10_000.0)]


def test_too_many_waiting_orders_fail_the_run() -> None:
    def flood(strategy: Strategy) -> None:
        for _ in range(1_001):
            strategy.buy(1)

    with pytest.raises(StrategyError, match="TooManyOrders: more than 1000 orders wait at once"):
        run(scripted({0: flood}), RISING)


def test_filling_for_ever_within_one_bar_is_stopped() -> None:
    with pytest.raises(StrategyError, match="TooManyOrders"):
        run(scripted({0: buys(0.001)}, on_fill=lambda strategy, _: strategy.buy(0.001)), RISING)


def test_an_order_needs_exactly_one_size() -> None:
    with pytest.raises(StrategyError, match="TypeError: an order takes exactly one of"):
        run(scripted({0: lambda s: s.buy()}), RISING)


def test_an_asset_that_the_run_does_not_have_is_no_asset() -> None:
    assert run(scripted({0: lambda s: s.buy(1, asset=1)}), RISING).rejections == {"unknown asset": 1}


@pytest.mark.parametrize("asked", [lambda s: s.close(1), lambda s: s.position_of(1), lambda s: s.close(-1)])
def test_asking_about_an_unknown_asset_fails_the_run(asked: Callable[[Strategy], object]) -> None:
    with pytest.raises(StrategyError, match=r"the run has 1 asset; there is no asset -?1"):
        run(scripted({0: asked}), RISING)


def test_excursions_are_the_worst_and_best_of_the_bars_in_between() -> None:
    bars = bars_of([(100, 100, 100, 100), (100, 130, 95, 110), (110, 150, 80, 90), (120, 900, 1, 120)])
    (trip,) = run(scripted({0: buys(1), 2: closes}), bars).round_trips
    # from the open of bar 1 to the open of bar 3: of bar 3 only the open
    assert (trip["max_adverse"], trip["max_favourable"], trip["bars"]) == (pytest.approx(-0.2), pytest.approx(0.5), 2)


def test_excursions_of_a_short_position_are_mirrored() -> None:
    bars = bars_of([(100, 100, 100, 100), (100, 130, 95, 110), (110, 150, 80, 90), (120, 900, 1, 120)])
    (trip,) = run(scripted({0: sells(1), 2: closes}), bars, under=settings(account="margin")).round_trips
    assert (trip["max_adverse"], trip["max_favourable"]) == (pytest.approx(-0.5), pytest.approx(0.2))


def test_an_exit_at_the_last_close_has_seen_the_whole_last_bar() -> None:
    bars = bars_of([(100, 100, 100, 100), (100, 130, 60, 110)])
    (trip,) = run(scripted({0: buys(1)}), bars, under=settings(close_at_end=True)).round_trips
    assert (trip["max_adverse"], trip["max_favourable"]) == (pytest.approx(-0.4), pytest.approx(0.3))


def test_a_multiplier_scales_money_and_not_prices() -> None:
    future = type(COIN)(
        asset_name="FUT",
        exchange="Test",
        tick_size=COIN.tick_size,
        lot_size=COIN.lot_size,
        quote="USD",
        multiplier=COIN.lot_size * 50_000,
    )
    result = run(scripted({0: buys(2)}), flat_bars(100, 100, 110), instrument=future)
    assert result.fills["price"].tolist() == [1.0]
    assert result.metrics.net_profit == pytest.approx(2 * 0.10 * 50)
    assert np.isclose(result.round_trips["profit"][0], 10.0)
