"""What a strategy's orders go to, as the strategy sees it; the engine implements it."""

from typing import Final, Protocol

GTC: Final = 0
"""Good till cancelled."""
DAY: Final = 1
"""Ends with the UTC day of the first bar that it could fill in."""
IOC: Final = 2
"""Ends with the first bar that it could fill in."""


class Desk(Protocol):
    """Takes orders for one run. Quantities in units, prices in ticks, money in quote currency.

    Order ids count from 1; 0 stands for an order that was rejected at once. Raises TooManyOrders when
    the table of waiting orders is full.
    """

    def order(
        self,
        side: int,
        quantity: float | None,
        *,
        share: float | None,
        limit: float | None,
        stop: float | None,
        stop_loss: float | None,
        take_profit: float | None,
        time_in_force: int,
        group: int,
        asset: int,
    ) -> int:
        """Places one order; `side` is 1 to buy and -1 to sell."""
        ...

    def close(self, asset: int) -> int:
        """Cancels what waits on the asset, places a market order for the position's opposite; brackets end with it."""
        ...

    def cancel(self, order: int) -> bool:
        """Whether the order still waited, which it now does not."""
        ...

    def cancel_all(self, asset: int) -> None:
        """Cancels every waiting order on the asset; the brackets of what is held stay."""
        ...

    def position(self, asset: int) -> float:
        """Units held, below 0 for a short position."""
        ...

    def equity(self) -> float:
        """Cash and positions at the newest price."""
        ...

    def cash(self) -> float:
        """What is not invested; a short sale raises it."""
        ...

    def open_orders(self) -> int:
        """How many orders wait; brackets belong to their entry and are not counted."""
        ...
