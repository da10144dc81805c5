"""The state that the matching kernel works on: records of int64 fields, as a compiled loop keeps them too.

Interpreted they are slotted objects with the fields' names, so the kernel's text reads the same in both forms.
"""

from typing import Final

# order kinds
MARKET: Final = 1
LIMIT: Final = 2
STOP: Final = 3
STOP_LIMIT: Final = 4
KIND_NAMES: Final = ("", "market", "limit", "stop", "stopLimit")

# statuses of a row in the order table
FREE: Final = 0
HELD: Final = 1  # waits for its parent to fill
WAITING: Final = 2

# how an order's lots are found
LOTS: Final = 0
SHARE: Final = 1  # of the equity at the fill, `amount` in units of 1e-9

# why an order exists: index into server.engine.tables.EXIT_REASONS
SIGNAL: Final = 0
STOP_LOSS: Final = 1
TAKE_PROFIT: Final = 2
LIQUIDATION: Final = 3
END_OF_DATA: Final = 4

NO_PRICE: Final = -(2**62)
MAX_ORDERS: Final = 1000
MAX_LOTS: Final = 2**53
MAX_NOTIONAL: Final = 2**62


class AccountRecord:
    """One per run. `cash` and `commissions` in money units; `bar` counts from 0; `cursor` is where matching stands."""

    __slots__ = ("bar", "cash", "cursor", "fills", "last_id", "matching", "order_count", "rejected")

    def __init__(self, cash: int) -> None:
        self.cash = cash
        self.bar = 0
        self.order_count = 0
        self.last_id = 0
        self.cursor = 0
        self.matching = 0
        self.fills = 0
        self.rejected = 0


class AssetRecord:
    """One per asset. `position` in lots; `cost` and `fees` what its entry took, money units; `last` price in ticks."""

    __slots__ = ("cost", "entry_bar", "fees", "last", "position")

    def __init__(self) -> None:
        self.position = 0
        self.cost = 0
        self.fees = 0
        self.last = 0
        self.entry_bar = 0


class OrderRecord:
    """A row of the order table; `lots` below 0 for a sale, prices in ticks or NO_PRICE. Set whole when placed."""

    __slots__ = (
        "amount",
        "asset",
        "bar",
        "group",
        "id",
        "kind",
        "limit",
        "lots",
        "parent",
        "purpose",
        "sizing",
        "status",
        "stop",
        "time_in_force",
    )

    id: int
    asset: int
    status: int
    kind: int
    lots: int  # 1 or -1 where sizing is not LOTS
    sizing: int
    amount: int
    limit: int
    stop: int
    time_in_force: int
    group: int
    parent: int
    purpose: int
    bar: int
