"""Follows closes that leave their Bollinger bands."""

from typing import ClassVar

from server.strategies import Bar, Bollinger, Plots, Strategy, param


class BollingerBreakout(Strategy):
    """Buys when a close is above the upper Bollinger band, and leaves when one is below the average."""

    version = "1.0.0"
    plots: ClassVar[Plots] = {"bollinger": "quote"}
    period: int = param(20, min=2, max=1000, step=1, description="Bars in the average and the deviation.")
    width: float = param(2.0, min=0.1, max=10.0, step=0.1, description="Deviations from the average to the band.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.bollinger = Bollinger(self.period, self.width)

    def on_bar(self, bar: Bar) -> None:
        self.bollinger.update(bar.close)
        if not self.bollinger.ready:
            return
        if self.position == 0:
            if bar.close > self.bollinger.upper:
                self.buy(self.quantity)
        elif bar.close < self.bollinger.middle:
            self.close()
