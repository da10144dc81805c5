"""Which orders a bar fills, in which order, at which price."""

from typing import Final

from server.engine.kernel.arithmetic import RATE_SCALE, commission_of, leveraged, part_of, share_of
from server.engine.kernel.fills import equity_at, fill, liquidation_price, opposed, value_beside
from server.engine.kernel.journal import EXPIRED
from server.engine.kernel.reasons import CASH, MARGIN, NO_RISK, SHORT, TOO_LARGE
from server.engine.kernel.records import (
    AMOUNT,
    END_OF_DATA,
    FREE,
    HELD,
    LIMIT,
    LIQUIDATION,
    LOTS,
    MARKET,
    MAX_CASH,
    MAX_ORDERS,
    MONEY_OVERFLOW,
    NO_PRICE,
    RISK,
    SHARE,
    SIGNAL,
    STOP_LIMIT,
    STOP_LOSS,
    TAKE_PROFIT,
    WAITING,
    AssetRecord,
    Book,
    OrderRecord,
)
from server.engine.kernel.table import (
    cancel_asset,
    compact,
    drop_rows,
    end,
    new_order,
    reject,
    rest,
    set_order,
    settle_moves,
    watch,
)
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


def liquidates(asset: AssetRecord, start: int, worst: int) -> bool:
    """Whether a bar that goes from `start` to `worst` takes the position to its liquidation price."""
    if asset.liquidation == NO_PRICE:
        return False
    if asset.position > 0:
        return min(start, worst) <= asset.liquidation
    return max(start, worst) >= asset.liquidation


def revalue(book: Book, index: int, time_ms: int) -> None:
    """Readies an asset for a bar that opens at `time_ms`, in runs of several series.

    Brackets get the prices that they were moved to while an earlier bar was under way; the liquidation price is found
    anew where other assets' prices move it.
    """
    if book.account.moves > 0:
        settle_moves(book, index, time_ms)
    if book.terms.maintenance >= 0 and book.assets[index].position != 0:
        book.assets[index].liquidation = liquidation_price(book, index)
        watch(book, index)


def liquidate(book: Book, index: int, open_price: int) -> None:
    """Ends the position at its liquidation price, or where the price already is, and all that waits on the asset."""
    asset = book.assets[index]
    cancel_asset(book, index, True)
    order = book.orders[MAX_ORDERS]  # a row of its own: the table may be full
    lots = -asset.position
    set_order(book, order, index, MARKET, lots, LOTS, 0, NO_PRICE, NO_PRICE, GTC, 0, LIQUIDATION, 0)
    order.status = FREE
    level = min(asset.reached, asset.liquidation) if lots < 0 else max(asset.reached, asset.liquidation)
    if level != open_price:
        asset.reached = level
    slip = book.terms.slippage if lots > 0 else -book.terms.slippage
    book.account.liquidations += 1
    fill_outright(book, index, order, lots, level + slip, 0)


def flatten(book: Book) -> None:
    """Cancels what waits; every position goes at its newest price, slippage and commission paid."""
    for index in range(len(book.assets)):
        cancel_asset(book, index, True)
    for index in range(len(book.assets)):
        drop_rows(book)
        asset = book.assets[index]
        lots = -asset.position
        if lots != 0:
            order = new_order(book, index, MARKET, lots, LOTS, 0, NO_PRICE, NO_PRICE, GTC, 0, END_OF_DATA, 0)
            slip = book.terms.slippage if lots > 0 else -book.terms.slippage
            fill_outright(book, index, order, lots, asset.last + slip, 1)
    drop_rows(book)


def fill_outright(book: Book, index: int, order: OrderRecord, lots: int, price: int, at_close: int) -> None:
    """Fills an order that nobody asks whether it can be."""
    asset = book.assets[index]
    fee = commission_of(book.terms, asset, abs(lots), abs(lots * price * asset.tick_lot))
    fill(book, index, order, lots, price, fee, at_close)


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


def too_large(asset: AssetRecord, lots: int, price: int) -> bool:
    """Whether a trade, or what would be held after it, is worth more than money has room for."""
    most = max(abs(lots), abs(asset.position + lots))
    return float(most) * abs(price) > asset.most


def obstacle(book: Book, index: int, lots: int, price: int, fee: int) -> int:
    """The reason why these lots cannot be traded at `price` for `fee`, 0 when they can."""
    account = book.account
    terms = book.terms
    asset = book.assets[index]
    after = asset.position + lots
    if terms.margin == 0:
        if after < 0:
            return SHORT
        if lots > 0 and lots * price * asset.tick_lot + fee > account.cash:
            return CASH
    elif abs(after) > abs(asset.position) or opposed(after, asset.position):
        equity = equity_at(book, index, price) - fee
        held = abs(after * price * asset.tick_lot) + value_beside(book, index)
        if held > leveraged(equity, terms.leverage):
            return MARGIN
        if terms.maintenance >= 0 and equity < share_of(held, terms.maintenance):
            return MARGIN
    return 0


def lots_for(book: Book, index: int, order: OrderRecord, price: int) -> int:
    """The whole lots that an order's share, amount or risk comes to at `price`, commission included.

    A cash account buys for no more than its cash.
    """
    account = book.account
    asset = book.assets[index]
    equity = equity_at(book, index, price)
    most = account.cash if book.terms.margin == 0 and order.lots > 0 else MAX_CASH
    if order.sizing == SHARE:
        return affordable(book, index, price, min(part_of(equity, order.amount, RATE_SCALE), most))
    if order.sizing == AMOUNT:
        return affordable(book, index, price, min(order.amount, most))
    distance = 0
    for k in range(account.order_count):
        other = book.orders[k]
        if other.status == HELD and other.parent == order.id and other.purpose == STOP_LOSS:
            distance = price - other.stop if order.lots > 0 else other.stop - price
    if distance <= 0 or float(distance) * asset.tick_lot > float(MAX_CASH):
        return 0
    lots = part_of(equity, order.amount, RATE_SCALE) // (distance * asset.tick_lot)
    if lots <= 0:
        return 0
    return min(lots, affordable(book, index, price, min(leveraged(equity, book.terms.leverage), most)))


def affordable(book: Book, index: int, price: int, budget: int) -> int:
    """The most lots that `budget` pays for at `price`, commission included."""
    asset = book.assets[index]
    lot = price * asset.tick_lot
    if lot <= 0 or budget <= 0:
        return 0
    low = 0
    high = budget // lot
    while low < high:
        middle = (low + high + 1) // 2
        if middle * lot + commission_of(book.terms, asset, middle, middle * lot) <= budget:
            low = middle
        else:
            high = middle - 1
    return low
