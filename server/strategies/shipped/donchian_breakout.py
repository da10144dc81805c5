"""Follows prices that leave the channel of the last bars."""

from typing import ClassVar

from server.strategies import Bar, Donchian, Plots, Strategy, param


class DonchianBreakout(Strategy):
    """Buys by a stop order at the highest high of the last bars, and leaves by one at a shorter channel's lowest low.

    Its order waits in the market all the time, and moves as the channel does.
    """

    version = "1.0.0"
    plots: ClassVar[Plots] = {"entry.upper": "quote", "exit.lower": "quote"}
    entry_period: int = param(20, min=2, max=1000, step=1, description="Bars in the channel that is bought from.")
    exit_period: int = param(10, min=1, max=1000, step=1, description="Bars in the channel that is left by.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.entry = Donchian(self.entry_period)
        self.exit = Donchian(self.exit_period)
        self.level = 0

    def on_bar(self, bar: Bar) -> None:
        self.entry.update(bar.high, bar.low)
        self.exit.update(bar.high, bar.low)
        if not (self.entry.ready and self.exit.ready):
            return
        level = self.entry.upper if self.position == 0 else self.exit.lower
        if level == self.level and self.open_orders > 0:
            return
        self.cancel_all()
        self.level = level
        if self.position == 0:
            self.buy(self.quantity, stop=level)
        else:
            self.sell(self.position, stop=level)
