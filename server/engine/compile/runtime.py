"""What compiled code calls where Python has its own: the same results, and the same errors.

Pasted into the kernel's module as it stands. Each function is tested against Python.
"""

import math
from typing import Any

from server.engine.compile.stack import bits_of, copy_back, stack_copy
from server.engine.kernel.journal import FILLED, PAID, PLACED, REJECTED, SIGNALLED, WARNED, room_for_note
from server.engine.kernel.records import EVERYTHING, LOTS, MARKET, NO_PRICE, AssetRecord, Book, OrderRecord
from server.engine.kernel.tally import TallyRecord, count_bar
from server.strategies.types import Bar, Fill, Open

__all__ = ["Bar", "Fill", "Open"]

Closes = Any
"""Address of the first close in ticks."""
Times = Any
"""(n,) int64, read-only: the opens of bars in ms."""
Curve = Any
"""Rows of EQUITY_DTYPE."""
_INT_LIMIT = 9.2e18
_INT_MOST = 9223372036854775807
_EXACT = 9007199254740992


def next_entry(book: Book) -> Any:
    """The row of the journal to write; the loop gets a longer one where little room is left."""
    account = book.account
    number = account.note_rows
    account.note_rows = number + 1
    if number > len(book.journal):
        account.pause = 1
    return book.journal[number]


def note_order(book: Book, code: int, order: OrderRecord, reason: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    if room_for_note(account):
        entry = next_entry(book)
        entry.code = code
        entry.bar = account.bar
        entry.order = order.id
        entry.asset = order.asset
        entry.lots = order.lots
        entry.kind = order.kind
        entry.sizing = order.sizing
        entry.limit = order.limit
        entry.stop = order.stop
        entry.time_in_force = order.time_in_force
        entry.group = order.group
        entry.purpose = order.purpose
        entry.reason = reason
        entry.price = 0
        entry.commission = 0
        entry.closed = 0
        entry.entry_value = 0
        entry.entry_fees = 0
        entry.entry_bar = 0
        entry.profit = 0
        entry.cash = 0
        entry.position = 0
        entry.cost = 0
        entry.at_close = 0


def note_refusal(book: Book, index: int, lots: int, reason: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    if room_for_note(account):
        clear_entry(book, PLACED, account.last_id, index, lots)
        entry = book.journal[account.note_rows - 1]
        entry.kind = MARKET
        entry.sizing = LOTS
        entry.limit = NO_PRICE
        entry.stop = NO_PRICE
    if room_for_note(account):
        clear_entry(book, REJECTED, account.last_id, index, lots)
        book.journal[account.note_rows - 1].reason = reason


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
    account = book.account
    if room_for_note(account):
        entry = next_entry(book)
        entry.code = FILLED
        entry.bar = account.bar
        entry.order = order.id
        entry.asset = order.asset
        entry.lots = lots
        entry.kind = order.kind
        entry.sizing = order.sizing
        entry.limit = order.limit
        entry.stop = order.stop
        entry.time_in_force = order.time_in_force
        entry.group = order.group
        entry.purpose = order.purpose
        entry.reason = 0
        entry.price = price
        entry.commission = fee
        entry.closed = closed
        entry.entry_value = entry_value
        entry.entry_fees = entry_fees
        entry.entry_bar = entry_bar
        entry.profit = profit
        entry.cash = account.cash
        entry.position = asset.position
        entry.cost = asset.cost
        entry.at_close = at_close


def note_flow(book: Book, index: int, kind: int, received: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    asset = book.assets[index]
    if room_for_note(account):
        clear_entry(book, PAID, 0, index, asset.position)
        entry = book.journal[account.note_rows - 1]
        entry.kind = kind
        entry.price = asset.last
        entry.profit = received
        entry.cash = account.cash
        entry.position = asset.position
        entry.cost = asset.cost


def note_signal(book: Book, name: int, direction: int, strength: float, index: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    if room_for_note(account) and account.noting == EVERYTHING:
        clear_entry(book, SIGNALLED, name, index, direction)
        book.journal[account.note_rows - 1].price = bits_of(strength)


def note_warning(book: Book, message: int) -> None:
    """As in the kernel's journal."""
    account = book.account
    if room_for_note(account) and account.noting == EVERYTHING:
        clear_entry(book, WARNED, message, 0, 0)


def clear_entry(book: Book, code: int, order_id: int, index: int, lots: int) -> None:
    """Takes the next row of the journal, and sets all of it."""
    account = book.account
    entry = next_entry(book)
    entry.code = code
    entry.bar = account.bar
    entry.order = order_id
    entry.asset = index
    entry.lots = lots
    entry.kind = 0
    entry.sizing = 0
    entry.limit = 0
    entry.stop = 0
    entry.time_in_force = 0
    entry.group = 0
    entry.purpose = 0
    entry.reason = 0
    entry.price = 0
    entry.commission = 0
    entry.closed = 0
    entry.entry_value = 0
    entry.entry_fees = 0
    entry.entry_bar = 0
    entry.profit = 0
    entry.cash = 0
    entry.position = 0
    entry.cost = 0
    entry.at_close = 0


def count_bars(book: Book, tally: TallyRecord, closes: Closes, first: int, stop: int) -> None:
    """Counts the bars `[first, stop)` of one series, over which the account was as it is now."""
    cash = book.account.cash
    worth = book.assets[0].position * book.assets[0].tick_lot
    if first < stop and worth == 0:
        count_bar(tally, first, cash, False)
        tally.spell += stop - first - 1
    elif first < stop:
        sums = stack_copy(tally)
        for bar in range(first, stop):
            count_bar(sums, bar, cash + worth * closes[bar], True)
        copy_back(tally, sums)


def draw_bars(
    book: Book, tally: TallyRecord, closes: Closes, curve: Curve, times: Times, first: int, stop: int
) -> None:
    """Writes the rows of the equity curve for bars of one series that are about to be counted."""
    cash = book.account.cash
    worth = book.assets[0].position * book.assets[0].tick_lot
    peak = tally.peak
    for bar in range(first, stop):
        peak = draw_bar(book, curve, bar, times[bar], cash + worth * closes[bar], peak)


def draw_bar(book: Book, curve: Curve, row: int, time: int, equity: int, peak: int) -> int:
    """Writes one row of the equity curve; the highest equity until then, which was `peak` before."""
    scale = book.terms.scale
    highest = max(peak, equity)
    value = float(equity) / scale
    curve[row].equity = value
    curve[row].drawdown = (value / (float(highest) / scale) - 1.0) * 100.0
    curve[row].ts = time  # last: who reads along takes a row with a time for a whole one
    return highest


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


def abs_i(a: int) -> int:
    """abs() of a whole number; the lowest of 64 bits has none."""
    if a < -_INT_MOST:
        raise OverflowError("a whole number leaves 64 bits")
    return abs(a)


def neg_i(a: int) -> int:
    """-a, as `abs_i`."""
    if a < -_INT_MOST:
        raise OverflowError("a whole number leaves 64 bits")
    return -a


def floordiv_i(a: int, b: int) -> int:
    """a // b of whole numbers, as `abs_i` for b = -1."""
    return neg_i(a) if b == -1 else a // b


def modulo_i(a: int, b: int) -> int:
    """a % b of whole numbers: machines have no remainder of the lowest one by -1."""
    return 0 if b == -1 else a % b


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


def sin_f(x: float) -> float:
    """math.sin()."""
    if math.isinf(x):
        raise ValueError("math domain error")
    return math.sin(x)


def cos_f(x: float) -> float:
    """math.cos()."""
    if math.isinf(x):
        raise ValueError("math domain error")
    return math.cos(x)


def tan_f(x: float) -> float:
    """math.tan()."""
    if math.isinf(x):
        raise ValueError("math domain error")
    return math.tan(x)


def exact(x: int) -> int:
    """A whole number that a float holds; Python compares and divides larger ones exactly, which floats cannot."""
    if x > _EXACT or x < -_EXACT:
        raise OverflowError("a whole number beyond 2**53 meets a float")
    return x


def exact_f(x: float) -> float:
    """The result of whole numbers that were kept as floats: from 2**53 on Python has digits that are lost here."""
    if x >= _EXACT or x <= -_EXACT:
        raise OverflowError("a whole number beyond 2**53 is kept as a float")
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
