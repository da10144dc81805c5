"""A strategy that buys what fell too fast."""

from server.strategies import Bar, Rsi, Strategy, param


class Starter(Strategy):
    """Buys when the RSI of the closes is low, and leaves when it has recovered."""

    # Another version makes another run; so does any other change of this file.
    version = "0.1.0"

    # Parameters: the annotation is the type, `min` and `max` are checked, `step` spaces the axes of an optimization.
    period: int = param(14, min=2, max=500, step=1, description="Changes in the averages of the RSI.")
    low: float = param(35.0, min=1.0, max=50.0, step=1.0, description="RSI below which it buys.")
    recovered: float = param(55.0, min=50.0, max=99.0, step=1.0, description="RSI from which on it leaves.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        # Once before the first bar: make indicators and state here, as numbers, windows or indicators.
        self.rsi = Rsi(self.period)

    def on_bar(self, bar: Bar) -> None:
        # With every complete bar; prices are whole ticks. Orders made here meet the next bar.
        level = self.rsi.update(bar.close)
        if not self.rsi.ready:
            return
        if self.position == 0:
            if level < self.low:
                self.buy(self.quantity)
        elif level >= self.recovered:
            self.close()
