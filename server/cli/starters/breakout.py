"""A strategy that follows prices out of their channel."""

from server.strategies import Bar, Donchian, Strategy, param


class Starter(Strategy):
    """Buys a close above the highest high of the bars before, and leaves below their lowest low."""

    # Another version makes another run; so does any other change of this file.
    version = "0.1.0"

    # Parameters: the annotation is the type, `min` and `max` are checked, `step` spaces the axes of an optimization.
    period: int = param(20, min=2, max=500, step=1, description="Bars in the channel.")
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        # Once before the first bar: make indicators and state here, as numbers, windows or indicators.
        self.channel = Donchian(self.period)

    def on_bar(self, bar: Bar) -> None:
        # With every complete bar; prices are whole ticks. Orders made here meet the next bar.
        if self.channel.ready:
            if self.position == 0 and bar.close > self.channel.upper:
                self.buy(self.quantity)
            elif self.position > 0 and bar.close < self.channel.lower:
                self.close()
        # last: the channel that is compared with is that of the bars before
        self.channel.update(bar.high, bar.low)
