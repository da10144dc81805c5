"""The convergence and divergence of two averages."""

from server.strategies.indicators.ema import Ema
from server.strategies.indicators.indicator import Indicator, checked_period


class Macd(Indicator):
    """Moving average convergence/divergence: `line`, its average `signal`, and `histogram`, how far it is above it.

    `line` is the fast exponential average less the slow one. The signal starts at the first line that both averages
    are ready for; `ready` after `signal` of those.
    """

    lines = ("line", "signal", "histogram")

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        self.fast = Ema(checked_period(fast, "fast period"))
        self.slow = Ema(checked_period(slow, "slow period"))
        self.average = Ema(checked_period(signal, "signal period"))
        self.line = 0.0
        self.signal = 0.0
        self.ready = False

    def update(self, x: float) -> float:
        """Takes the next value and returns the line."""
        self.line = self.fast.update(x) - self.slow.update(x)
        if self.slow.ready and self.fast.ready:
            self.signal = self.average.update(self.line)
            self.ready = self.average.ready
        return self.line

    @property
    def histogram(self) -> float:
        """The line less its signal; only meant once `ready`."""
        return self.line - self.signal
