"""The state that the kernel works on: records of whole numbers and floats.

Interpreted they are slotted objects, compiled they are records of an array with the same fields.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.data.instrument import MAX_MONEY

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
AMOUNT: Final = 2  # money to spend at the fill, `amount` in money units
RISK: Final = 3  # share of the equity that the stop loss may cost, `amount` in units of 1e-9

# why an order exists: index into server.engine.tables.EXIT_REASONS
SIGNAL: Final = 0
STOP_LOSS: Final = 1
TAKE_PROFIT: Final = 2
LIQUIDATION: Final = 3
END_OF_DATA: Final = 4

# why a run cannot go on: `AccountRecord.failure`
TOO_MANY_ORDERS: Final = 1
TOO_MANY_NOTES: Final = 2
MONEY_OVERFLOW: Final = 3

# what is written down: `AccountRecord.noting`
NOTHING: Final = 0
ORDERS: Final = 1
EVERYTHING: Final = 2  # signals and warnings too

NO_PRICE: Final = -(2**62)
BAD_PRICE: Final = -(2**62) + 1
HUGE_PRICE: Final = -(2**62) + 2
NO_TIME: Final = -(2**62)
MAX_ORDERS: Final = 1000
MAX_NOTES: Final = 8192
"""Notes (orders placed, filled, ended; signals; warnings) of one bar: more is a strategy that never stops."""
MAX_LOTS: Final = 2**53
MAX_CASH: Final = MAX_MONEY


@dataclass(slots=True)
class AccountRecord:
    """One per run. `cash` in money units; `bar` counts rows from 0; `cursor` is where matching stands.

    `watch` is 1 while anything could happen within a bar: while it is 0, a bar costs no look at prices. `now` is what
    the strategy knows of the time, ms since the epoch, in runs of several series; while the bar of asset `matched` that
    opened at `opened` is matched, `until` is when that bar is complete. `moves`: how many brackets have a price that is
    still to come. `pause` is 1 where the loop has to stop after this bar, `failure` says why for good; `interrupt` is
    set from outside, for loops in bar code that may never end. `noting` tells which notes anybody reads; `note_rows`
    counts those of the compiled form. In runs of several series (`several` 1) `marked` counts the bars of the main
    one. Assets `holding` a position since bar `held_since` of the main series; `bars_held` before that. Round trips:
    `wins` above zero, `losses` below, their sums in money units. `last_…` tell of the newest fill.
    """

    cash: int = 0
    bar: int = 0
    now: int = NO_TIME
    until: int = NO_TIME
    matched: int = 0
    opened: int = NO_TIME
    moves: int = 0
    order_count: int = 0
    last_id: int = 0
    cursor: int = 0
    matching: int = 0
    watch: int = 0
    failure: int = 0
    pause: int = 0
    interrupt: int = 0
    noting: int = ORDERS
    note_rows: int = 0
    note_bar: int = 0
    bar_notes: int = 0
    several: int = 0
    marked: int = 0
    holding: int = 0
    held_since: int = 0
    bars_held: int = 0
    fills: int = 0
    rejected: int = 0
    liquidations: int = 0
    commissions: int = 0
    trips: int = 0
    wins: int = 0
    losses: int = 0
    streak: int = 0
    longest_streak: int = 0
    last_order: int = 0
    last_asset: int = 0
    last_lots: int = 0
    last_price: int = 0
    last_fee: int = 0
    gross_profit: float = 0.0
    gross_loss: float = 0.0
    traded: float = 0.0
    flows: float = 0.0


@dataclass(slots=True)
class AssetRecord:
    """One per asset. `position` in lots and `units`; `cost` and `fees` what its entry took; `last` price in ticks.

    One lot is `lot_numerator / lot_denominator` units, and gains `tick_lot` money units a tick. A bar is matched only
    when its low is at or below `wake_low`, its high at or above `wake_high`, or its open not before `wake_time` (ms).
    `liquidation` is the price that ends the position, NO_PRICE when none does. `reached`, while a bar is matched: the
    price of the last fill inside of it, its open before there was one. `most`: lots times ticks that money has room
    for; `bound`: the price beyond which the position's value leaves that.
    """

    tick_lot: int
    lot_numerator: int
    lot_denominator: int
    most: float
    position: int = 0
    cost: int = 0
    fees: int = 0
    last: int = 0
    entry_bar: int = 0
    liquidation: int = NO_PRICE
    reached: int = NO_PRICE
    wake_low: int = NO_PRICE
    wake_high: int = -NO_PRICE
    wake_time: int = -NO_PRICE
    bound: int = -NO_PRICE
    units: float = 0.0


@dataclass(slots=True)
class OrderRecord:
    """A row of the order table; `lots` below 0 for a sale, prices in ticks or NO_PRICE. Set whole when placed.

    `parent`: the entry that this bracket protects, 0 for an order of its own. `expires`: ms since the epoch, 0 while
    no bar has met the order. `joined`: the bar within which it was placed or woken, -1 when between bars; it sees
    this bar from the price `reached` on. `placed`: bars that open earlier do not meet it. A bracket's order: `amount`
    once it waits is how many lots of its entry are left to close; `moved` the price that it has from the bars on that
    open at `placed` or later, NO_PRICE for none.
    """

    id: int = 0
    asset: int = 0
    status: int = 0
    kind: int = 0
    lots: int = 0  # 1 or -1 where sizing is not LOTS
    sizing: int = 0
    amount: int = 0
    limit: int = 0
    stop: int = 0
    time_in_force: int = 0
    group: int = 0
    parent: int = 0
    purpose: int = 0
    bar: int = 0
    expires: int = 0
    joined: int = 0
    reached: int = 0
    placed: int = 0
    moved: int = NO_PRICE


@dataclass(slots=True)
class TermsRecord:
    """What the kernel knows of the settings; money in money units.

    `commission_value`: 1e-9 of notional for a rate, money units else. `leverage` in thousandths, `maintenance` in
    1e-9 of the position's value, -1 for none. `scale`: money units in one unit of quote currency. The compiled form has
    `asset_count` assets and room for `journal_rows` notes. `highest`: no price is larger, whatever its sign.
    """

    cash: int
    scale: int
    commission_model: int
    commission_value: int
    commission_minimum: int
    slippage: int
    margin: int
    leverage: int
    maintenance: int
    asset_count: int
    journal_rows: int = 0
    highest: int = -NO_PRICE


class Book(NamedTuple):
    """All that the kernel's functions share. `journal` is written by `server.engine.kernel.journal` alone.

    `orders`: MAX_ORDERS rows and one more for liquidations.
    """

    account: AccountRecord
    assets: list[AssetRecord]
    orders: list[OrderRecord]
    terms: TermsRecord
    journal: Any


@functools.cache
def dtype_of(record: type) -> np.dtype[np.void]:
    """The compiled form of a record class: its fields in order, 8 bytes each."""
    return np.dtype([(field.name, "<i8" if field.type is int else "<f8") for field in fields(record)])


def array_of(records: Sequence[Any]) -> npt.NDArray[np.void]:
    """The records as an array of their compiled form."""
    dtype = dtype_of(type(records[0]))  # type: ignore[arg-type]  # classes are hashable
    values = attrgetter(*(dtype.names or ()))
    return np.array([values(record) for record in records], dtype=dtype)
