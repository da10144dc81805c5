"""SmaCrossover as backtesting.py plays it."""

from typing import Any

import numpy as np
import numpy.typing as npt
from backtesting import Backtest, Strategy

from tests.oracles.prices import Prices


def play_crossover(prices: Prices, fast: int, slow: int, *, cash_ticks: float, commission: float = 0.0) -> Any:
    """Their figures of one unit long while the fast average is above the slow one; what is open stays open."""

    class Crossover(Strategy):
        def init(self) -> None: ...

        def next(self) -> None:
            if len(self.data) < slow:
                return
            if self.data.Above[-1]:
                if not self.position:
                    self.buy(size=1)
            elif self.position:
                self.position.close()

    closes = prices.bars[4]
    frame = prices.frame.assign(Above=_sums(closes, fast) * slow > _sums(closes, slow) * fast)
    return Backtest(frame, Crossover, cash=cash_ticks, commission=commission, finalize_trades=False).run()


def _sums(values: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    """The sum of the last `length` values at every bar, 0 before there are as many."""
    total = np.cumsum(np.concatenate(([0], values)))
    return np.concatenate((np.zeros(length - 1, dtype=np.int64), total[length:] - total[:-length]))
