"""Simple moving averages."""

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.window import Window, int_window, window


class Sma(Indicator):
    """Simple moving average of whole ticks: `total` is the exact sum of the last `n`; `ready` once there are `n`.

    Compare two averages as `a.total * b.n > b.total * a.n`, which has no rounding at ties.
    """

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.ring: Window[int] = int_window(n)
        self.k = 0
        self.count = 0
        self.total = 0
        self.ready = False

    def update(self, x: int) -> float:
        """Takes the next value; returns the average of the last `n`, of fewer at the start."""
        k = self.k
        ring = self.ring
        total = self.total + x - ring[k]
        self.total = total
        ring[k] = x
        k += 1
        self.k = k if k < self.n else 0
        if self.ready:
            return total / self.n
        self.count += 1
        self.ready = self.count == self.n
        return total / self.count

    @property
    def value(self) -> float:
        """The average of the last `n`, of fewer at the start, 0 before the first."""
        return self.total / self.count if self.count > 0 else 0.0


class FloatSma(Indicator):
    """Simple moving average of numbers that are no whole ticks, as of another indicator's values.

    The sum is made anew every `n` values, so that rounding never builds up. `ready` once there are `n`.
    """

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.ring: Window[float] = window(n)
        self.k = 0
        self.count = 0
        self.total = 0.0
        self.ready = False

    def update(self, x: float) -> float:
        """Takes the next value; returns the average of the last `n`, of fewer at the start."""
        k = self.k
        ring = self.ring
        total = self.total + (x - ring[k])
        ring[k] = x
        k += 1
        if k == self.n:
            k = 0
            total = 0.0
            for j in range(self.n):
                total += ring[j]
        self.k = k
        self.total = total
        if self.ready:
            return total / self.n
        self.count += 1
        self.ready = self.count == self.n
        return total / self.count

    @property
    def value(self) -> float:
        """The average of the last `n`, of fewer at the start, 0 before the first."""
        return self.total / self.count if self.count > 0 else 0.0
