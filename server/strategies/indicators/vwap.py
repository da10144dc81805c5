"""The day's average price by volume."""

from server.strategies.indicators.indicator import Indicator

_DAY_MS = 86_400_000


class Vwap(Indicator):
    """Volume-weighted average price in ticks of each UTC day so far, a bar counting at (high + low + close) / 3.

    `ready` while the day has seen volume; until then it is the price of the newest bar.
    """

    def __init__(self) -> None:
        self.day = 0
        self.volume = 0
        self.turnover = 0.0  # a float: a day's lots times ticks may pass 64 bits
        self.value = 0.0
        self.ready = False

    def update(self, time: int, high: int, low: int, close: int, volume: int) -> float:
        """Takes the next bar, `time` in ms since the epoch, and returns the average."""
        day = time // _DAY_MS
        if day != self.day:
            self.day = day
            self.volume = 0
            self.turnover = 0.0
        triple = high + low + close
        self.volume += volume
        self.turnover += float(triple) * volume
        self.ready = self.volume > 0
        self.value = self.turnover / (3.0 * self.volume) if self.volume > 0 else triple / 3
        return self.value
