"""Buys once and holds."""

from server.strategies import Bar, Strategy, param


class BuyAndHold(Strategy):
    """Invests a share of the equity at the first open after the first bar and holds it."""

    version = "1.0.0"
    fraction: float = param(1.0, min=0.01, max=1.0, step=0.01, description="Share of the equity that is invested.")

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 0:
            self.buy(share=self.fraction)
