"""Trades the difference of two assets back to its mean."""

from typing import ClassVar

from server.strategies import Bar, Bollinger, Plots, Strategy, param


class PairSpread(Strategy):
    """Sells the rich one of two assets and buys the cheap one, until their difference is back near its mean.

    The difference is that of the closes, the second asset's times `ratio`, in whole ticks of each. How many deviations
    it is away from its average tells which one is rich. It needs two subscriptions, the second one of another asset,
    and a margin account, since one of the two is sold short. With one subscription it never trades.
    """

    version = "1.0.0"
    plots: ClassVar[Plots] = {"spread": "raw"}
    period: int = param(50, min=2, max=1000, step=1, description="Bars in the average and the deviation.")
    entry: float = param(2.0, min=0.1, max=10.0, step=0.1, description="Deviations from the mean at which it enters.")
    exit: float = param(0.5, min=0.0, max=10.0, step=0.1, description="Deviations from the mean at which it leaves.")
    ratio: float = param(1.0, min=0.001, max=1000.0, step=0.1, description="Weight of the second asset's closes.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units of the first asset.")
    second_quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units of the second asset.")

    def init(self) -> None:
        self.spread = Bollinger(self.period)
        self.paired = False

    def on_bar(self, bar: Bar) -> None:
        if bar.feed != 0:
            self.paired = self.paired or bar.asset == 1
            return
        if not self.paired:
            return
        # whole numbers have exact sums
        difference = round(bar.close - self.ratio * self.last_price(1))
        self.spread.update(difference)
        if not self.spread.ready or self.open_orders > 0:
            return
        away = difference - self.spread.middle
        deviation = self.spread.deviation
        first, second = self.position, self.position_of(1)
        if first == 0 and second == 0:
            if deviation > 0 and abs(away) >= self.entry * deviation:
                self.enter(away > 0)
        elif first == 0 or second == 0 or self.is_back(away, deviation):
            # one leg alone, where the other was rejected or liquidated, is no spread
            self.close()
            self.close(1)

    def enter(self, first_is_rich: bool) -> None:
        """Sells the rich one and buys the cheap one; neither where one of the two cannot be ordered."""
        if first_is_rich:
            order = self.sell(self.quantity)
            if order != 0 and self.buy(self.second_quantity, asset=1) == 0:
                self.cancel(order)
        else:
            order = self.buy(self.quantity)
            if order != 0 and self.sell(self.second_quantity, asset=1) == 0:
                self.cancel(order)

    def is_back(self, away: float, deviation: float) -> bool:
        """Whether the difference is near its mean, or beyond it, seen from where the spread was entered."""
        if self.position < 0:
            return away <= self.exit * deviation
        return away >= -self.exit * deviation
