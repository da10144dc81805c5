"""Bars worked by hand: the maintenance margin, and what happens when it is gone."""

import pytest

from server.contract.problems import InvalidRequest
from server.contract.requests import Account, Commission
from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.engine.settings import EngineSettings
from server.engine.tables import EXIT_REASONS
from server.strategies import Strategy
from tests.trading import bars_of, flat_bars, run, scripted, settings


def margin(rate: float, *, cash: float = 100.0, leverage: float = 10.0, slippage: int = 0) -> EngineSettings:
    return EngineSettings(
        initial_cash=cash,
        commission=Commission(model="rate", value=0.0),
        account=Account(type="margin", leverage=leverage, maintenance_rate=rate),
        slippage_ticks=slippage,
    )


def exits(result: EngineResult) -> list[tuple[int, int, str]]:
    return [
        (int(trip["bars"]), round(trip["exit_price"] * 100), EXIT_REASONS[trip["exit_reason"]])
        for trip in result.round_trips
    ]


def statuses(result: EngineResult) -> list[str]:
    return [ORDER_STATUSES[status] for status in result.orders["status"]]


# 500 units at 1.00 with 100 of cash owe 400: with a rate of 0.1 the price is 400 / (500 × 0.9) = 0.888…
LONG = {0: lambda s: s.buy(500)}
# 500 units sold at 1.00 hold 600: 600 / (500 × 1.1) = 1.0909…
SHORT = {0: lambda s: s.sell(500)}


@pytest.mark.parametrize(
    ("candle", "expected"),
    [
        ((100, 100, 89, 95), (1, None, "open")),
        ((100, 100, 88, 95), (1, 88, "liquidation")),
        ((85, 100, 85, 95), (1, 85, "liquidation")),  # opens beyond
    ],
)
def test_a_long_position_is_liquidated_below_its_maintenance_margin(
    candle: tuple[int, int, int, int], expected: tuple[int, int | None, str]
) -> None:
    bars = bars_of([(100, 100, 100, 100), (100, 100, 100, 100), candle])
    result = run(scripted(LONG), bars, under=margin(0.1))
    (trip,) = result.round_trips
    reason = EXIT_REASONS[trip["exit_reason"]]
    assert (trip["bars"], None if reason == "open" else round(trip["exit_price"] * 100), reason) == expected


def test_a_short_position_is_liquidated_above_its_maintenance_margin() -> None:
    quiet = (100, 100, 100, 100)
    reached = run(scripted(SHORT), bars_of([quiet, quiet, (100, 110, 100, 100)]), under=margin(0.1))
    assert exits(reached) == [(1, 110, "liquidation")]
    missed = run(scripted(SHORT), bars_of([quiet, quiet, (100, 109, 100, 100)]), under=margin(0.1))
    assert len(missed.fills) == 1


def test_a_liquidation_pays_slippage_and_is_told() -> None:
    bars = bars_of([(100, 100, 100, 100)] * 2 + [(100, 100, 80, 95)])
    result = run(scripted({0: lambda s: s.buy(400)}), bars, under=margin(0.1, slippage=1))
    # bought at 1.01: owes 304, and 304 / (400 × 0.9) = 0.844…
    assert exits(result) == [(1, 83, "liquidation")]
    assert result.warnings == ["1 position liquidated"]


def test_a_liquidation_can_happen_on_the_bar_of_the_entry() -> None:
    bars = bars_of([(100, 100, 100, 100), (100, 100, 80, 95)])
    assert exits(run(scripted(LONG), bars, under=margin(0.1))) == [(0, 88, "liquidation")]


def test_a_liquidation_cancels_all_that_waits_on_the_asset() -> None:
    def enter(strategy: Strategy) -> None:
        strategy.buy(500, stop_loss=50, take_profit=200)
        strategy.buy(1, limit=10)

    bars = bars_of([(100, 100, 100, 100)] * 2 + [(100, 100, 80, 95)])
    result = run(scripted({0: enter}), bars, under=margin(0.1))
    assert statuses(result) == ["Filled", "Cancelled", "Cancelled", "Cancelled", "Filled"]


def test_a_stop_before_the_liquidation_price_comes_first() -> None:
    bars = bars_of([(100, 100, 100, 100)] * 2 + [(100, 100, 80, 95)])
    entry = {0: lambda s: s.buy(500, stop_loss=92)}
    assert exits(run(scripted(entry), bars, under=margin(0.1))) == [(1, 92, "stopLoss")]
    late = {0: lambda s: s.buy(500, stop_loss=85)}
    assert exits(run(scripted(late), bars, under=margin(0.1))) == [(1, 88, "liquidation")]


def test_an_open_beyond_the_liquidation_price_leaves_no_time_for_other_orders() -> None:
    steps = {0: lambda s: s.buy(500), 1: lambda s: s.sell(500, limit=120)}
    bars = bars_of([(100, 100, 100, 100)] * 2 + [(80, 130, 80, 125)])
    result = run(scripted(steps), bars, under=margin(0.1))
    assert exits(result) == [(1, 80, "liquidation")]
    assert statuses(result) == ["Filled", "Cancelled", "Filled"]


def test_an_entry_below_the_maintenance_margin_is_rejected() -> None:
    under = margin(0.2)
    assert run(scripted({0: lambda s: s.buy(500.001)}), flat_bars(100, 100), under=under).rejections == {
        "not enough margin": 1
    }
    assert len(run(scripted({0: lambda s: s.buy(500)}), flat_bars(100, 100), under=under).fills) == 1


def test_a_loss_beyond_the_cash_is_told_after_a_liquidation_too() -> None:
    result = run(scripted(LONG), flat_bars(100, 100, 50), under=margin(0.0))
    assert exits(result) == [(1, 50, "liquidation")]
    assert result.metrics.final_equity == -150.0
    assert result.warnings == ["1 position liquidated", "the equity fell to zero or below"]


def test_a_run_goes_on_after_a_liquidation() -> None:
    steps = {0: lambda s: s.buy(500), 2: lambda s: s.buy(1)}
    result = run(scripted(steps), flat_bars(100, 100, 88, 90, 95), under=margin(0.1))
    assert result.fills["quantity"].tolist() == [500.0, -500.0, 1.0]


def test_without_a_maintenance_rate_nothing_is_liquidated() -> None:
    under = settings(cash=100, account="margin", leverage=10)
    assert len(run(scripted(LONG), flat_bars(100, 100, 50), under=under).fills) == 1


def test_a_cash_account_has_no_maintenance_rate() -> None:
    under = EngineSettings(
        initial_cash=100,
        commission=Commission(model="rate", value=0.0),
        account=Account(type="cash", maintenance_rate=0.1),
    )
    with pytest.raises(InvalidRequest, match="margin accounts") as refusal:
        run(scripted(), flat_bars(100), under=under)
    assert refusal.value.errors[0].path == "account.maintenanceRate"
