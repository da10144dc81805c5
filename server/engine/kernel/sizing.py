"""How many lots an order is, and whether they can be traded."""

from server.engine.kernel.arithmetic import RATE_SCALE, commission_of, leveraged, part_of, share_of
from server.engine.kernel.fills import equity_at, opposed, value_beside
from server.engine.kernel.reasons import CASH, MARGIN, SHORT
from server.engine.kernel.records import AMOUNT, HELD, MAX_CASH, SHARE, STOP_LOSS, AssetRecord, Book, OrderRecord


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
