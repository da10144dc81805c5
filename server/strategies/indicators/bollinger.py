"""Bands around an average at a multiple of the deviation."""

import math

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.window import Window, int_window


class Bollinger(Indicator):
    """Bollinger bands of whole ticks: the average of the last `n` and `width` population deviations to both sides.

    The sums are exact, of distances from the first value; `n` times the square of the largest must stay below 2⁶³.
    Nothing is divided until a band is read: `bands()`, or one of `lower`, `middle`, `upper`. `ready` once there are
    `n`; of fewer values at the start.
    """

    lines = ("lower", "middle", "upper")

    def __init__(self, n: int = 20, width: float = 2.0) -> None:
        self.n = checked_period(n)
        if not 0.0 <= width < math.inf:
            raise ValueError(f"the width is a number of deviations from 0 on, not {width}")
        self.width = float(width)
        self.ring: Window[int] = int_window(n)
        self.k = 0
        self.count = 0
        self.origin = 0
        self.total = 0
        self.squares = 0
        self.ready = False

    def update(self, x: int) -> None:
        """Takes the next value."""
        if not self.ready:
            if self.count == 0:
                self.origin = x
            self.count += 1
            self.ready = self.count == self.n
        k = self.k
        ring = self.ring
        new = x - self.origin
        old = ring[k]
        ring[k] = new
        self.total += new - old
        self.squares += (new - old) * (new + old)
        k += 1
        self.k = k if k < self.n else 0

    @property
    def middle(self) -> float:
        """The average, 0 before the first value."""
        return self.origin + self.total / self.count if self.count > 0 else 0.0

    @property
    def deviation(self) -> float:
        """The population's standard deviation, 0 before the first value."""
        count = self.count
        if count == 0:
            return 0.0
        # n² × variance is the same about any whole number; about one near the mean nothing large is subtracted
        near = int(self.total / count)
        rest = self.total - near * count
        squares = self.squares - near * (self.total + rest)
        return math.sqrt(float(squares) * count - rest * rest) / count

    @property
    def upper(self) -> float:
        """The average and `width` deviations."""
        return self.middle + self.width * self.deviation

    @property
    def lower(self) -> float:
        """The average less `width` deviations."""
        return self.middle - self.width * self.deviation

    def bands(self) -> tuple[float, float, float]:
        """The lower band, the average and the upper band."""
        middle = self.middle
        reach = self.width * self.deviation
        return middle - reach, middle, middle + reach
