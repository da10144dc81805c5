"""The equity of every bar of an interpreted run, a block at a time, and the sums that its metrics follow from."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.engine.kernel.tally import TallyRecord, end_fall

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class EquityCurve:
    """Fills the rows of an equity table as a run goes on; drawdowns count from the initial cash."""

    def __init__(self, rows: npt.NDArray[Any], tally: TallyRecord, money_per_unit: int) -> None:
        """`rows`: structured array of EQUITY_DTYPE, one row for each bar of the main series, or none at all."""
        table = np.asarray(rows)
        self._ts = table["ts"]
        self._equity: Floats = table["equity"]
        self._drawdown = table["drawdown"]
        self._scale: Final = money_per_unit
        self._peak = tally.peak / money_per_unit
        self.tally = tally

    def extend(self, ts: Int64s, money: Int64s, held: Bools) -> None:
        """Adds bars with their opens in ms, the equity at their closes in money units, and where anything is held."""
        if not len(money):
            return
        start, stop = self.tally.bars, self.tally.bars + len(money)
        count_bars(self.tally, money, held)
        if not len(self._equity):
            return
        equity = money / self._scale
        self._equity[start:stop] = equity
        peaks = np.maximum.accumulate(np.maximum(equity, self._peak))
        self._drawdown[start:stop] = (equity / peaks - 1.0) * 100.0
        self._ts[start:stop] = ts  # last: who reads along takes a row with a time for a whole one
        self._peak = float(peaks[-1])


def count_bars(tally: TallyRecord, money: Int64s, held: Bools) -> None:
    """What `server.engine.kernel.tally.count_bar` does for each bar in turn, to the last bit, for many at once."""
    if money.min() <= 0:
        tally.ruined = 1
    before = np.concatenate(([tally.previous], money[:-1]))
    counted = np.flatnonzero(held | (money != before))
    _count_equities(tally, money, before, counted)
    _count_returns(tally, money[counted], before[counted])
    _count_falls(tally, money)
    tally.bars += len(money)
    tally.previous, tally.base = int(money[-1]), float(money[-1])


def _count_equities(tally: TallyRecord, money: Int64s, before: Int64s, counted: npt.NDArray[np.intp]) -> None:
    """Sums the equities, of each spell in one product where it ends; the last one stays open in the tally."""
    if not len(counted):
        tally.spell += len(money)
        return
    spells = np.diff(counted, prepend=-1 - tally.spell) - 1
    tally.idle += int(spells.sum())
    tally.total = _summed(
        tally.total, np.column_stack((spells * before[counted].astype(float), money[counted])).ravel()
    )
    tally.spell = len(money) - 1 - int(counted[-1])


def _count_returns(tally: TallyRecord, money: Int64s, before: Int64s) -> None:
    earned = before > 0  # a return on nothing is none
    gains = (money - before)[earned] / before[earned]
    short = np.minimum(gains - tally.risk_free, 0.0)
    tally.returns = _summed(tally.returns, gains)
    tally.squares = _summed(tally.squares, gains * gains)
    tally.shortfalls = _summed(tally.shortfalls, short * short)


def _summed(start: float, values: Floats) -> float:
    """One after the other: numpy's own sum adds in pairs, and gives other last bits."""
    if not len(values):
        return start
    return float(np.add.accumulate(np.concatenate(([start], values)))[-1])


def _count_falls(tally: TallyRecord, money: Int64s) -> None:
    """Finds the stretches below the peak; the one that is still open at the end stays open in the tally."""
    peaks = np.maximum.accumulate(np.maximum(money, tally.peak))
    falling = money < peaks
    edges = np.flatnonzero(np.diff(falling, prepend=tally.fall_start >= 0))
    starts = edges[falling[edges]]
    stops = edges[~falling[edges]]
    if tally.fall_start >= 0:
        low = int(money[: stops[0]].min(initial=tally.fall_low)) if len(stops) else int(money.min())
        tally.fall_low = min(tally.fall_low, low)
        if len(stops):
            end_fall(tally, tally.bars + int(stops[0]))
            stops = stops[1:]
    whole = len(stops)
    if whole:
        _keep_deepest(tally, money, peaks, starts[:whole], stops)
    tally.peak = int(peaks[-1])
    if len(starts) > whole:
        tally.fall_start = tally.bars + int(starts[-1])
        tally.fall_low = int(money[starts[-1] :].min())


def _keep_deepest(tally: TallyRecord, money: Int64s, peaks: Int64s, starts: Int64s, stops: Int64s) -> None:
    """Of falls that begin and end within a block: the deepest in money, and the first deepest by its share."""
    pairs = np.column_stack((starts, stops)).ravel()
    lows = np.minimum.reduceat(np.append(money, 0), pairs)[::2]
    depths = peaks[starts] - lows
    shares = -depths.astype(np.float64) / peaks[starts].astype(np.float64)
    tally.deepest = max(tally.deepest, int(depths.max()))
    worst = int(shares.argmin())
    if shares[worst] < tally.deepest_share:
        tally.deepest_share = float(shares[worst])
        tally.deepest_bars = int(stops[worst] - starts[worst])
