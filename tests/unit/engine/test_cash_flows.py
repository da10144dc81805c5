"""Bars worked by hand, in both forms: who pays and who receives funding and dividends, and when."""

from typing import Final

import numpy as np
import pytest

from server.contract.requests import Account, Commission
from server.engine.backtest import run_backtest
from server.engine.outcome import EngineResult
from server.engine.series import DIVIDEND, FLOW_DTYPE, FUNDING, Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, EXIT_REASONS
from tests.forms import both_forms
from tests.tape import Row, bar, tape
from tests.trading import COIN, HOUR_MS, MONDAY_MS, Counter, bars_of, flat_bars, settings

PERCENT: Final = 10_000_000
UNIT: Final = 1_000_000_000
Candle = tuple[int, int, int, int]


def flows_of(*flows: tuple[float, int, int]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Rows of FLOW_DTYPE from (hour, kind, amount)."""
    return np.array([(MONDAY_MS + round(hour * HOUR_MS), kind, amount) for hour, kind, amount in flows], FLOW_DTYPE)


def played(
    rows: list[Row],
    candles: list[Candle] | list[int],
    *flows: tuple[float, int, int],
    under: EngineSettings | None = None,
) -> EngineResult:
    """The same in both forms, on a margin account of 10,000 unless told."""
    bars = bars_of([candle if isinstance(candle, tuple) else (candle,) * 4 for candle in candles])
    series = Series(bars, 0, bars.shape[1], COIN, HOUR_MS, flows_of(*flows))
    return both_forms(tape(*rows), [series], {}, under or settings(account="margin", leverage=10))


def gained(result: EngineResult) -> float:
    return round(result.metrics.net_profit, 8)


@pytest.mark.parametrize(
    ("row", "rate", "received"),
    [
        (bar(0).buy(100), PERCENT, -2.0),  # 1 % of 100 units at 2.00
        (bar(0).sell(100), PERCENT, 2.0),
        (bar(0).buy(100), -PERCENT, 2.0),
        (bar(0).sell(100), -PERCENT, -2.0),
        (bar(0).buy(100), 0, 0.0),
        (bar(5).buy(100), PERCENT, 0.0),  # nothing held
    ],
)
def test_a_long_position_pays_a_positive_rate_and_a_short_one_receives_it(row: Row, rate: int, received: float) -> None:
    assert gained(played([row], [200, 200, 200, 200], (2, FUNDING, rate))) == received


def test_funding_is_of_the_position_s_value_at_the_newest_price() -> None:
    # bought at 2.00; the bar before the flow closes at 3.00, the bar after it opens at 5.00
    candles = [(200, 200, 200, 200), (200, 300, 200, 300), (500, 500, 200, 200)]
    result = played([bar(0).buy(100)], candles, (2, FUNDING, PERCENT))
    assert gained(result) == -3.0


def test_all_flows_that_are_due_before_a_bar_are_booked_in_their_order() -> None:
    flows = [(1.25, FUNDING, PERCENT), (1.5, FUNDING, PERCENT), (2, FUNDING, -3 * PERCENT), (2, DIVIDEND, UNIT)]
    result = played([bar(0).buy(100)], [200, 200, 200], *flows)
    assert gained(result) == -2.0 - 2.0 + 6.0 + 100.0


def test_a_flow_is_due_before_the_first_bar_that_opens_at_its_time_or_later() -> None:
    # the order of bar 0 fills at the open of bar 1, after what was due before it
    assert gained(played([bar(0).buy(100)], [200, 200, 200], (1, FUNDING, PERCENT))) == 0.0
    assert gained(played([bar(0).buy(100)], [200, 200, 200], (1.001, FUNDING, PERCENT))) == -2.0
    assert gained(played([bar(0).buy(100)], [200, 200, 200], (2.001, FUNDING, PERCENT))) == 0.0  # no bar after it


def test_a_flow_before_an_open_is_paid_by_what_was_held_not_by_what_the_open_brings() -> None:
    rows = [bar(0).buy(100), bar(1).close()]
    assert gained(played(rows, [200, 200, 200, 200], (2, FUNDING, PERCENT))) == -2.0
    assert gained(played(rows, [200, 200, 200, 200], (3, FUNDING, PERCENT))) == 0.0


@pytest.mark.parametrize(("row", "received"), [(bar(0).buy(2.5), 0.625), (bar(0).sell(2.5), -0.625)])
def test_a_long_position_receives_a_dividend_and_a_short_one_pays_it(row: Row, received: float) -> None:
    assert gained(played([row], [200, 200, 200], (2, DIVIDEND, UNIT // 4))) == received


def test_a_cash_account_receives_dividends_and_can_spend_them() -> None:
    rows = [bar(0).buy(share=1.0), bar(2).buy(share=1.0)]
    result = played(rows, [200, 200, 200, 200], (2, DIVIDEND, UNIT), under=settings(cash=100))
    assert result.fills["quantity"].tolist() == [50.0, 25.0]
    assert gained(result) == 50.0


def test_amounts_are_rounded_half_away_from_zero() -> None:
    # 0.001 units at 2.00 are 200,000 units of money of 1e-8; 2.5 of them are a rate of 12,500e-9
    assert gained(played([bar(0).buy(0.001)], [200, 200, 200], (2, FUNDING, 12_500))) == -3e-8
    assert gained(played([bar(0).sell(0.001)], [200, 200, 200], (2, FUNDING, 12_500))) == 3e-8
    # 0.005 units of 1e-8 each
    assert gained(played([bar(0).buy(0.5)], [200, 200, 200], (2, DIVIDEND, 10))) == 1e-8
    assert gained(played([bar(0).buy(0.499)], [200, 200, 200], (2, DIVIDEND, 10))) == 0.0


def test_the_net_profit_has_the_flows_that_round_trips_have_not() -> None:
    rows = [bar(0).buy(100), bar(2).close()]
    result = played(rows, [200, 200, 210, 220, 220], (2, FUNDING, PERCENT), (3, DIVIDEND, UNIT // 100))
    # funding on 200, the dividend before the open that closes
    assert result.metrics.gross_profit == pytest.approx(20.0)
    assert gained(result) == 20.0 - 2.0 + 1.0


def test_the_curve_has_a_flow_from_the_bar_on_that_it_is_due_before() -> None:
    bars = flat_bars(200, 200, 200, 200)
    series = Series(bars, 0, 4, COIN, HOUR_MS, flows_of((2, FUNDING, PERCENT)))
    curve = np.zeros(4, dtype=EQUITY_DTYPE)
    under = settings(account="margin")
    run_backtest(tape(bar(0).buy(100)), {}, [series], under, progress=Counter(), equity_out=curve)
    assert curve["equity"].tolist() == [10_000, 10_000, 9_998, 9_998]


# liquidation


def margin(cash: float = 100.0) -> EngineSettings:
    return EngineSettings(
        initial_cash=cash,
        commission=Commission(model="rate", value=0.0),
        account=Account(type="margin", leverage=10, maintenance_rate=0.1),
    )


def exits(result: EngineResult) -> list[tuple[int, str]]:
    return [
        (round(trip["exit_price"] * 100), EXIT_REASONS[trip["exit_reason"]])
        for trip in result.round_trips
        if EXIT_REASONS[trip["exit_reason"]] != "open"
    ]


def test_the_liquidation_price_follows_what_a_position_paid() -> None:
    """500 units at 1.00 with 100 of cash owe 400: 400 / (500 × 0.9) = 0.888…; after 10 of funding 410 / 450 = 0.911…"""
    quiet = (100, 100, 100, 100)
    candles = [quiet, quiet, (100, 100, 90, 95), quiet]
    assert exits(played([bar(0).buy(500)], candles, under=margin())) == []
    assert exits(played([bar(0).buy(500)], candles, (2, FUNDING, 2 * PERCENT), under=margin())) == [(91, "liquidation")]
    assert exits(played([bar(0).buy(500)], candles, (3, FUNDING, 2 * PERCENT), under=margin())) == []


def test_the_liquidation_price_follows_what_a_position_received() -> None:
    """500 units sold at 1.00 hold 600: 600 / 550 = 1.0909…; after 11 of funding 611 / 550 = 1.1109…"""
    quiet = (100, 100, 100, 100)
    candles = [quiet, quiet, (100, 111, 95, 100), (100, 111, 95, 100)]
    flows = [(2, FUNDING, 2_200_000 * 10)]
    assert exits(played([bar(0).sell(500)], candles, under=margin())) == [(110, "liquidation")]
    assert exits(played([bar(0).sell(500)], candles, *flows, under=margin())) == []


def test_a_flow_can_liquidate_at_the_open() -> None:
    # 60 of funding leave 40 of equity on 500: below a tenth
    result = played([bar(0).buy(500)], [100, 100, 100, 100], (2, FUNDING, 12 * PERCENT), under=margin())
    assert exits(result) == [(100, "liquidation")]
    assert result.metrics.final_equity == 40.0
