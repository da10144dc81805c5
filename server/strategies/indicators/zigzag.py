"""The turning points of prices."""

from server.strategies.indicators.indicator import Indicator


class ZigZag(Indicator):
    """Turning points that are told once they are certain and never move afterwards.

    A high is a pivot when a later bar's low is below it by `percent` of it, or by `ticks`; a low the other way round.
    `pivot` is the price of the last one, `pivot_bar` the number of its bar (from 0, as updates count), `leg` where
    prices go since: 1 up, -1 down, 0 before the first pivot. `highest` and `lowest` are what may become the next one:
    `highest` in a leg up, `lowest` in a leg down, both before the first. `ready` from the first pivot on.

    A bar that goes on in the leg's direction never ends it, whatever its other end: nobody knows which came first.
    """

    lines = ("pivot",)

    def __init__(self, *, percent: float = 0.0, ticks: int = 0) -> None:
        if (percent == 0) == (ticks == 0):
            raise ValueError("a zigzag turns after either percent= or ticks=")
        if not 0.0 <= percent < 100.0:
            raise ValueError(f"a reversal is above 0 and below 100 percent, not {percent}")
        if ticks < 0:
            raise ValueError(f"a reversal takes at least 1 tick, not {ticks}")
        self.percent = float(percent)
        self.margin = 100 * ticks
        self.count = 0
        self.leg = 0
        self.highest = 0
        self.highest_bar = 0
        self.lowest = 0
        self.lowest_bar = 0
        self.pivot = 0
        self.pivot_bar = 0
        self.ready = False

    def update(self, high: int, low: int) -> int:
        """Takes the next bar; returns 1 when it makes a high certain, -1 for a low, 0 otherwise."""
        bar = self.count
        self.count = bar + 1
        if self.leg > 0:
            if high > self.highest:
                self.highest = high
                self.highest_bar = bar
            elif self.reverses(self.highest - low, self.highest):
                return self.top(low, bar)
        elif self.leg < 0:
            if low < self.lowest:
                self.lowest = low
                self.lowest_bar = bar
            elif self.reverses(high - self.lowest, self.lowest):
                return self.bottom(high, bar)
        else:
            return self.begin(high, low, bar)
        return 0

    def begin(self, high: int, low: int, bar: int) -> int:
        """Looks for the first pivot in both directions; the larger move decides."""
        if bar == 0:
            self.highest = high
            self.lowest = low
            return 0
        fall = self.highest - low
        rise = high - self.lowest
        falls = self.reverses(fall, self.highest)
        rises = self.reverses(rise, self.lowest)
        if falls and (fall > rise or not rises):
            return self.top(low, bar)
        if rises and (rise > fall or not falls):
            return self.bottom(high, bar)
        if high > self.highest:
            self.highest = high
            self.highest_bar = bar
        if low < self.lowest:
            self.lowest = low
            self.lowest_bar = bar
        return 0

    def reverses(self, move: int, extreme: int) -> bool:
        """Whether prices have moved far enough from `extreme`; exact for ticks and for whole percents."""
        return 100 * move >= self.percent * extreme + self.margin

    def top(self, low: int, bar: int) -> int:
        """The highest price is certain; a leg down begins."""
        self.pivot = self.highest
        self.pivot_bar = self.highest_bar
        self.lowest = low
        self.lowest_bar = bar
        self.leg = -1
        self.ready = True
        return 1

    def bottom(self, high: int, bar: int) -> int:
        """The lowest price is certain; a leg up begins."""
        self.pivot = self.lowest
        self.pivot_bar = self.lowest_bar
        self.highest = high
        self.highest_bar = bar
        self.leg = 1
        self.ready = True
        return -1
