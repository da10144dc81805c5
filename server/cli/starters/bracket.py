"""A strategy whose orders carry a stop loss and a take profit."""

from server.strategies import Atr, Bar, Ema, Strategy, param


class Starter(Strategy):
    """Buys above the average of the closes, and leaves by a stop loss or a take profit."""

    # Another version makes another run; so does any other change of this file.
    version = "0.1.0"

    # Parameters: the annotation is the type, `min` and `max` are checked, `step` spaces the axes of an optimization.
    period: int = param(50, min=2, max=1000, step=1, description="Bars in the average of the closes.")
    stop_ranges: float = param(2.0, min=0.1, max=50.0, step=0.1, description="True ranges down to the stop loss.")
    target_ranges: float = param(4.0, min=0.1, max=50.0, step=0.1, description="True ranges up to the take profit.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        # Once before the first bar: make indicators and state here, as numbers, windows or indicators.
        self.average = Ema(self.period)
        self.atr = Atr(14)

    def on_bar(self, bar: Bar) -> None:
        # With every complete bar; prices are whole ticks. Orders made here meet the next bar.
        average = self.average.update(bar.close)
        true_range = self.atr.update(bar.high, bar.low, bar.close)
        if not (self.average.ready and self.atr.ready):
            return
        if self.position == 0 and bar.close > average:
            # The bracket waits beside the position: whichever fills first cancels the other.
            self.buy(
                self.quantity,
                stop_loss=bar.close - self.stop_ranges * true_range,
                take_profit=bar.close + self.target_ranges * true_range,
            )
