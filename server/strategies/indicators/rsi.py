"""The relative strength index."""

from server.strategies.indicators.indicator import Indicator, checked_period


class Rsi(Indicator):
    """Relative strength index, 0 to 100, by Wilder (New Concepts in Technical Trading Systems, 1978).

    Rises and falls are averaged: the mean of the first `n` changes, then each new one with weight 1 / n. `ready` after
    `n` changes, so `n` + 1 values; 50 while nothing has changed.
    """

    def __init__(self, n: int = 14) -> None:
        self.n = checked_period(n)
        self.weight = 0.0  # the first value, having none before it, is no change
        self.count = 0
        self.previous = 0.0
        self.up = 0.0
        self.down = 0.0
        self.value = 50.0
        self.ready = False

    def update(self, x: float) -> float:
        """Takes the next value and returns the index."""
        change = x - self.previous
        self.previous = x
        rise = change if change > 0.0 else 0.0
        up = self.up + (rise - self.up) * self.weight
        down = self.down + (rise - change - self.down) * self.weight
        self.up = up
        self.down = down
        if not self.ready:
            self.count += 1
            if self.count > self.n:
                self.ready = True
            else:
                self.weight = 1.0 / self.count
        self.value = 100.0 * up / (up + down) if up + down > 0.0 else 50.0
        return self.value
