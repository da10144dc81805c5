"""What compiled code calls where Python has its own: the same results, and the same errors.

Pasted into the kernel's module as it stands. Each function is tested against Python.
"""

import math

from server.engine.kernel.journal import FILLED, PAID, PLACED, REJECTED, room_for_note
from server.engine.kernel.records import LOTS, MARKET, NO_PRICE, AccountRecord, AssetRecord, Book, OrderRecord
from server.strategies.types import Bar, Fill, Open

__all__ = ["Bar", "Fill", "Open"]

_INT_LIMIT = 9.2e18
_EXACT = 9007199254740992


def note_order(book: Book, code: int, order: OrderRecord, reason: int) -> None:
    """As in the kernel's journal."""
    if room_for_note(book.account):
        put_order(book, code, order, order.lots)
        book.journal[book.account.note_rows - 1, 12] = reason


def note_refusal(book: Book, index: int, lots: int, reason: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    if room_for_note(account):
        put(book, PLACED, account.last_id, index, lots)
        row = account.note_rows - 1
        book.journal[row, 5] = MARKET
        book.journal[row, 6] = LOTS
        book.journal[row, 7] = NO_PRICE
        book.journal[row, 8] = NO_PRICE
    if room_for_note(account):
        put(book, REJECTED, account.last_id, index, lots)
        book.journal[account.note_rows - 1, 12] = reason


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
    """As in the kernel's journal."""
    if room_for_note(book.account):
        put_order(book, FILLED, order, lots)
        row = book.account.note_rows - 1
        book.journal[row, 13] = price
        book.journal[row, 14] = fee
        book.journal[row, 15] = closed
        book.journal[row, 16] = entry_value
        book.journal[row, 17] = entry_fees
        book.journal[row, 18] = entry_bar
        book.journal[row, 19] = profit
        book.journal[row, 20] = book.account.cash
        book.journal[row, 21] = asset.position
        book.journal[row, 22] = asset.cost
        book.journal[row, 23] = at_close


def note_flow(book: Book, index: int, kind: int, received: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    asset = book.assets[index]
    if room_for_note(account):
        put(book, PAID, 0, index, asset.position)
        row = account.note_rows - 1
        book.journal[row, 5] = kind
        book.journal[row, 13] = asset.last
        book.journal[row, 19] = received
        book.journal[row, 20] = account.cash
        book.journal[row, 21] = asset.position
        book.journal[row, 22] = asset.cost


def put_order(book: Book, code: int, order: OrderRecord, lots: int) -> None:
    """Writes the columns of a row that tell of an order."""
    put(book, code, order.id, order.asset, lots)
    row = book.account.note_rows - 1
    book.journal[row, 5] = order.kind
    book.journal[row, 6] = order.sizing
    book.journal[row, 7] = order.limit
    book.journal[row, 8] = order.stop
    book.journal[row, 9] = order.time_in_force
    book.journal[row, 10] = order.group
    book.journal[row, 11] = order.purpose


def put(book: Book, code: int, order_id: int, index: int, lots: int) -> None:
    """Writes a row with the first columns of an Entry, the others 0."""
    account: AccountRecord = book.account
    row = account.note_rows
    account.note_rows += 1
    for column in range(24):
        book.journal[row, column] = 0
    book.journal[row, 0] = code
    book.journal[row, 1] = account.bar
    book.journal[row, 2] = order_id
    book.journal[row, 3] = index
    book.journal[row, 4] = lots


def min_f(a: float, b: float) -> float:
    """min() of two, with Python's rule for NaN and -0.0: the first unless the second is less."""
    return float(b) if b < a else float(a)


def max_f(a: float, b: float) -> float:
    """max() of two, as `min_f`."""
    return float(b) if b > a else float(a)


def min_i(a: int, b: int) -> int:
    """min() of two whole numbers."""
    return b if b < a else a


def max_i(a: int, b: int) -> int:
    """max() of two whole numbers."""
    return b if b > a else a


def int_f(x: float) -> int:
    """int() of a float; NaN and what 64 bits do not hold raises."""
    if not -_INT_LIMIT < x < _INT_LIMIT:
        raise OverflowError("int() of a number that is NaN or beyond 64 bits")
    return int(x)


def floor_f(x: float) -> int:
    """math.floor() of a float."""
    if not -_INT_LIMIT < x < _INT_LIMIT:
        raise OverflowError("floor() of a number that is NaN or beyond 64 bits")
    return int(math.floor(x))  # noqa: RUF046  # numba's floor is a float


def ceil_f(x: float) -> int:
    """math.ceil() of a float."""
    if not -_INT_LIMIT < x < _INT_LIMIT:
        raise OverflowError("ceil() of a number that is NaN or beyond 64 bits")
    return int(math.ceil(x))  # noqa: RUF046  # as in `floor_f`


def round_f(x: float) -> int:
    """round() of a float: half to even."""
    if not -_INT_LIMIT < x < _INT_LIMIT:
        raise OverflowError("round() of a number that is NaN or beyond 64 bits")
    down = math.floor(x)
    rest = x - down
    whole = int(down)
    if rest > 0.5 or (rest == 0.5 and whole % 2 != 0):
        whole += 1
    return whole


def sqrt_f(x: float) -> float:
    """math.sqrt()."""
    if x < 0:
        raise ValueError("math domain error")
    return math.sqrt(x)


def log_f(x: float) -> float:
    """math.log() of one argument."""
    if x <= 0:
        raise ValueError("math domain error")
    return math.log(x)


def log1p_f(x: float) -> float:
    """math.log1p()."""
    if x <= -1:
        raise ValueError("math domain error")
    return math.log1p(x)


def exp_f(x: float) -> float:
    """math.exp()."""
    y = math.exp(x)
    if math.isinf(y) and not math.isinf(x):
        raise OverflowError("math range error")
    return y


def expm1_f(x: float) -> float:
    """math.expm1()."""
    y = math.expm1(x)
    if math.isinf(y) and not math.isinf(x):
        raise OverflowError("math range error")
    return y


def exact(x: int) -> int:
    """A whole number that a float holds; Python compares and divides larger ones exactly, which floats cannot."""
    if x > _EXACT or x < -_EXACT:
        raise OverflowError("a whole number beyond 2**53 meets a float")
    return x


def at(index: int, length: int) -> int:
    """An index of a window, within it."""
    if index < 0 or index >= length:
        raise IndexError("window index out of range")
    return index


def shifted_left(x: int, by: int) -> int:
    """x << by; raises where 64 bits do not hold it."""
    if by < 0:
        raise ValueError("negative shift count")
    if x == 0:
        return 0
    if by > 62:
        raise OverflowError("a shifted number leaves 64 bits")
    y = x << by
    if y >> by != x:
        raise OverflowError("a shifted number leaves 64 bits")
    return y


def shifted_right(x: int, by: int) -> int:
    """x >> by, for any `by` ≥ 0."""
    if by < 0:
        raise ValueError("negative shift count")
    return x >> min(by, 63)


def the_asset(book: Book, index: int) -> int:
    """The number of an asset that the run has."""
    if index < 0 or index >= len(book.assets):
        raise IndexError("the run has no such asset")
    return index


def last_fill(book: Book) -> Fill:
    """The newest fill as the strategy hears of it."""
    account = book.account
    asset = book.assets[account.last_asset]
    return Fill(
        account.last_order,
        account.last_asset,
        float(account.last_lots) * asset.lot_numerator / asset.lot_denominator,
        account.last_price,
        float(account.last_fee) / book.terms.scale,
        asset.units,
    )
