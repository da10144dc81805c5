"""The average true range."""

from server.strategies.indicators.indicator import Indicator, checked_period


class Atr(Indicator):
    """Average true range in ticks, by Wilder (New Concepts in Technical Trading Systems, 1978).

    A true range spans the bar and the close before it, so the first bar has none. The mean of the first `n`, then each
    new one with weight 1 / n. `ready` after `n` true ranges, so `n` + 1 bars.
    """

    def __init__(self, n: int = 14) -> None:
        self.n = checked_period(n)
        self.weight = 0.0  # the first bar, having no close before it, has no true range
        self.count = 0
        self.previous = 0
        self.value = 0.0
        self.ready = False

    def update(self, high: int, low: int, close: int) -> float:
        """Takes the next bar and returns the average."""
        previous = self.previous
        self.previous = close
        top = high if high > previous else previous
        bottom = low if low < previous else previous
        self.value += (top - bottom - self.value) * self.weight
        if not self.ready:
            self.count += 1
            if self.count > self.n:
                self.ready = True
            else:
                self.weight = 1.0 / self.count
        return self.value
