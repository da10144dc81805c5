"""The figures of a finished run, from the sums that were kept bar by bar and fill by fill."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.results import Metrics
from server.engine.kernel.records import AccountRecord, AssetRecord
from server.engine.kernel.tally import TallyRecord, end_fall, end_spell

YEAR_MS: Final = 365.25 * 86_400_000.0
_NO_DEVIATION: Final = 1e-7
"""A deviation below this share of the mean is rounding noise of equal returns."""


_SUMS: Final = attrgetter(*(field.name for field in fields(TallyRecord)))


class Facts(NamedTuple):
    """What the sums do not tell; `scale`: money units in one unit of quote currency, `initial_cash` in money units."""

    initial_cash: int
    scale: int
    periods_a_year: float | None


@dataclass(frozen=True, slots=True)
class Returns:
    """The bars' simple returns: how many, their mean, the mean of their squares, and of the squares of shortfalls."""

    count: int
    mean: float
    squares: float
    shortfalls: float

    @property
    def deviation(self) -> float:
        """Population deviation √(mean of squares - square of mean), 0 where it is rounding noise."""
        variance = self.squares - self.mean * self.mean
        deviation = math.sqrt(variance) if variance > 0 else 0.0
        return deviation if deviation > abs(self.mean) * _NO_DEVIATION else 0.0


def measure(account: AccountRecord, assets: Sequence[AssetRecord], sums: TallyRecord, facts: Facts) -> Metrics:
    """All metrics of a run. Undefined figures are None, none is ever NaN or infinite.

    Each formula is told where it is computed; trade figures count round trips (closing fills). The net profit is that
    of the equity, so it has the cash flows (funding, dividends) that round trips have not: `net_profit` =
    `gross_profit` + `gross_loss` + `open_profit` + cash flows.
    """
    tally = ended(sums)
    scale = facts.scale
    net = tally.previous - facts.initial_cash
    gross_profit, gross_loss = account.gross_profit / scale, account.gross_loss / scale
    returns = returns_of(tally)
    annual = annual_return(tally, facts)
    average_win = _ratio(gross_profit, account.wins)
    average_loss = _ratio(gross_loss, account.losses)
    deepest_pct = tally.deepest_share * 100.0
    return Metrics(
        net_profit=net / scale,
        open_profit=sum(open_profit(asset) for asset in assets) / scale,
        gross_profit=gross_profit,
        gross_loss=gross_loss,
        commissions=account.commissions / scale,
        total_return_pct=net / facts.initial_cash * 100.0,
        annual_return_pct=_percent(annual),
        annual_volatility_pct=_percent(annual_volatility(returns, facts.periods_a_year)),
        sharpe_ratio=sharpe(returns, tally.risk_free, facts.periods_a_year),
        sortino_ratio=sortino(returns, tally.risk_free, facts.periods_a_year),
        calmar_ratio=None if annual is None else _ratio(annual * 100.0, -deepest_pct),
        max_drawdown=-tally.deepest / scale if tally.deepest else 0.0,
        max_drawdown_pct=deepest_pct,
        max_drawdown_bars=tally.deepest_bars,
        recovery_factor=_ratio(net / scale, tally.deepest / scale),
        total_trades=account.trips,
        total_fills=account.fills,
        win_rate_pct=_ratio(100.0 * account.wins, account.trips),
        profit_factor=_ratio(gross_profit, -gross_loss),
        expectancy=_ratio(gross_profit + gross_loss, account.trips),
        average_win=average_win,
        average_loss=average_loss,
        payoff_ratio=None if average_win is None or average_loss is None else _ratio(average_win, -average_loss),
        exposure_pct=100.0 * bars_held(account, tally) / tally.bars if tally.bars else 0.0,
        turnover=_turnover(tally, account.traded),
        longest_losing_streak=account.longest_streak,
        final_equity=float(tally.previous) / scale,  # as the curve has it, which numpy divides
    )


def ended(sums: TallyRecord) -> TallyRecord:
    """The sums with the fall and the spell that are still open counted among the others.

    Drawdown in money and in percent of the peak, peaks from the initial cash on; both may come from two spells.
    `deepest_bars` is the length of the one with the deepest percentage: the closes from the first one below the peak
    to the last one before it is reached again (Bacon, Practical Portfolio Performance Measurement and Attribution,
    2nd ed., ch. 4: maximum drawdown, drawdown duration).
    """
    tally = TallyRecord(*_SUMS(sums))  # many times a second: dataclasses.replace takes ten times as long
    end_spell(tally)
    if tally.fall_start >= 0:
        end_fall(tally, tally.bars)
    return tally


def open_profit(asset: AssetRecord) -> int:
    """What an open position has gained at the newest price, net of its entry's commission; money units."""
    gross = abs(asset.position) * asset.last * asset.tick_lot - asset.cost
    return (gross if asset.position > 0 else -gross) - asset.fees


def bars_held(account: AccountRecord, tally: TallyRecord) -> int:
    """Bars of the main series at whose closes anything was held."""
    return account.bars_held + (tally.bars - account.held_since if account.holding else 0)


def returns_of(tally: TallyRecord) -> Returns | None:
    """The bars' returns, the first one on the initial cash; None once a bar ended with no equity above zero."""
    if tally.bars == 0 or tally.ruined:
        return None
    count = tally.bars
    shortfalls = tally.shortfalls + tally.idle * max(tally.risk_free, 0.0) ** 2
    return Returns(count, tally.returns / count, tally.squares / count, shortfalls / count)


def periods_a_year(ts_ms: npt.NDArray[np.int64]) -> float | None:
    """Bars a year from their real spacing: (n - 1) over the years between the first and the last open.

    A year has 365.25 days. None for fewer than two bars. Gaps (nights, weekends) count as time without bars, so hourly
    bars of a market that is closed at night are fewer a year than 8,766.
    """
    if len(ts_ms) < 2 or ts_ms[-1] <= ts_ms[0]:
        return None
    return (len(ts_ms) - 1) * YEAR_MS / float(ts_ms[-1] - ts_ms[0])


def annual_return(tally: TallyRecord, facts: Facts) -> float | None:
    """Compound growth a year, (final / initial)^(periods a year / bars) - 1; -1 when nothing is left.

    CFA Institute, GIPS Handbook: annualised return. None without two bars, or when it is no finite number.
    """
    if facts.periods_a_year is None or not tally.bars:
        return None
    growth = tally.previous / facts.initial_cash
    if growth <= 0:
        return -1.0
    exponent = math.log(growth) * facts.periods_a_year / tally.bars
    return math.expm1(exponent) if exponent < 700 else None


def annual_volatility(returns: Returns | None, periods: float | None) -> float | None:
    """Population deviation of the returns × √periods a year (Bacon, ch. 4)."""
    if returns is None or periods is None:
        return None
    return returns.deviation * math.sqrt(periods)


def sharpe(returns: Returns | None, risk_free: float, periods: float | None) -> float | None:
    """Mean excess return over its population deviation, × √periods a year; `risk_free` a bar.

    W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994). None when the returns do not vary.
    """
    if returns is None or periods is None:
        return None
    ratio = _ratio(returns.mean - risk_free, returns.deviation)
    return None if ratio is None else ratio * math.sqrt(periods)


def sortino(returns: Returns | None, risk_free: float, periods: float | None) -> float | None:
    """Mean excess return over the downside deviation √(mean(min(excess, 0)²)) of all bars, × √periods a year.

    F. A. Sortino, L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3 (1994); the
    target is the risk-free rate, `risk_free` a bar. None when no return falls short of it.
    """
    if returns is None or periods is None:
        return None
    ratio = _ratio(returns.mean - risk_free, math.sqrt(returns.shortfalls))
    return None if ratio is None else ratio * math.sqrt(periods)


def _turnover(tally: TallyRecord, traded: float) -> float:
    """The notional of all fills over the mean equity: how many times the account was traded (0 without equity)."""
    mean = tally.total / tally.bars if tally.bars else 0.0
    return traded / mean if mean > 0 else 0.0


def _ratio(amount: float, by: float) -> float | None:
    """`amount` / `by`, None where `by` is not above zero."""
    return amount / by if by > 0 else None


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0
