"""Which orders a bar fills, in which order, at which price."""

from typing import Final

from server.engine.kernel.arithmetic import commission_of
from server.engine.kernel.closing import liquidate, liquidates
from server.engine.kernel.fills import fill
from server.engine.kernel.journal import EXPIRED
from server.engine.kernel.reasons import CASH, NO_RISK, TOO_LARGE
from server.engine.kernel.records import (
    FREE,
    LIMIT,
    LOTS,
    MARKET,
    MONEY_OVERFLOW,
    NO_PRICE,
    RISK,
    SIGNAL,
    STOP_LIMIT,
    STOP_LOSS,
    TAKE_PROFIT,
    WAITING,
    Book,
    OrderRecord,
)
from server.engine.kernel.sizing import lots_for, obstacle, too_large
from server.engine.kernel.table import compact, end, reject, rest, watch
from server.strategies.desk import DAY, GTC, IOC

_DAY_MS: Final = 86_400_000


def wakes(book: Book, index: int, time_ms: int, high: int, low: int) -> bool:
    """Whether anything could happen within this bar."""
    asset = book.assets[index]
    return low <= asset.wake_low or high >= asset.wake_high or time_ms >= asset.wake_time


def match_bar(book: Book, index: int, time_ms: int, open_price: int, high: int, low: int) -> None:
    """Fills all that this bar fills, where nobody wants to hear of each fill before the next."""
    asset = book.assets[index]
    asset.last = open_price
    if book.account.order_count == 1 and fill_alone(book, index, time_ms, open_price, high, low):
        return
    while match(book, index, time_ms, open_price, high, low):
        asset.last = asset.reached


def fill_alone(book: Book, index: int, time_ms: int, open_price: int, high: int, low: int) -> bool:
    """Fills the one order that waits, where that is a market order which opens or ends the position; whether it did.

    What `match` does for any order, without looking at all that can be otherwise: most orders are of this kind.
    """
    account = book.account
    asset = book.assets[index]
    order = book.orders[0]
    lots = order.lots
    held = asset.position
    if (
        order.kind != MARKET
        or order.asset != index
        or order.sizing != LOTS
        or order.status != WAITING
        or order.purpose != SIGNAL
        or order.time_in_force != GTC
        or order.placed > time_ms
        or book.terms.maintenance >= 0
        or (held != 0 and (held + lots != 0 or max(abs(high), abs(low)) > asset.bound))
    ):
        return False
    price = open_price + book.terms.slippage if lots > 0 else open_price - book.terms.slippage
    if too_large(asset, lots, price):
        return False
    fee = commission_of(book.terms, asset, abs(lots), abs(lots * price * asset.tick_lot))
    if obstacle(book, index, lots, price, fee) != 0:
        return False
    order.status = FREE
    account.order_count = 0
    asset.reached = open_price
    fill(book, index, order, lots, price, fee, 0)
    rest(book, asset)
    return True


def match(book: Book, index: int, time_ms: int, open_price: int, high: int, low: int) -> bool:
    """Fills the next order that this bar fills; False when there are no more, or the run failed.

    First what the open liquidates, then orders in order of submission, then brackets and liquidation. Called until it
    says False. Between two calls the strategy hears of the fill: what it places then is at the end of the table and
    matches in this bar too; what it cancels is skipped.
    """
    account = book.account
    asset = book.assets[index]
    if account.matching == 0:
        account.matching = 1
        account.matched = index
        account.opened = time_ms
        account.cursor = 0
        asset.reached = open_price
        if asset.position != 0 and max(abs(high), abs(low)) > asset.bound:
            account.failure = MONEY_OVERFLOW
            account.pause = 1
        elif liquidates(asset, open_price, open_price):
            liquidate(book, index, open_price)
            return True
    while account.cursor < account.order_count and account.failure == 0:
        order = book.orders[account.cursor]
        account.cursor += 1
        if (
            order.status == WAITING
            and order.asset == index
            and order.purpose == SIGNAL
            and order.placed <= time_ms
            and meet(book, index, order, time_ms, open_price, high, low)
        ):
            return True
    if account.failure == 0 and asset.position != 0 and protect(book, index, open_price, high, low):
        return True
    account.matching = 0
    account.cursor = 0
    compact(book)
    watch(book, index)
    return False


def meet(book: Book, index: int, order: OrderRecord, time_ms: int, open_price: int, high: int, low: int) -> bool:
    """Fills, ends or leaves one order on this bar; whether it filled.

    A DAY order ends with the UTC day of the first bar that it meets, an IOC order with this bar.
    """
    if order.time_in_force == DAY:
        if order.expires == 0:
            order.expires = (time_ms // _DAY_MS + 1) * _DAY_MS
        elif time_ms >= order.expires:
            end(book, order, EXPIRED)
            return False
    level = level_of(book, order, open_price, high, low)
    if level != NO_PRICE:
        return execute(book, index, order, level, open_price)
    if order.time_in_force == IOC:
        end(book, order, EXPIRED)
    return False


def level_of(book: Book, order: OrderRecord, open_price: int, high: int, low: int) -> int:
    """The price at which this bar fills the order, before slippage; NO_PRICE when it does not.

    An order that joined within the bar sees it from the price reached on. Of the way from there nothing is known: a
    stop counts as reached when the bar has its price, a limit only when the price reached is already within it.
    A stop-limit order that is triggered beyond its limit becomes a limit order here, for the bars to come.
    """
    start = open_price
    if order.joined == book.account.bar:
        start = order.reached
    if order.kind == MARKET:
        return start
    buying = order.lots > 0
    if order.kind == LIMIT:
        within = start <= order.limit if buying else start >= order.limit
        if within:
            return start
        touched = low <= order.limit if buying else high >= order.limit
        return order.limit if touched and start == open_price else NO_PRICE
    level = max(start, order.stop) if buying else min(start, order.stop)
    triggered = high >= level if buying else low <= level
    if not triggered:
        return NO_PRICE
    if order.kind == STOP_LIMIT:
        order.kind = LIMIT
        within = level <= order.limit if buying else level >= order.limit
        if not within:
            return NO_PRICE
    return level


def protect(book: Book, index: int, open_price: int, high: int, low: int) -> bool:
    """Fills the next bracket of a position, or liquidates it; whether something filled.

    Stops before take profits; a stop beyond the liquidation price comes too late.
    """
    asset = book.assets[index]
    worst = low if asset.position > 0 else high
    gone = liquidates(asset, asset.reached, worst)
    if protect_by(book, index, STOP_LOSS, gone, open_price, high, low):
        return True
    if gone:
        liquidate(book, index, open_price)
        return True
    return protect_by(book, index, TAKE_PROFIT, False, open_price, high, low)


def protect_by(book: Book, index: int, purpose: int, gone: bool, open_price: int, high: int, low: int) -> bool:
    """Fills the next stop loss or take profit; whether one filled."""
    account = book.account
    asset = book.assets[index]
    for k in range(account.order_count):
        order = book.orders[k]
        if order.status != WAITING or order.asset != index or order.purpose != purpose:
            continue
        if gone and (order.stop < asset.liquidation if asset.position > 0 else order.stop > asset.liquidation):
            continue
        if purpose == TAKE_PROFIT and order.joined == account.bar and order.reached != open_price:
            continue  # entered inside of this bar
        level = level_of(book, order, open_price, high, low)
        if level == NO_PRICE:
            continue
        lots = min(abs(order.lots), abs(asset.position))
        order.lots = lots if order.lots > 0 else -lots
        if execute(book, index, order, level, open_price):
            return True
    return False


def execute(book: Book, index: int, order: OrderRecord, level: int, open_price: int) -> bool:
    """Fills the order at `level`, a limit order without slippage, or rejects it; whether it filled."""
    asset = book.assets[index]
    price = level
    if order.kind != LIMIT:
        price += book.terms.slippage if order.lots > 0 else -book.terms.slippage
    lots = order.lots
    if order.sizing != LOTS:
        lots *= lots_for(book, index, order, price)
    if lots == 0:
        reject(book, order, 0, NO_RISK if order.sizing == RISK else CASH)
        return False
    if too_large(asset, lots, price):
        reject(book, order, lots, TOO_LARGE)
        return False
    fee = commission_of(book.terms, asset, abs(lots), abs(lots * price * asset.tick_lot))
    reason = obstacle(book, index, lots, price, fee)
    if reason != 0:
        reject(book, order, lots, reason)
        return False
    order.status = FREE
    order.reached = level
    if level != open_price:
        asset.reached = level
    fill(book, index, order, lots, price, fee, 0)
    return True
