"""Follows the trend of two moving averages."""

from typing import ClassVar

from server.strategies import Bar, Plots, Sma, Strategy, param


class SmaCrossover(Strategy):
    """Long while the fast average of the closes is above the slow one."""

    version = "1.0.0"
    plots: ClassVar[Plots] = {"fast": "quote", "slow": "quote"}
    fast_period: int = param(10, min=2, max=200, step=1, description="Bars in the fast average.")
    slow_period: int = param(30, min=5, max=1000, step=5, description="Bars in the slow average.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.fast = Sma(self.fast_period)
        self.slow = Sma(self.slow_period)

    def on_bar(self, bar: Bar) -> None:
        self.fast.update(bar.close)
        self.slow.update(bar.close)
        if not (self.fast.ready and self.slow.ready):
            return
        # whole-number products of the sums: equal averages are seen as equal
        if self.fast.total * self.slow_period > self.slow.total * self.fast_period:
            if self.position == 0:
                self.buy(self.quantity)
        elif self.position > 0:
            self.close()
