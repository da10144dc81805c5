"""A strategy that follows two moving averages."""

from server.strategies import Bar, Sma, Strategy, param


class Starter(Strategy):
    """Long while the fast average of the closes is above the slow one."""

    # Another version makes another run; so does any other change of this file.
    version = "0.1.0"

    # Parameters: the annotation is the type, `min` and `max` are checked, `step` spaces the axes of an optimization.
    fast_period: int = param(10, min=2, max=200, step=1, description="Bars in the fast average.")
    slow_period: int = param(30, min=5, max=1000, step=5, description="Bars in the slow average.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        # Once before the first bar: make indicators and state here, as numbers, windows or indicators.
        self.fast = Sma(self.fast_period)
        self.slow = Sma(self.slow_period)

    def on_bar(self, bar: Bar) -> None:
        # With every complete bar; prices are whole ticks. Orders made here meet the next bar.
        self.fast.update(bar.close)
        self.slow.update(bar.close)
        if not (self.fast.ready and self.slow.ready):
            return
        if self.fast.value > self.slow.value:
            if self.position == 0:
                self.buy(self.quantity)
        elif self.position > 0:
            self.close()
