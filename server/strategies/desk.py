"""What a strategy's orders go to, as the strategy sees it; the engine implements it."""

from typing import Final, NamedTuple, Protocol

GTC: Final = 0
"""Good till cancelled."""
DAY: Final = 1
"""Ends with the UTC day of the first bar that it could fill in."""
IOC: Final = 2
"""Ends with the first bar that it could fill in."""


class Size(NamedTuple):
    """How large an order is: exactly one of units, a share of the equity, quote currency, a share at risk."""

    quantity: float | None
    share: float | None
    amount: float | None
    risk: float | None


class Desk(Protocol):
    """Takes orders for one run. Quantities in units, prices in ticks, money in quote currency.

    Order ids count from 1; 0 stands for an order that was rejected at once. Raises TooManyOrders when
    the table of waiting orders is full.
    """

    def order(
        self,
        side: int,
        size: Size,
        *,
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

    def add_target(self, order: int, price: float, share: float) -> int:
        """Adds a take profit for a share of what a waiting entry will open; its id, 0 when it cannot be."""
        ...

    def move_stop(self, order: int, price: float) -> bool:
        """Moves the stop loss of an entry; whether there was one."""
        ...

    def move_target(self, order: int, price: float) -> bool:
        """Moves the take profits of an entry; whether there was one."""
        ...

    def signal(self, name: str, direction: int, strength: float | None, asset: int) -> None:
        """Tells whoever listens of a signal; `direction` is above 0 for long, below for short, 0 for neither."""
        ...

    def warn(self, message: str) -> None:
        """Tells whoever listens of a warning."""
        ...

    def last_price(self, asset: int) -> int:
        """The newest price in ticks, 0 before the asset's first bar."""
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
