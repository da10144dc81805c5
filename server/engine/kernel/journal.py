"""What the kernel writes down of orders and fills: the one part of it that each form of a run writes in its own way.

Interpreted, `Book.journal` is a list of rows; compiled, an array that is emptied between blocks of bars. The functions
of the compiled form are in `server.engine.compile.runtime`, under the same names.
"""

import struct
from typing import Final, NamedTuple

from server.engine.kernel.records import (
    EVERYTHING,
    LOTS,
    MARKET,
    MAX_NOTES,
    NO_PRICE,
    NOTHING,
    TOO_MANY_NOTES,
    AccountRecord,
    AssetRecord,
    Book,
    OrderRecord,
)

PLACED: Final = 1
FILLED: Final = 2
CANCELLED: Final = 3
REJECTED: Final = 4
EXPIRED: Final = 5
PAID: Final = 6
MOVED: Final = 7
SIGNALLED: Final = 8
WARNED: Final = 9


class Entry(NamedTuple):
    """One row, whole numbers only; money in money units, prices in ticks, `lots` below 0 for a sale.

    Of a fill: `closed` lots of the former position, that share of its entry (`entry_value`, `entry_fees`,
    `entry_bar`), the `profit` of the closed lots net of both commissions; `cash`, `position` and `cost` afterwards.
    Of a cash flow (PAID): `kind` as in server.engine.series, `price` that marked the position, `profit` received.
    Of a MOVED order: its new `limit` or `stop`. `group` of a bracket's order: the id of its entry, below 0.
    SIGNALLED: the number of its name as `order`, its direction as `lots`, the bits of its strength as `price`.
    WARNED: the number of its text as `order`. These two are no orders.
    """

    code: int
    bar: int
    order: int
    asset: int
    lots: int = 0
    kind: int = 0
    sizing: int = 0
    limit: int = 0
    stop: int = 0
    time_in_force: int = 0
    group: int = 0
    purpose: int = 0
    reason: int = 0
    price: int = 0
    commission: int = 0
    closed: int = 0
    entry_value: int = 0
    entry_fees: int = 0
    entry_bar: int = 0
    profit: int = 0
    cash: int = 0
    position: int = 0
    cost: int = 0
    at_close: int = 0


def note_order(book: Book, code: int, order: OrderRecord, reason: int) -> None:
    """Writes down that an order was placed, moved, cancelled, rejected or has expired."""
    if not room_for_note(book.account):
        return
    book.journal.append(
        Entry(
            code,
            book.account.bar,
            order.id,
            order.asset,
            order.lots,
            order.kind,
            order.sizing,
            order.limit,
            order.stop,
            order.time_in_force,
            order.group,
            order.purpose,
            reason,
        )
    )


def note_refusal(book: Book, index: int, lots: int, reason: int) -> None:
    """Writes down an order that got no place in the table: placed and rejected at once."""
    account = book.account
    if room_for_note(account):
        book.journal.append(Entry(PLACED, account.bar, account.last_id, index, lots, MARKET, LOTS, NO_PRICE, NO_PRICE))
    if room_for_note(account):
        book.journal.append(Entry(REJECTED, account.bar, account.last_id, index, lots, reason=reason))


def note_fill(
    book: Book,
    order: OrderRecord,
    asset: AssetRecord,
    lots: int,
    price: int,
    fee: int,
    closed: int,
    entry_value: int,
    entry_fees: int,
    entry_bar: int,
    profit: int,
    at_close: int,
) -> None:
    """Writes down a fill, and what is held after it."""
    if not room_for_note(book.account):
        return
    book.journal.append(
        Entry(
            FILLED,
            book.account.bar,
            order.id,
            order.asset,
            lots,
            order.kind,
            order.sizing,
            order.limit,
            order.stop,
            order.time_in_force,
            order.group,
            order.purpose,
            0,
            price,
            fee,
            closed,
            entry_value,
            entry_fees,
            entry_bar,
            profit,
            book.account.cash,
            asset.position,
            asset.cost,
            at_close,
        )
    )


def note_flow(book: Book, index: int, kind: int, received: int) -> None:
    """Writes down a cash flow of one asset."""
    account = book.account
    asset = book.assets[index]
    if not room_for_note(account):
        return
    book.journal.append(
        Entry(
            PAID,
            account.bar,
            0,
            index,
            asset.position,
            kind,
            price=asset.last,
            profit=received,
            cash=account.cash,
            position=asset.position,
            cost=asset.cost,
        )
    )


def note_signal(book: Book, name: int, direction: int, strength: float, index: int) -> None:
    """Writes down a signal of the strategy on an asset; `name` is the number of a text."""
    account = book.account
    if room_for_note(account) and account.noting == EVERYTHING:
        bits = int.from_bytes(struct.pack("<d", strength), "little", signed=True)
        book.journal.append(Entry(SIGNALLED, account.bar, name, index, direction, price=bits))


def note_warning(book: Book, message: int) -> None:
    """Writes down a warning of the strategy; `message` is the number of a text."""
    account = book.account
    if room_for_note(account) and account.noting == EVERYTHING:
        book.journal.append(Entry(WARNED, account.bar, message, 0))


def room_for_note(account: AccountRecord) -> bool:
    """Whether this bar may have one more note; the one too many fails the run."""
    if account.note_bar != account.bar:
        account.note_bar = account.bar
        account.bar_notes = 0
    account.bar_notes += 1
    if account.bar_notes > MAX_NOTES:
        account.failure = TOO_MANY_NOTES
        account.pause = 1
    return account.noting != NOTHING and account.failure != TOO_MANY_NOTES
