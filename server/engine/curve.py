"""The equity of every bar, computed a block at a time from what is held between fills."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.data.instrument import MAX_MONEY

Change = tuple[int, int, int]
"""After a fill: the bar (from 0 in the run), the cash in money units, the position in lots."""


class EquityCurve:
    """Fills the rows of an equity table as a run goes on; drawdowns count from the initial cash."""

    def __init__(self, rows: npt.NDArray[Any], cash: int, tick_lot: int, money_per_unit: int) -> None:
        """`rows`: structured array of EQUITY_DTYPE, one row a bar; `cash` in money units."""
        table = np.asarray(rows)
        self._ts = table["ts"]
        self.equity: npt.NDArray[np.float64] = table["equity"]
        self._drawdown = table["drawdown"]
        self._cash = cash
        self._position = 0
        self._tick_lot: Final = tick_lot
        self._scale: Final = money_per_unit
        self._peak = cash / money_per_unit
        self.done = 0
        self.bars_in_market = 0
        self.money = cash

    def extend(self, ts: npt.NDArray[np.int64], close: npt.NDArray[np.int64], changes: Sequence[Change]) -> float:
        """Adds bars with their opens in ms and closes in ticks; returns the last equity in quote currency.

        Raises ForgeError `money_overflow` when the equity leaves what int64 holds.
        """
        count = len(close)
        start, stop = self.done, self.done + count
        cash, held = self._states(start, count, changes)
        equity = (cash + held * (close * self._tick_lot)) / self._scale
        self.equity[start:stop] = equity
        peaks = np.maximum.accumulate(np.maximum(equity, self._peak))
        self._drawdown[start:stop] = (equity / peaks - 1.0) * 100.0
        self._ts[start:stop] = ts  # last: who reads along takes a row with a time for a whole one
        self._peak = float(peaks[-1])
        self.done = stop
        self.money = self._cash + self._position * int(close[-1]) * self._tick_lot
        return float(equity[-1])

    def check(self, close: npt.NDArray[np.int64], changes: Sequence[Change]) -> None:
        """Refuses bars on which the equity could leave int64."""
        cash = max(abs(self._cash), *(abs(change[1]) for change in changes), 0)
        held = max(abs(self._position), *(abs(change[2]) for change in changes), 0)
        price = max(int(close.max()), -int(close.min()))
        if cash + held * price * self._tick_lot > MAX_MONEY:
            raise ForgeError(
                "money_overflow",
                f"The equity left the range of whole money units near bar {self.done}: "
                f"trade less, or with less initial cash.",
            )

    def _states(self, start: int, count: int, changes: Sequence[Change]) -> tuple[Any, Any]:
        """Cash and position at every close: numbers while nothing fills, else arrays."""
        if not changes:
            self.bars_in_market += count if self._position else 0
            return self._cash, self._position
        table = np.array([(start, self._cash, self._position), *changes], dtype=np.int64)
        lengths = np.diff(table[:, 0], append=start + count)
        _, self._cash, self._position = changes[-1]
        held = np.repeat(table[:, 2], lengths)
        self.bars_in_market += int(np.count_nonzero(held))
        return np.repeat(table[:, 1], lengths), held
