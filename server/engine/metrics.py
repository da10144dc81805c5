"""The figures of a finished run, from its equity curve and round trips."""

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.results import Metrics
from server.engine.tables import OPEN

YEAR_MS: Final = 365.25 * 86_400_000.0
Curve = npt.NDArray[np.float64]


class Facts(NamedTuple):
    """What the curve does not tell; money in quote currency. `traded`: the notional of all fills."""

    initial_cash: float
    net_profit: float
    commissions: float
    traded: float
    fills: int
    bars_in_market: int
    periods_a_year: float | None
    risk_free_rate: float = 0.0


class Drawdown(NamedTuple):
    """The deepest fall below a former peak: `amount` and `percent` ≤ 0, `bars` until the peak is reached again."""

    amount: float
    percent: float
    bars: int


class _Trades(NamedTuple):
    """Figures of the closed round trips."""

    total: int
    gross_profit: float
    gross_loss: float
    wins: int
    losses: int
    streak: int


def measure(equity: Curve, trips: npt.NDArray[Any], facts: Facts) -> Metrics:
    """All metrics of a run. `equity`: (n,) float64, at each bar's close; `trips`: rows of ROUND_TRIP_DTYPE.

    Undefined figures are None, none is ever NaN or infinite. Each formula is told where it is computed.
    """
    closed = trips[trips["exit_time"] != OPEN]
    trades = _trades(closed["profit"])
    fall = drawdown(equity, facts.initial_cash)
    returns = bar_returns(equity, facts.initial_cash)
    annual = annual_return(equity, facts)
    average_win = _ratio(trades.gross_profit, trades.wins)
    average_loss = _ratio(trades.gross_loss, trades.losses)
    return Metrics(
        net_profit=facts.net_profit,
        open_profit=math.fsum(trips["profit"][trips["exit_time"] == OPEN]),
        gross_profit=trades.gross_profit,
        gross_loss=trades.gross_loss,
        commissions=facts.commissions,
        total_return_pct=facts.net_profit / facts.initial_cash * 100.0,
        annual_return_pct=_percent(annual),
        annual_volatility_pct=_percent(annual_volatility(returns, facts.periods_a_year)),
        sharpe_ratio=sharpe(returns, facts),
        sortino_ratio=sortino(returns, facts),
        calmar_ratio=None if annual is None else _ratio(annual * 100.0, -fall.percent),
        max_drawdown=fall.amount,
        max_drawdown_pct=fall.percent,
        max_drawdown_bars=fall.bars,
        recovery_factor=_ratio(facts.net_profit, -fall.amount),
        total_trades=trades.total,
        total_fills=facts.fills,
        win_rate_pct=_ratio(100.0 * trades.wins, trades.total),
        profit_factor=_ratio(trades.gross_profit, -trades.gross_loss),
        expectancy=_ratio(trades.gross_profit + trades.gross_loss, trades.total),
        average_win=average_win,
        average_loss=average_loss,
        payoff_ratio=None if average_win is None or average_loss is None else _ratio(average_win, -average_loss),
        exposure_pct=100.0 * facts.bars_in_market / len(equity) if len(equity) else 0.0,
        turnover=_turnover(equity, facts.traded),
        longest_losing_streak=trades.streak,
        final_equity=facts.initial_cash + facts.net_profit if not len(equity) else float(equity[-1]),
    )


def periods_a_year(ts_ms: npt.NDArray[np.int64]) -> float | None:
    """Bars a year from their real spacing: (n - 1) over the years between the first and the last open.

    A year has 365.25 days. None for fewer than two bars. Gaps (nights, weekends) count as time without bars, so hourly
    bars of a market that is closed at night are fewer a year than 8,766.
    """
    if len(ts_ms) < 2 or ts_ms[-1] <= ts_ms[0]:
        return None
    return (len(ts_ms) - 1) * YEAR_MS / float(ts_ms[-1] - ts_ms[0])


def bar_returns(equity: Curve, initial_cash: float) -> Curve | None:
    """Simple returns bar by bar, the first one on the initial cash; None once the equity was not above zero."""
    before = np.concatenate(([initial_cash], equity[:-1])) if len(equity) else equity
    if not len(equity) or before.min() <= 0:
        return None
    returns: Curve = equity / before - 1.0
    return returns


def drawdown(equity: Curve, initial_cash: float) -> Drawdown:
    """Deepest drawdowns in money and in percent of the peak, peaks from the initial cash on, and how long.

    Amount and percent may come from two spells; `bars` is the length of the one with the deepest percentage: the
    closes from the first one below the peak to the last one before it is reached again (Bacon, Practical Portfolio
    Performance Measurement and Attribution, 2nd ed., ch. 4: maximum drawdown, drawdown duration).
    """
    if not len(equity):
        return Drawdown(0.0, 0.0, 0)
    peaks = np.maximum.accumulate(np.maximum(equity, initial_cash))
    share = equity / peaks - 1.0
    deepest = int(share.argmin())
    percent = float(share[deepest])
    if percent >= 0:
        return Drawdown(0.0, 0.0, 0)
    before = np.flatnonzero(share[:deepest] >= 0)
    after = np.flatnonzero(share[deepest:] >= 0)
    start = int(before[-1]) + 1 if len(before) else 0
    stop = deepest + int(after[0]) if len(after) else len(equity)
    return Drawdown(float((equity - peaks).min()), percent * 100.0, stop - start)


def annual_return(equity: Curve, facts: Facts) -> float | None:
    """Compound growth a year, (final / initial)^(periods a year / bars) - 1; -1 when nothing is left.

    CFA Institute, GIPS Handbook: annualised return. None without two bars, or when it is no finite number.
    """
    if facts.periods_a_year is None or not len(equity):
        return None
    growth = float(equity[-1]) / facts.initial_cash
    if growth <= 0:
        return -1.0
    exponent = math.log(growth) * facts.periods_a_year / len(equity)
    return math.expm1(exponent) if exponent < 700 else None


def annual_volatility(returns: Curve | None, periods: float | None) -> float | None:
    """Population deviation of the returns × √periods a year (Bacon, ch. 4)."""
    if returns is None or periods is None:
        return None
    return float(returns.std()) * math.sqrt(periods)


def sharpe(returns: Curve | None, facts: Facts) -> float | None:
    """Mean excess return over its population deviation, × √periods a year.

    W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994). None when the returns do not vary.
    """
    excess = _excess(returns, facts)
    if excess is None or facts.periods_a_year is None:
        return None
    return _annual_ratio(float(excess.mean()), float(excess.std()), facts.periods_a_year)


def sortino(returns: Curve | None, facts: Facts) -> float | None:
    """Mean excess return over the downside deviation √(mean(min(excess, 0)²)) of all bars, × √periods a year.

    F. A. Sortino, L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3 (1994); the
    target is the risk-free rate. None when no return falls short of it.
    """
    excess = _excess(returns, facts)
    if excess is None or facts.periods_a_year is None:
        return None
    downside = math.sqrt(float(np.square(np.minimum(excess, 0.0)).mean()))
    return _annual_ratio(float(excess.mean()), downside, facts.periods_a_year)


def _excess(returns: Curve | None, facts: Facts) -> Curve | None:
    """Returns above the risk-free rate of one bar, (1 + yearly)^(1 / periods a year) - 1."""
    if returns is None or facts.periods_a_year is None:
        return None
    excess: Curve = returns - ((1.0 + facts.risk_free_rate) ** (1.0 / facts.periods_a_year) - 1.0)
    return excess


def _annual_ratio(mean: float, deviation: float, periods: float) -> float | None:
    # a constant series has a deviation of rounding noise, and no ratio
    if deviation <= 1e-15 or deviation <= abs(mean) * 1e-12:
        return None
    return mean / deviation * math.sqrt(periods)


def _trades(profits: npt.NDArray[np.float64]) -> _Trades:
    """Wins are profits above zero, losses those below; a trade of exactly zero is neither and ends a losing streak."""
    won, lost = profits > 0, profits < 0
    ends = np.flatnonzero(~lost)
    streak = int(np.diff(ends, prepend=-1, append=len(profits)).max()) - 1 if len(profits) else 0
    return _Trades(
        total=len(profits),
        gross_profit=math.fsum(profits[won]),
        gross_loss=math.fsum(profits[lost]),
        wins=int(won.sum()),
        losses=int(lost.sum()),
        streak=streak,
    )


def _turnover(equity: Curve, traded: float) -> float:
    """The notional of all fills over the mean equity: how many times the account was traded (0 without equity)."""
    mean = float(equity.mean()) if len(equity) else 0.0
    return traded / mean if mean > 0 else 0.0


def _ratio(amount: float, by: float) -> float | None:
    """`amount` / `by`, None where `by` is not above zero."""
    return amount / by if by > 0 else None


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0
