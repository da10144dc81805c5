"""The linearly weighted moving average."""

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.window import Window, int_window


class Wma(Indicator):
    """Weighted moving average of whole ticks: the newest counts `n` times, the oldest of the last `n` once.

    `weighted` is the exact sum of value × weight and `divisor` that of the weights; `ready` once there are `n`.
    """

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.ring: Window[int] = int_window(n)
        self.k = 0
        self.count = 0
        self.total = 0
        self.weighted = 0
        self.divisor = 0
        self.ready = False

    def update(self, x: int) -> float:
        """Takes the next value; returns the average of the last `n`, of fewer at the start."""
        k = self.k
        ring = self.ring
        if self.ready:
            # one step back for all that is in the window, which also drops the oldest
            self.weighted += self.n * x - self.total
            self.total += x - ring[k]
        else:
            self.count += 1
            self.divisor += self.count
            self.weighted += self.count * x
            self.total += x
            self.ready = self.count == self.n
        ring[k] = x
        k += 1
        self.k = k if k < self.n else 0
        return self.weighted / self.divisor

    @property
    def value(self) -> float:
        """The average of the last `n`, of fewer at the start, 0 before the first."""
        return self.weighted / self.divisor if self.divisor > 0 else 0.0
