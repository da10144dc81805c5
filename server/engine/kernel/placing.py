"""A strategy's wishes in units, quote currency and prices, turned into orders of whole lots and ticks."""

import math
from typing import Final

from server.data.instrument import MAX_PRICE
from server.engine.kernel.arithmetic import RATE_SCALE
from server.engine.kernel.reasons import (
    BAD_AMOUNT,
    BAD_GROUP,
    BAD_RISK,
    BAD_SHARE,
    BAD_TIME_IN_FORCE,
    NEGATIVE,
    NOT_A_NUMBER,
    NOT_WHOLE_LOTS,
    PRICE_NOT_A_NUMBER,
    PRICE_TOO_LARGE,
    TOO_LARGE,
    UNKNOWN_ASSET,
    ZERO,
)
from server.engine.kernel.records import (
    AMOUNT,
    BAD_PRICE,
    HUGE_PRICE,
    LIMIT,
    LOTS,
    MARKET,
    MAX_CASH,
    MAX_LOTS,
    NO_PRICE,
    RISK,
    SHARE,
    SIGNAL,
    STOP,
    STOP_LIMIT,
    WAITING,
    Book,
)
from server.engine.kernel.table import move_protection, place, place_target, refuse
from server.strategies.desk import DAY, GTC, IOC

_LOT_TOLERANCE: Final = 1e-6


def ticks(price: float) -> int:
    """Whole ticks, half away from zero; BAD_PRICE for NaN, HUGE_PRICE beyond MAX_PRICE."""
    if price != price:  # NaN alone is not itself, in both forms
        return BAD_PRICE
    if not -MAX_PRICE < price < MAX_PRICE:
        return HUGE_PRICE
    size = abs(price)
    whole = math.floor(size)
    if size - whole >= 0.5:
        whole += 1
    return whole if price > 0 else -whole


def order(
    book: Book,
    index: int,
    side: int,
    sizing: int,
    size: float,
    limit: int,
    stop: int,
    stop_loss: int,
    take_profit: int,
    time_in_force: int,
    group: int,
) -> int:
    """Places one order with its bracket; `side` 1 to buy, -1 to sell. What cannot be is rejected with its reason.

    `size`: units, or a share of the equity, or quote currency, or a share of the equity at risk, as `sizing` says.
    Prices in ticks as `ticks` gives them, NO_PRICE for none.
    """
    if index < 0 or index >= len(book.assets):
        return refuse(book, 0, 0, UNKNOWN_ASSET)
    asset = book.assets[index]
    lots = 1
    amount = 0
    if sizing == LOTS:
        exact = size * asset.lot_denominator / asset.lot_numerator
        lots = nearest_lots(exact)
        reason = reason_of_lots(size, exact, lots)
    else:
        reason = reason_of_size(book, sizing, size, stop_loss)
        if reason == 0:
            amount = nearest(size * book.terms.scale) if sizing == AMOUNT else nearest(size * RATE_SCALE)
    if reason == 0:
        reason = reason_of_prices(limit, stop, stop_loss, take_profit)
    if reason == 0 and time_in_force != GTC and time_in_force != DAY and time_in_force != IOC:
        reason = BAD_TIME_IN_FORCE
    if reason == 0 and (group < 0 or group > MAX_LOTS):
        reason = BAD_GROUP
    if reason != 0:
        return refuse(book, index, side * lots, reason)
    kind = MARKET
    if limit != NO_PRICE:
        kind = LIMIT if stop == NO_PRICE else STOP_LIMIT
    elif stop != NO_PRICE:
        kind = STOP
    return place(
        book,
        index,
        kind,
        side * lots,
        sizing,
        amount,
        limit,
        stop,
        time_in_force,
        group,
        SIGNAL,
        stop_loss,
        take_profit,
    )


def market_order(book: Book, index: int, side: int, size: float) -> int:
    """As `order`, for so many units at the next open."""
    if index < 0 or index >= len(book.assets):
        return refuse(book, 0, 0, UNKNOWN_ASSET)
    asset = book.assets[index]
    exact = size * asset.lot_denominator / asset.lot_numerator
    lots = nearest_lots(exact)
    reason = reason_of_lots(size, exact, lots)
    if reason != 0:
        return refuse(book, index, side * lots, reason)
    return place(book, index, MARKET, side * lots, LOTS, 0, NO_PRICE, NO_PRICE, GTC, 0, SIGNAL, NO_PRICE, NO_PRICE)


def add_target(book: Book, entry: int, price: int, share: float) -> int:
    """Adds a take profit for a share of what a waiting entry will open; its id, 0 when that cannot be."""
    reason = reason_of_price(price)
    if reason == 0 and not 0 < share <= 1:
        reason = BAD_SHARE
    if reason != 0:
        return refuse(book, 0, 0, reason)
    return place_target(book, entry, price, nearest(share * RATE_SCALE))


def move(book: Book, entry: int, purpose: int, price: int) -> bool:
    """Moves the stop loss or the take profits of an entry; whether there was one and the price can be."""
    if reason_of_price(price) != 0:
        return False
    return move_protection(book, entry, purpose, price)


def nearest(value: float) -> int:
    """The nearest whole number of a positive one, half up."""
    return math.floor(value + 0.5)


def nearest_lots(exact: float) -> int:
    """Whole lots nearest to a quantity in lots; 0 for what is no number or too large."""
    if not -MAX_LOTS < exact < MAX_LOTS:
        return 0
    return math.floor(exact + 0.5)


def reason_of_lots(quantity: float, exact: float, lots: int) -> int:
    """Why a quantity cannot be ordered, 0 when it can: a millionth of a lot off counts as whole (0.1 + 0.2)."""
    if quantity != quantity:  # as in `ticks`
        return NOT_A_NUMBER
    if not -MAX_LOTS < exact < MAX_LOTS:
        return TOO_LARGE
    if quantity == 0:
        return ZERO
    if quantity < 0:
        return NEGATIVE
    if abs(exact - lots) > _LOT_TOLERANCE + exact * 1e-12 or lots == 0:
        return NOT_WHOLE_LOTS
    return 0


def reason_of_size(book: Book, sizing: int, size: float, stop_loss: int) -> int:
    """Why a share, an amount or a risk cannot be, 0 when it can."""
    if sizing == SHARE:
        return 0 if 0 < size <= 1 else BAD_SHARE
    if sizing == AMOUNT:
        return 0 if 0 < size * book.terms.scale < MAX_CASH else BAD_AMOUNT
    return 0 if sizing == RISK and 0 < size <= 1 and stop_loss != NO_PRICE else BAD_RISK


def reason_of_prices(limit: int, stop: int, stop_loss: int, take_profit: int) -> int:
    """Why one of an order's prices cannot be, 0 when all can; of several the first one's."""
    reason = reason_of_price(limit)
    if reason == 0:
        reason = reason_of_price(stop)
    if reason == 0:
        reason = reason_of_price(stop_loss)
    if reason == 0:
        reason = reason_of_price(take_profit)
    return reason


def reason_of_price(price: int) -> int:
    """Why a price cannot be, 0 when it can."""
    if price == BAD_PRICE:
        return PRICE_NOT_A_NUMBER
    return PRICE_TOO_LARGE if price == HUGE_PRICE else 0


def waiting_orders(book: Book) -> int:
    """How many orders wait, brackets apart."""
    count = 0
    for k in range(book.account.order_count):
        row = book.orders[k]
        if row.status == WAITING and row.purpose == SIGNAL:
            count += 1
    return count
