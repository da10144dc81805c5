"""Walk-forward optimization: what was chosen on one stretch of bars is judged on the bars right after it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from server.contract.results import StitchedMetrics
from server.engine.curve import count_bars
from server.engine.kernel.records import AccountRecord
from server.engine.kernel.tally import TallyRecord
from server.engine.metrics import Facts, measure, periods_a_year
from server.engine.thinning import Curve

LEAST_BARS: Final = 2
"""Fewer have no spacing, so nothing of them can be told by the year."""
_SCALED: Final = 1e15
"""The largest equity of a stitched curve in whole units: exact as float64, and far from the end of int64."""


class Stretch(NamedTuple):
    """The bars `[first, stop)` of the main series."""

    first: int
    stop: int

    @property
    def bars(self) -> int:
        """How many."""
        return self.stop - self.first


class Cut(NamedTuple):
    """One window; the bars out of sample follow those in sample."""

    in_sample: Stretch
    out_of_sample: Stretch


def cut(bars: int, windows: int, out_of_sample_pct: float, *, anchored: bool) -> list[Cut]:
    """Windows whose parts out of sample lie end to end and reach to the last bar.

    Each is `out_of_sample_pct` of its window, rounded down; windows move on by it, so that the first part in sample
    takes what is left: B bars in W windows have B p / (W p + 100 - p) out of sample each. Of `anchored` windows every
    part in sample begins at the first bar. ValueError where a part has fewer than two bars.
    """
    out = int(bars * out_of_sample_pct / (windows * out_of_sample_pct + 100.0 - out_of_sample_pct))
    before = bars - windows * out
    if min(out, before) < LEAST_BARS:
        raise ValueError(
            f"{bars:,} bars are too few: a window has {before:,} in sample and {out:,} out of sample, "
            f"it needs {LEAST_BARS} of each"
        )
    return [
        Cut(
            Stretch(0 if anchored else number * out, before + number * out),
            Stretch(before + number * out, before + (number + 1) * out),
        )
        for number in range(windows)
    ]


class Earned(NamedTuple):
    """The net profit of so many bars."""

    profit: float
    bars: int


def efficiency(in_sample: Sequence[Earned], out_of_sample: Sequence[Earned]) -> float | None:
    """What is left out of sample of the profit in sample: 1.0 is all of it, below 0 is a loss.

    Walk-forward efficiency, annualised profit out of sample / annualised profit in sample: R. Pardo, The Evaluation and
    Optimization of Trading Strategies, 2nd ed. (2008), ch. 11. Both are profits a bar × the same bars a year, so that
    is profit a bar / profit a bar, over all windows that are given. None without a profit in sample.
    """
    kept, promised = _a_bar(out_of_sample), _a_bar(in_sample)
    return kept / promised if kept is not None and promised is not None and promised > 0 else None


def _a_bar(parts: Sequence[Earned]) -> float | None:
    bars = sum(part.bars for part in parts)
    return sum(part.profit for part in parts) / bars if bars else None


def stitch(curves: Sequence[Curve], initial_cash: float) -> Curve:
    """The curves of runs that began with `initial_cash` each as one: each goes on with what the one before ended with.

    Returns are kept, so money is not: the second run is played as if it had begun with more, or less. What ended
    without equity stays there.
    """
    whole = np.concatenate(curves)
    capital, start = initial_cash, 0
    for curve in curves:
        part = whole["equity"][start : start + len(curve)]
        part *= capital / initial_cash
        capital = max(float(part[-1]), 0.0)
        start += len(curve)
    peaks = np.maximum(np.maximum.accumulate(whole["equity"]), initial_cash)
    whole["drawdown"] = (whole["equity"] / peaks - 1.0) * 100.0
    return whole


def measure_stitched(
    curve: Curve, initial_cash: float, risk_free_rate: float, *, trades: int, fills: int
) -> StitchedMetrics:
    """What follows from a stitched curve alone, by the formulas of any run; `risk_free_rate` a year."""
    periods = periods_a_year(curve["ts"])
    scale = max(1, int(_SCALED / max(float(curve["equity"].max()), initial_cash)))
    cash = round(initial_cash * scale)
    risk_free = 0.0 if periods is None else (1.0 + risk_free_rate) ** (1.0 / periods) - 1.0
    tally = TallyRecord(previous=cash, base=float(cash), peak=cash, risk_free=risk_free)
    money = np.rint(curve["equity"] * scale).astype(np.int64)
    count_bars(tally, money, np.ones(len(money), dtype=bool))
    metrics = measure(AccountRecord(), (), tally, Facts(cash, scale, periods))
    of_curve = {name: getattr(metrics, name) for name in StitchedMetrics.__struct_fields__}
    return StitchedMetrics(**(of_curve | {"total_trades": trades, "total_fills": fills}))
