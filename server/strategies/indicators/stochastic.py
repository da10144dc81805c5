"""Where the close stands within the range of the last bars."""

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.indicators.rolling import RollingMax, RollingMin
from server.strategies.indicators.sma import FloatSma


class Stochastic(Indicator):
    """Stochastic oscillator by Lane, 0 to 100: %K as `k`, its average %D as `d`.

    %K is where the close stands between the lowest low and the highest high of the last `n` bars, in percent (50 when
    these are one), averaged over `smooth` bars; %D is %K averaged over `signal` bars. `ready` once both are whole:
    after `n` + `smooth` + `signal` - 2 bars.
    """

    lines = ("k", "d")

    def __init__(self, n: int = 14, smooth: int = 3, signal: int = 3) -> None:
        self.n = checked_period(n)
        self.highest = RollingMax(n)
        self.lowest = RollingMin(n)
        self.smoothed = FloatSma(checked_period(smooth, "smoothing period"))
        self.average = FloatSma(checked_period(signal, "signal period"))
        self.count = 0
        self.warm_up = n + smooth + signal - 2
        self.k = 50.0
        self.d = 50.0
        self.ready = False

    def update(self, high: int, low: int, close: int) -> float:
        """Takes the next bar and returns %K."""
        highest = self.highest.update(high)
        lowest = self.lowest.update(low)
        self.k = self.smoothed.update(100.0 * (close - lowest) / (highest - lowest) if highest > lowest else 50.0)
        self.d = self.average.update(self.k)
        if not self.ready:
            self.count += 1
            self.ready = self.count == self.warm_up
        return self.k
