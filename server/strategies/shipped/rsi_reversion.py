"""Buys what fell too fast."""

from typing import ClassVar

from server.strategies import Bar, Plots, Rsi, Strategy, param


class RsiReversion(Strategy):
    """Buys when the RSI of the closes falls below a level, and leaves when it is back at a higher one."""

    version = "1.0.0"
    plots: ClassVar[Plots] = {"rsi": "raw"}
    period: int = param(14, min=2, max=500, step=1, description="Changes in the averages of the RSI.")
    oversold: float = param(30.0, min=1.0, max=50.0, step=1.0, description="RSI below which it buys.")
    exit_level: float = param(50.0, min=50.0, max=99.0, step=1.0, description="RSI from which on it leaves.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        self.rsi = Rsi(self.period)

    def on_bar(self, bar: Bar) -> None:
        level = self.rsi.update(bar.close)
        if not self.rsi.ready:
            return
        if self.position == 0:
            if level < self.oversold:
                self.buy(self.quantity)
        elif level >= self.exit_level:
            self.close()
