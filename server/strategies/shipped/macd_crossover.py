"""Follows the momentum that MACD shows."""

from typing import ClassVar

from server.strategies import Bar, Macd, Plots, Strategy, param


class MacdCrossover(Strategy):
    """Long while the MACD line of the closes is above its signal."""

    version = "1.0.0"
    plots: ClassVar[Plots] = {"macd": "quote"}
    fast_period: int = param(12, min=2, max=200, step=1, description="Bars in the fast average.")
    slow_period: int = param(26, min=3, max=1000, step=1, description="Bars in the slow average.")
    signal_period: int = param(9, min=1, max=200, step=1, description="Bars in the average of the line.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.macd = Macd(self.fast_period, self.slow_period, self.signal_period)

    def on_bar(self, bar: Bar) -> None:
        self.macd.update(bar.close)
        if not self.macd.ready:
            return
        if self.macd.line > self.macd.signal:
            if self.position == 0:
                self.buy(self.quantity)
        elif self.position > 0:
            self.close()
