"""Whole runs of the shipped strategies against a calculation that knows nothing of the engine."""

from decimal import Decimal
from functools import partial

import numpy as np
import pytest

from server.engine.outcome import EngineResult
from server.engine.tables import EQUITY_DTYPE, OPEN
from server.strategies.shipped.buy_and_hold import BuyAndHold
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.reference import Costs, Reckoning, buy_and_hold, sma_crossover
from tests.trading import COIN, EURUSD, Bars, rows_of, run, settings, walk

BARS = walk(6_000)


def assert_same(result: EngineResult, expected: Reckoning) -> None:
    """The same trades, to the last digit, and the same profit."""
    trips = [
        (
            int(trip["entry_time"]),
            None if trip["exit_time"] == OPEN else int(trip["exit_time"]),
            float(trip["quantity"]),
            float(trip["entry_price"]),
            None if np.isnan(trip["exit_price"]) else float(trip["exit_price"]),
            float(trip["profit"]),
        )
        for trip in result.round_trips
    ]
    assert trips == [
        (
            trade.entry_ms,
            trade.exit_ms,
            float(trade.quantity),
            float(trade.entry_price),
            None if trade.exit_price is None else float(trade.exit_price),
            float(trade.profit),
        )
        for trade in expected.trades
    ]
    assert result.metrics.net_profit == float(expected.net_profit)


@pytest.mark.parametrize("rate", ["0", "0.0001", "0.00123456"])
@pytest.mark.parametrize("slippage", [0, 3])
def test_a_crossover_trades_as_reckoned_by_hand(rate: str, slippage: int) -> None:
    under = settings(rate=float(rate), slippage=slippage)
    result = run(SmaCrossover, BARS, {"quantity": 1000}, instrument=EURUSD, under=under)
    costs = Costs(Decimal(rate), slippage * EURUSD.tick_size, EURUSD.lot_size)
    expected = sma_crossover(rows_of(BARS, EURUSD.tick_size), Decimal(10_000), costs, quantity=Decimal(1000))
    assert len(expected.trades) > 100
    assert_same(result, expected)


@pytest.mark.parametrize("fraction", [1.0, 0.37])
@pytest.mark.parametrize("rate", ["0", "0.0001", "0.00123456"])
def test_buying_and_holding_invests_what_it_can_pay_for(rate: str, fraction: float) -> None:
    under = settings(rate=float(rate), slippage=2)
    result = run(BuyAndHold, BARS, {"fraction": fraction}, instrument=EURUSD, under=under)
    costs = Costs(Decimal(rate), 2 * EURUSD.tick_size, EURUSD.lot_size)
    rows = rows_of(BARS, EURUSD.tick_size)
    assert_same(result, buy_and_hold(rows, Decimal(10_000), costs, Decimal(str(fraction))))


def test_the_curve_is_the_one_reckoned_by_hand() -> None:
    curve = np.zeros(BARS.shape[1], dtype=EQUITY_DTYPE)
    run(SmaCrossover, BARS, {"quantity": 0.5}, under=settings(cash=50_000, rate=0.001), equity_out=curve)
    costs = Costs(Decimal("0.001"), lot=COIN.lot_size)
    rows = rows_of(BARS, COIN.tick_size)
    expected = sma_crossover(rows, Decimal(50_000), costs, quantity=Decimal("0.5"))
    assert curve["equity"].tolist() == [float(equity) for equity in expected.equity]
    assert curve["ts"].tolist() == [row.ts_ms for row in rows]


@pytest.mark.parametrize(("fast", "slow"), [(2, 5), (5, 40), (40, 5), (10, 10), (200, 1000)])
def test_every_pair_of_periods_trades_as_reckoned(fast: int, slow: int) -> None:
    parameters = {"fastPeriod": fast, "slowPeriod": slow, "quantity": 1000}
    result = run(SmaCrossover, BARS, parameters, instrument=EURUSD)
    reckon = partial(sma_crossover, fast=fast, slow=slow, quantity=Decimal(1000))
    assert_same(result, reckon(rows_of(BARS, EURUSD.tick_size), Decimal(10_000), Costs()))


def test_a_part_of_the_bars_trades_as_if_there_were_no_others() -> None:
    part: Bars = np.ascontiguousarray(BARS[:, 1_000:3_000])
    expected = sma_crossover(rows_of(part, EURUSD.tick_size), Decimal(10_000), Costs(), quantity=Decimal(1000))
    assert_same(run(SmaCrossover, part, {"quantity": 1000}, instrument=EURUSD), expected)
