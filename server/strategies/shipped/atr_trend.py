"""Follows a trend within a bracket as wide as prices move."""

from typing import ClassVar

from server.strategies import Atr, Bar, Ema, Plots, Strategy, param


class AtrTrend(Strategy):
    """Buys when the close rises above its exponential average, and leaves by a stop loss or a take profit.

    Both are as many average true ranges away from the close as the parameters tell.
    """

    version = "1.0.0"
    plots: ClassVar[Plots] = {"trend": "quote", "atr": "quote"}
    trend_period: int = param(50, min=2, max=1000, step=1, description="Bars in the average of the closes.")
    atr_period: int = param(14, min=1, max=500, step=1, description="Bars in the average true range.")
    stop_ranges: float = param(2.0, min=0.1, max=50.0, step=0.1, description="True ranges down to the stop loss.")
    target_ranges: float = param(4.0, min=0.1, max=50.0, step=0.1, description="True ranges up to the take profit.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.trend = Ema(self.trend_period)
        self.atr = Atr(self.atr_period)
        self.above = True  # before the first bar: a rise needs a close below the average first

    def on_bar(self, bar: Bar) -> None:
        average = self.trend.update(bar.close)
        true_range = self.atr.update(bar.high, bar.low, bar.close)
        was_above = self.above
        self.above = bar.close > average
        if not (self.trend.ready and self.atr.ready):
            return
        if self.above and not was_above and self.position == 0:
            self.buy(
                self.quantity,
                stop_loss=bar.close - self.stop_ranges * true_range,
                take_profit=bar.close + self.target_ranges * true_range,
            )
