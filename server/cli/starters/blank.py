"""A strategy that does nothing yet."""

from server.strategies import Bar, Strategy, param


class Starter(Strategy):
    """Say in one sentence what it does: lists and reports show it."""

    # Another version makes another run; so does any other change of this file.
    version = "0.1.0"

    # Parameters: the annotation is the type, `min` and `max` are checked, `step` spaces the axes of an optimization.
    quantity: float = param(1.0, min=1e-8, max=1e9, step=1.0, description="Units bought.")

    def init(self) -> None:
        # Once before the first bar: make indicators and state here, as numbers, windows or indicators.
        self.bars = 0

    def on_bar(self, bar: Bar) -> None:
        # With every complete bar; prices are whole ticks. Orders made here meet the next bar.
        self.bars += 1
        # if self.position == 0:
        #     self.buy(self.quantity)
        # else:
        #     self.close()
