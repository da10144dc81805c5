"""The strength of a trend."""

from server.strategies.indicators.indicator import Indicator, checked_period


class Adx(Indicator):
    """Average directional index, 0 to 100, by Wilder (New Concepts in Technical Trading Systems, 1978).

    `value` is the ADX, `plus_di` and `minus_di` tell the direction. Movements and true ranges are averaged like Rsi's
    changes, from the second bar on; the directional index of these averages once more in the same way. `ready` after
    2 `n` bars, with `n` directional indices; the two directions are meant after `n` + 1 bars.
    """

    lines = ("value", "plus_di", "minus_di")

    def __init__(self, n: int = 14) -> None:
        self.n = checked_period(n)
        self.weight = 0.0  # the first bar, having none before it, does not move
        self.index_weight = 0.0
        self.count = 0
        self.high = 0
        self.low = 0
        self.close = 0
        self.up = 0.0
        self.down = 0.0
        self.span = 0.0
        self.value = 0.0
        self.ready = False

    def update(self, high: int, low: int, close: int) -> float:
        """Takes the next bar and returns the ADX."""
        previous = self.close
        rise = high - self.high
        fall = self.low - low
        self.high = high
        self.low = low
        self.close = close
        top = high if high > previous else previous
        bottom = low if low < previous else previous
        weight = self.weight
        up = self.up + ((rise if rise > fall and rise > 0 else 0) - self.up) * weight
        down = self.down + ((fall if fall > rise and fall > 0 else 0) - self.down) * weight
        self.up = up
        self.down = down
        self.span += (top - bottom - self.span) * weight
        index = 100.0 * abs(up - down) / (up + down) if up + down > 0.0 else 0.0
        self.value += (index - self.value) * self.index_weight
        if not self.ready:
            self.warm_up()
        return self.value

    def warm_up(self) -> None:
        """Lets the next bar weigh as much as those before it, until there are `n` of a kind."""
        self.count += 1
        if self.count <= self.n:
            self.weight = 1.0 / self.count
        if self.count == 2 * self.n:
            self.ready = True
        elif self.count >= self.n:
            self.index_weight = 1.0 / (self.count - self.n + 1)

    @property
    def plus_di(self) -> float:
        """+DI: upward movement in percent of the true range."""
        return 100.0 * self.up / self.span if self.span > 0.0 else 0.0

    @property
    def minus_di(self) -> float:
        """-DI: downward movement in percent of the true range."""
        return 100.0 * self.down / self.span if self.span > 0.0 else 0.0
