"""The channel of the last highs and lows."""

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.indicators.rolling import RollingMax, RollingMin


class Donchian(Indicator):
    """Donchian channel in ticks: the highest high and the lowest low of the last `n` bars, the newest included.

    `ready` once there are `n`; of fewer bars at the start.
    """

    lines = ("lower", "upper")

    def __init__(self, n: int = 20) -> None:
        self.n = checked_period(n)
        self.highest = RollingMax(n)
        self.lowest = RollingMin(n)
        self.upper = 0
        self.lower = 0
        self.ready = False

    def update(self, high: int, low: int) -> None:
        """Takes the next bar."""
        self.upper = self.highest.update(high)
        self.lower = self.lowest.update(low)
        self.ready = self.lowest.ready

    @property
    def middle(self) -> float:
        """Half way between the two."""
        return (self.upper + self.lower) / 2
