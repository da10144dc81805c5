"""Streaming indicators, and what users write their own with."""

from server.strategies.window import Window, int_window


class Indicator:
    """Base of streaming indicators: numbers and windows made in `__init__`, an `update` for each bar."""

    ready: bool


class Sma(Indicator):
    """Simple moving average of whole ticks: `total` is the exact sum of the last `n`; `ready` once there are `n`.

    Compare two averages as `a.total * b.n > b.total * a.n`, which has no rounding at ties.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.ring: Window[int] = int_window(n)
        self.k = 0
        self.count = 0
        self.total = 0
        self.ready = False

    def update(self, x: int) -> float:
        """Takes the next value; returns the average of the last `n`, of fewer at the start."""
        k = self.k
        ring = self.ring
        self.total = total = self.total + x - ring[k]
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
        return self.total / self.count if self.count else 0.0


class Ema(Indicator):
    """Exponential moving average, alpha 2 / (n + 1), starting at the first value; `ready` after `n` values."""

    def __init__(self, n: int) -> None:
        if n < 1:
            raise ValueError(f"an average is made of at least one number, not {n}")
        self.n = n
        self.alpha = 2.0 / (n + 1)
        self.count = 0
        self.value = 0.0
        self.ready = False

    def update(self, x: float) -> float:
        """Takes the next value and returns the average."""
        if self.count == 0:
            self.value = float(x)
        else:
            self.value += self.alpha * (x - self.value)
        if self.count < self.n:
            self.count += 1
            self.ready = self.count == self.n
        return self.value
