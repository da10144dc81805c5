"""Figures against formulas written out again, and what is undefined."""

import math
import statistics
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from msgspec import structs

from server.engine.metrics import YEAR_MS, periods_a_year
from tests.curves import measured
from tests.trading import HOUR_MS

CURVE = np.array([10_100.0, 9_900.0, 10_300.0, 9_700.0, 9_800.0, 10_400.0, 10_350.0])
PERIODS = 252.0


def returns_of(equity: npt.NDArray[np.float64]) -> list[float]:
    values = [10_000.0, *equity.tolist()]
    return [after / before - 1 for before, after in pairwise(values)]


def test_profit_and_return_come_from_the_end_of_the_curve() -> None:
    metrics = measured(CURVE)
    assert metrics.net_profit == 350.0
    assert metrics.total_return_pct == pytest.approx(3.5)
    assert metrics.final_equity == 10_350.0
    assert metrics.annual_return_pct == pytest.approx((1.035 ** (PERIODS / 7) - 1) * 100)


def test_volatility_is_the_population_deviation_of_a_year() -> None:
    metrics = measured(CURVE)
    expected = statistics.pstdev(returns_of(CURVE)) * math.sqrt(PERIODS) * 100
    assert metrics.annual_volatility_pct == pytest.approx(expected)


@pytest.mark.parametrize("yearly", [0.0, 0.05])
def test_sharpe_and_sortino_are_of_the_excess_over_the_risk_free_rate(yearly: float) -> None:
    metrics = measured(CURVE, risk_free_rate=yearly)
    free = (1 + yearly) ** (1 / PERIODS) - 1
    excess = [each - free for each in returns_of(CURVE)]
    mean = statistics.fmean(excess)
    downside = math.sqrt(statistics.fmean(min(each, 0) ** 2 for each in excess))
    assert metrics.sharpe_ratio == pytest.approx(mean / statistics.pstdev(excess) * math.sqrt(PERIODS))
    assert metrics.sortino_ratio == pytest.approx(mean / downside * math.sqrt(PERIODS))


def test_the_drawdown_is_the_deepest_fall_and_lasts_until_the_peak_is_back() -> None:
    metrics = measured(CURVE)
    assert (metrics.max_drawdown, metrics.max_drawdown_bars) == (-600.0, 2)
    assert metrics.max_drawdown_pct == pytest.approx(-600 / 10_300 * 100)


def test_the_drawdown_counts_from_the_initial_cash() -> None:
    metrics = measured(np.array([9_000.0, 9_500.0]))
    assert (metrics.max_drawdown, metrics.max_drawdown_pct, metrics.max_drawdown_bars) == (-1_000.0, -10.0, 2)


def test_a_curve_that_only_rises_has_no_drawdown_and_no_ratio_to_it() -> None:
    rising = np.array([10_000.0, 10_100.0, 10_300.0])
    metrics = measured(rising)
    assert (metrics.max_drawdown, metrics.max_drawdown_pct, metrics.max_drawdown_bars) == (0.0, 0.0, 0)
    assert (metrics.calmar_ratio, metrics.recovery_factor, metrics.sortino_ratio) == (None, None, None)
    assert metrics.sharpe_ratio is not None


def test_calmar_and_recovery_are_per_drawdown() -> None:
    metrics = measured(CURVE)
    assert metrics.annual_return_pct is not None
    assert metrics.calmar_ratio == pytest.approx(metrics.annual_return_pct / (600 / 10_300 * 100))
    assert metrics.recovery_factor == pytest.approx(350 / 600)


def test_a_flat_curve_has_no_ratios() -> None:
    flat = np.full(10, 10_000.0)
    metrics = measured(flat)
    assert (metrics.sharpe_ratio, metrics.sortino_ratio, metrics.calmar_ratio) == (None, None, None)
    assert metrics.annual_volatility_pct == 0.0


def test_a_curve_that_grows_by_the_same_share_has_no_sharpe_ratio() -> None:
    even = np.array([10_000.0 * 1.001**bar for bar in range(1, 50)])
    assert measured(even).sharpe_ratio is None


def test_returns_of_an_account_that_was_lost_are_undefined() -> None:
    lost = np.array([10_000.0, -5.0, 20.0])
    metrics = measured(lost)
    assert (metrics.annual_volatility_pct, metrics.sharpe_ratio, metrics.sortino_ratio) == (None, None, None)
    assert metrics.max_drawdown_pct == pytest.approx(-100.05)


def test_an_account_that_ends_with_nothing_returned_minus_all() -> None:
    lost = np.array([10_000.0, 0.0])
    assert measured(lost).annual_return_pct == -100.0


def test_a_yearly_return_beyond_numbers_is_undefined() -> None:
    rocket = np.array([10_000.0, 1e9])
    assert measured(rocket, periods=31_557_600.0).annual_return_pct is None


def test_trades_are_counted_by_their_profit() -> None:
    metrics = measured(CURVE, (30.0, -10.0, 0.0, -20.0, -5.0, 10.0), still_open=7.0, fills=4)
    assert (metrics.total_trades, metrics.total_fills) == (6, 4)
    assert (metrics.gross_profit, metrics.gross_loss, metrics.open_profit) == (40.0, -35.0, 7.0)
    assert metrics.win_rate_pct == pytest.approx(100 * 2 / 6)
    assert metrics.profit_factor == pytest.approx(40 / 35)
    assert metrics.expectancy == pytest.approx(5 / 6)
    assert metrics.average_win == 20.0
    assert metrics.average_loss == pytest.approx(-35 / 3)
    assert metrics.payoff_ratio == pytest.approx(20 / (35 / 3))
    assert metrics.longest_losing_streak == 2


def test_without_trades_their_figures_are_undefined() -> None:
    metrics = measured(CURVE, still_open=350.0)
    undefined = (
        metrics.win_rate_pct,
        metrics.profit_factor,
        metrics.expectancy,
        metrics.average_win,
        metrics.average_loss,
        metrics.payoff_ratio,
    )
    assert undefined == (None,) * 6
    assert (metrics.total_trades, metrics.gross_profit, metrics.gross_loss, metrics.longest_losing_streak) == (
        0,
        0,
        0,
        0,
    )


def test_winning_always_has_no_profit_factor() -> None:
    metrics = measured(CURVE, (1.0, 2.0))
    assert (metrics.profit_factor, metrics.average_loss, metrics.payoff_ratio) == (None, None, None)
    assert metrics.win_rate_pct == 100.0


@pytest.mark.parametrize(
    ("profits", "streak"), [((), 0), ((-1.0,), 1), ((-1.0, -1.0), 2), ((-1.0, 0.0, -1.0), 1), ((1.0, -1.0, -1.0), 2)]
)
def test_a_losing_streak_ends_with_what_is_no_loss(profits: tuple[float, ...], streak: int) -> None:
    assert measured(CURVE, profits).longest_losing_streak == streak


def test_exposure_and_turnover() -> None:
    metrics = measured(CURVE, bars_held=5, traded=50_000.0)
    assert metrics.exposure_pct == pytest.approx(100 * 5 / 7)
    assert metrics.turnover == pytest.approx(50_000 / CURVE.mean())


def test_periods_a_year_follow_the_spacing_of_the_bars() -> None:
    hourly = np.arange(0, 100 * HOUR_MS, HOUR_MS, dtype=np.int64)
    assert periods_a_year(hourly) == pytest.approx(YEAR_MS / HOUR_MS)
    weekdays = hourly + HOUR_MS * 48 * (np.arange(100) // 50)
    assert periods_a_year(weekdays) == pytest.approx(99 * YEAR_MS / (147 * HOUR_MS))
    assert periods_a_year(hourly[:1]) is None


@pytest.mark.parametrize("equity", [CURVE, np.empty(0), np.array([1e-9]), np.array([1e10, 1.0, 1e10])])
@pytest.mark.parametrize("periods", [None, PERIODS])
def test_no_figure_is_ever_nan_or_infinite(equity: npt.NDArray[np.float64], periods: float | None) -> None:
    metrics = measured(equity, (1.0, -2.0), periods=periods)
    assert all(value is None or math.isfinite(value) for value in structs.astuple(metrics))
