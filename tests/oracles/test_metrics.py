"""The same figures as empyrical finds in an equity curve, and as backtesting.py finds in its trades.

Their definitions differ from ours in places. Each difference is written out as the factor that it is, so what is
compared agrees to a billionth.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final

import empyrical
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.contract.results import Metrics
from server.engine.outcome import EngineResult
from server.engine.tables import EQUITY_DTYPE, OPEN
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.curves import SCALE, measured
from tests.oracles.crossover import play_crossover
from tests.oracles.prices import NAMES, Prices, prices_of
from tests.trading import COIN, run, settings

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # backtesting.py's use of pandas is behind the newest
    pytest.mark.filterwarnings("ignore:Some trades remain open"),  # as ours do
]

_CASH: Final = 10_000.0
_FAST, _SLOW = 10, 30
_YEAR_MS: Final = 365.25 * 86_400_000
_TICK: Final = float(COIN.tick_size)


def same(expected: float) -> Any:
    return pytest.approx(expected, rel=1e-9)


@dataclass(frozen=True)
class Played:
    """One run of SmaCrossover over real prices, with its equity at each close."""

    prices: Prices
    cash: float
    result: EngineResult
    equity: npt.NDArray[np.float64]

    @property
    def metrics(self) -> Metrics:
        return self.result.metrics

    @property
    def periods(self) -> float:
        """Bars a year: intervals between bars over the years between the first and the last."""
        times = self.prices.bars[0]
        return (len(times) - 1) / (float(times[-1] - times[0]) / _YEAR_MS)


@cache
def played(name: str, rate: float, free: float = 0.0) -> Played:
    """The account holds twice the highest price, so that its returns are not far from those of the trades."""
    prices = prices_of(name)
    cash = 2.0 * float(prices.bars[2].max()) * _TICK
    curve = np.zeros(prices.bars.shape[1], dtype=EQUITY_DTYPE)
    parameters = {"fastPeriod": _FAST, "slowPeriod": _SLOW, "quantity": 1}
    under = settings(cash=cash, rate=rate, account="margin", risk_free_rate=free)
    result = run(SmaCrossover, prices.bars, parameters, under=under, equity_out=curve)
    return Played(prices, cash, result, np.ascontiguousarray(curve["equity"]))


@cache
def played_by_them(name: str, rate: float) -> Any:
    """The same run in backtesting.py, whose money is in ticks."""
    ours = played(name, rate)
    return play_crossover(ours.prices, _FAST, _SLOW, cash_ticks=ours.cash / _TICK, commission=rate)


def returns_of(equity: npt.NDArray[np.float64], cash: float) -> npt.NDArray[np.float64]:
    """Bar by bar, the first on the cash."""
    values = np.concatenate(([cash], equity))
    returns: npt.NDArray[np.float64] = np.diff(values) / values[:-1]
    return returns


def check_curve(metrics: Metrics, returns: npt.NDArray[np.float64], periods: float, yearly_free: float) -> None:
    """All figures of a curve against empyrical's of its returns.

    - Its deviations divide by n - 1, ours by n: ours are √((n - 1) / n) of its, our Sharpe ratio is the inverse of it.
    - It takes the risk-free rate of a bar, we that of a year.
    - It tells shares, we percent; where a ratio is infinite or no number, ours is None.
    """
    count = len(returns)
    free = (1 + yearly_free) ** (1 / periods) - 1
    population = math.sqrt((count - 1) / count)
    annual = empyrical.annual_return(returns, annualization=periods)
    volatility = empyrical.annual_volatility(returns, annualization=periods)
    sharpe = empyrical.sharpe_ratio(returns, risk_free=free, annualization=periods)
    sortino = empyrical.sortino_ratio(returns, required_return=free, annualization=periods)
    calmar = empyrical.calmar_ratio(returns, annualization=periods)
    assert metrics.annual_return_pct == same(annual * 100)
    assert metrics.annual_volatility_pct == same(volatility * population * 100)
    assert metrics.sharpe_ratio == same(sharpe / population)
    assert metrics.sortino_ratio == (same(sortino) if math.isfinite(sortino) else None)
    assert metrics.calmar_ratio == (same(calmar) if math.isfinite(calmar) else None)
    assert metrics.max_drawdown_pct == same(empyrical.max_drawdown(returns) * 100)
    assert metrics.total_return_pct == same(empyrical.cum_returns_final(returns) * 100)


@pytest.mark.parametrize("free", [0.0, 0.03])
@pytest.mark.parametrize("rate", [0.0, 0.001])
@pytest.mark.parametrize("name", NAMES)
def test_the_curve_of_a_run_over_real_prices_has_the_figures_of_empyrical(name: str, rate: float, free: float) -> None:
    ours = played(name, rate, free)
    assert ours.metrics.total_trades > 10
    check_curve(ours.metrics, returns_of(ours.equity, ours.cash), ours.periods, free)


@given(
    steps=some.lists(some.integers(-500, 500), min_size=2, max_size=300).filter(lambda steps: len(set(steps)) > 1),
    periods=some.sampled_from([12.0, 252.0, 365.25]),
    free=some.sampled_from([0.0, 0.02]),
)
def test_any_curve_has_the_figures_of_empyrical(steps: list[int], periods: float, free: float) -> None:
    """Returns in hundredths of a percent; a curve whose returns do not vary has no ratio of ours, but one of theirs."""
    equity: npt.NDArray[np.float64] = np.cumprod(1 + np.array(steps) / 10_000, dtype=np.float64) * _CASH
    equity = np.round(equity * SCALE) / SCALE
    ours = measured(equity, initial_cash=_CASH, periods=periods, risk_free_rate=free)
    check_curve(ours, returns_of(equity, _CASH), periods, free)


@pytest.mark.parametrize("rate", [0.0, 0.001])
@pytest.mark.parametrize("name", NAMES)
def test_the_curve_is_that_of_backtesting_py(name: str, rate: float) -> None:
    """Their yearly growth is over the time between the first and the last open, ours over all bars."""
    ours, theirs = played(name, rate), played_by_them(name, rate)
    metrics, count = ours.metrics, len(ours.equity)
    np.testing.assert_allclose(ours.equity, theirs._equity_curve["Equity"].to_numpy() * _TICK, rtol=1e-9)
    assert metrics.total_return_pct == same(theirs["Return [%]"])
    assert metrics.final_equity == same(theirs["Equity Final [$]"] * _TICK)
    assert metrics.max_drawdown_pct == same(theirs["Max. Drawdown [%]"])
    assert metrics.annual_return_pct is not None
    assert (1 + metrics.annual_return_pct / 100) ** (count / (count - 1)) == same(1 + theirs["CAGR [%]"] / 100)


@pytest.mark.parametrize("rate", [0.0, 0.001])
@pytest.mark.parametrize("name", NAMES)
def test_the_trades_have_the_figures_of_backtesting_py(name: str, rate: float) -> None:
    """Theirs are of closed trades alone, as ours; money is in ticks.

    - Its Kelly criterion is the win rate less that of losing over the payoff ratio, which it does not tell itself.
    - Its SQN is √trades times the expectancy over the sample deviation.
    - Its exposure counts the bar of an exit, at whose close nothing is held; ours also what is still open.
    """
    ours, theirs = played(name, rate), played_by_them(name, rate)
    metrics, count = ours.metrics, len(ours.equity)
    trades = theirs._trades
    profits = trades["PnL"] * _TICK
    assert metrics.total_trades == theirs["# Trades"]
    assert metrics.win_rate_pct == same(theirs["Win Rate [%]"])
    assert metrics.expectancy == same(theirs["SQN"] * profits.std() / math.sqrt(len(profits)))
    won = theirs["Win Rate [%]"] / 100
    assert metrics.payoff_ratio == same((1 - won) / (won - theirs["Kelly Criterion"]))
    assert metrics.gross_profit == same(profits[profits > 0].sum())
    assert metrics.gross_loss == same(profits[profits < 0].sum())
    assert metrics.longest_losing_streak == longest_losing_streak(profits.tolist())
    trips = ours.result.round_trips
    unfinished = trips[trips["exit_time"] == OPEN]
    still_held = int(unfinished["bars"][0]) + 1 if len(unfinished) else 0
    closed_bars = theirs["Exposure Time [%]"] / 100 * count - len(trades)
    assert metrics.exposure_pct == same((closed_bars + still_held) / count * 100)
    unfinished_fees = float(unfinished["commission"].sum())
    assert metrics.commissions == same(theirs.get("Commissions [$]", 0.0) * _TICK + unfinished_fees)


@pytest.mark.parametrize("name", NAMES)
def test_profit_factor_and_expectancy_are_those_of_backtesting_py(name: str) -> None:
    """Its two are of the trades' returns, not of their money; asked for the same numbers we answer the same."""
    theirs = played_by_them(name, 0.001)
    returns = theirs._trades["ReturnPct"] * _CASH  # large enough to be whole money units
    metrics = measured(np.empty(0), returns.tolist())
    assert metrics.profit_factor == same(theirs["Profit Factor"])
    assert metrics.expectancy == same(theirs["Expectancy [%]"] / 100 * _CASH)


def longest_losing_streak(profits: list[float]) -> int:
    return max((len([*run]) for lost, run in groupby(profits, lambda profit: profit < 0) if lost), default=0)
