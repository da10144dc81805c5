"""The exponential moving average."""

from server.strategies.indicators.indicator import Indicator, checked_period


class Ema(Indicator):
    """Exponential moving average, alpha 2 / (n + 1), starting at the first value; `ready` after `n` values."""

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.alpha = 2.0 / (n + 1)
        self.count = 0
        self.value = 0.0
        self.ready = False

    def update(self, x: float) -> float:
        """Takes the next value and returns the average."""
        if self.ready:
            self.value += self.alpha * (x - self.value)
            return self.value
        if self.count == 0:
            self.value = float(x)
        else:
            self.value += self.alpha * (x - self.value)
        self.count += 1
        self.ready = self.count == self.n
        return self.value
