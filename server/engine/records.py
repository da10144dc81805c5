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
HELD: Final = 1  # part of a bracket that waits for its parent to fill
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
MAX_PRICE: Final = 2**53
MAX_NOTIONAL: Final = 2**62


class AccountRecord:
    """One per run. `cash` in money units; `bar` counts from 0; `cursor` is where matching stands.

    `watch` is 1 while anything could happen within a bar: while it is 0, a bar costs no look at prices.
    """

    __slots__ = ("bar", "cash", "cursor", "fills", "last_id", "matching", "order_count", "rejected", "watch")

    def __init__(self, cash: int) -> None:
        self.cash = cash
        self.bar = 0
        self.order_count = 0
        self.last_id = 0
        self.cursor = 0
        self.matching = 0
        self.fills = 0
        self.rejected = 0
        self.watch = 0


class AssetRecord:
    """One per asset. `position` in lots; `cost` and `fees` what its entry took, money units; `last` price in ticks.

    A bar is matched only when its low is at or below `wake_low`, its high at or above `wake_high`, or its open not
    before `wake_time` (ms). `liquidation` is the price that ends the position, NO_PRICE when none does. `reached`,
    while a bar is matched: the price of the last fill inside of it, its open before there was one.
    """

    __slots__ = (
        "cost",
        "entry_bar",
        "fees",
        "last",
        "liquidation",
        "position",
        "reached",
        "wake_high",
        "wake_low",
        "wake_time",
    )

    def __init__(self) -> None:
        self.position = 0
        self.cost = 0
        self.fees = 0
        self.last = 0
        self.entry_bar = 0
        self.liquidation = NO_PRICE
        self.reached = NO_PRICE
        self.wake_low = NO_PRICE
        self.wake_high = -NO_PRICE
        self.wake_time = -NO_PRICE


class OrderRecord:
    """A row of the order table; `lots` below 0 for a sale, prices in ticks or NO_PRICE. Set whole when placed.

    `parent`: the entry that this bracket protects, 0 for an order of its own. `expires`: ms since the epoch, 0 while
    no bar has met the order. `joined`: the bar within which it was placed or woken, -1 when between bars; it sees
    this bar from the price `reached` on.
    """

    __slots__ = (
        "amount",
        "asset",
        "bar",
        "expires",
        "group",
        "id",
        "joined",
        "kind",
        "limit",
        "lots",
        "parent",
        "purpose",
        "reached",
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
    expires: int
    joined: int
    reached: int
