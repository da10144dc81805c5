"""The bars that engines are measured on; needs nothing but numpy."""

from typing import Final

import numpy as np
import numpy.typing as npt

Bars = npt.NDArray[np.int64]
MINUTE_MS: Final = 60_000
FAST: Final = 10
SLOW: Final = 30
CASH: Final = 1_000_000.0
TICK: Final = 0.01
FEE_RATE: Final = 0.001


def walk(rows: int) -> Bars:
    """A random walk of minutes about 1,000.00: (6, rows) int64, C order; the same bars each time.

    An open is not the close before it, so that a fill at the wrong one of them changes the profit.
    """
    random = np.random.default_rng(7)
    bars = np.empty((6, rows), dtype=np.int64)
    close = 100_000 + np.cumsum(random.integers(-30, 31, rows))
    close += max(0, 10_000 - int(close.min()))
    opened = np.concatenate((close[:1], close[:-1])) + random.integers(-3, 4, rows)
    bars[0] = np.arange(rows) * MINUTE_MS
    bars[1], bars[4] = opened, close
    bars[2] = np.maximum(opened, close) + random.integers(0, 6, rows)
    bars[3] = np.minimum(opened, close) - random.integers(0, 6, rows)
    bars[5] = 1
    return bars
