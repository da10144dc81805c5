"""What a fill does to cash, position, costs, brackets and groups."""

import math

from server.data.instrument import MAX_PRICE
from server.engine.kernel.arithmetic import RATE_SCALE, part_of, rounded_part_of, share_of
from server.engine.kernel.journal import CANCELLED, note_fill, note_flow
from server.engine.kernel.records import (
    HELD,
    LOTS,
    MAX_CASH,
    MONEY_OVERFLOW,
    NO_PRICE,
    SIGNAL,
    STOP_LOSS,
    TAKE_PROFIT,
    WAITING,
    AssetRecord,
    Book,
    OrderRecord,
)
from server.engine.kernel.table import end, watch
from server.engine.series import DIVIDEND


def equity_of(book: Book) -> int:
    """Cash and positions at the newest prices."""
    equity = book.account.cash
    for k in range(len(book.assets)):
        asset = book.assets[k]
        equity += asset.position * asset.last * asset.tick_lot
    return equity


def equity_at(book: Book, index: int, price: int) -> int:
    """Cash and positions, one asset's at `price` and the others' at the newest prices."""
    asset = book.assets[index]
    equity = book.account.cash + asset.position * price * asset.tick_lot
    for k in range(len(book.assets)):
        if k != index:
            other = book.assets[k]
            equity += other.position * other.last * other.tick_lot
    return equity


def value_beside(book: Book, index: int) -> int:
    """What the positions in other assets are worth, each one's size counted."""
    value = 0
    for k in range(len(book.assets)):
        if k != index:
            other = book.assets[k]
            value += abs(other.position * other.last * other.tick_lot)
    return value


def fill(book: Book, index: int, order: OrderRecord, lots: int, price: int, fee: int, at_close: int) -> None:
    """Moves cash, position and brackets; what is closed takes its share of the entry (average cost) with it."""
    account = book.account
    asset = book.assets[index]
    value = lots * price * asset.tick_lot
    held = asset.position
    closed = 0
    entry_value = 0
    entry_fees = 0
    closing_fee = 0
    profit = 0
    entry_bar = asset.entry_bar
    if opposed(held, lots):
        closed = min(abs(held), abs(lots))
        entry_value = portion(asset.cost, closed, abs(held))
        entry_fees = portion(asset.fees, closed, abs(held))
        closing_fee = portion(fee, closed, abs(lots))
        gross = closed * price * asset.tick_lot - entry_value
        profit = (gross if held > 0 else -gross) - entry_fees - closing_fee
        asset.cost -= entry_value
        asset.fees -= entry_fees
        count_trip(book, profit)
    opened = abs(lots) - closed
    if opened > 0:
        asset.cost += opened * price * asset.tick_lot
        asset.fees += fee - closing_fee
        if closed == abs(held):
            asset.entry_bar = account.bar
    account.cash -= value + fee
    account.fills += 1
    account.commissions += fee
    account.traded += abs(value)
    account.last_order = order.id
    account.last_asset = index
    account.last_lots = lots
    account.last_price = price
    account.last_fee = fee
    set_position(book, asset, held + lots)
    note_fill(book, order, asset, lots, price, fee, closed, entry_value, entry_fees, entry_bar, profit, at_close)
    if book.terms.maintenance >= 0:
        asset.liquidation = liquidation_price(book, index)
    if account.order_count > 1:
        after_fill(book, asset, order, held, opened, closed)


def opposed(one: int, other: int) -> bool:
    """Whether two positions are on opposite sides; their product may be more than 64 bits hold."""
    return (one > 0 and other < 0) or (one < 0 and other > 0)


def portion(amount: int, lots: int, of: int) -> int:
    """What `lots` of so many are of an amount; mostly all of it."""
    return amount if lots == of else part_of(amount, lots, of)


def set_position(book: Book, asset: AssetRecord, lots: int) -> None:
    """Holds `lots`, and finds the price at which their value leaves the range of money."""
    account = book.account
    if asset.position == 0 or lots == 0:
        bar = account.bar if account.several == 0 else account.marked
        if asset.position == 0:
            if account.holding == 0:
                account.held_since = bar
            account.holding += 1
        if lots == 0:
            account.holding -= 1
            if account.holding == 0:
                account.bars_held += bar - account.held_since
    asset.position = lots
    asset.units = float(lots) * asset.lot_numerator / asset.lot_denominator
    if lots == 0:
        asset.bound = -NO_PRICE
    else:
        asset.bound = math.floor(asset.most / abs(lots))
    if abs(account.cash) > MAX_CASH:
        account.failure = MONEY_OVERFLOW
        account.pause = 1


def count_trip(book: Book, profit: int) -> None:
    """Counts a round trip; one of exactly zero is neither won nor lost and ends a losing streak."""
    account = book.account
    account.trips += 1
    if profit < 0:
        account.losses += 1
        account.gross_loss += profit
        account.streak += 1
        account.longest_streak = max(account.longest_streak, account.streak)
    else:
        account.streak = 0
        if profit > 0:
            account.wins += 1
            account.gross_profit += profit


def after_fill(book: Book, asset: AssetRecord, order: OrderRecord, held: int, opened: int, closed: int) -> None:
    """What a fill does to other orders: wakes its bracket, ends that of a position that is over, and its group."""
    account = book.account
    over = held != 0 and (asset.position == 0 or opposed(asset.position, held))
    for k in range(account.order_count):
        other = book.orders[k]
        if other.status == HELD and other.parent == order.id:
            if opened > 0:
                wake(book, order, other, opened)
            else:
                end(book, other, CANCELLED)
        elif other.status == WAITING and other.purpose != SIGNAL:
            if other.asset == order.asset and over:
                end(book, other, CANCELLED)
            elif other.parent == order.parent:
                relieve(book, other, order, closed)
        elif other.status == WAITING and order.group != 0 and other.group == order.group:
            end(book, other, CANCELLED)


def relieve(book: Book, other: OrderRecord, order: OrderRecord, closed: int) -> None:
    """After a bracket's order closed lots of its entry: a stop loss ends the rest, a target the lots that are left."""
    other.amount -= closed
    if order.purpose == STOP_LOSS or other.amount <= 0:
        end(book, other, CANCELLED)
    elif abs(other.lots) > other.amount:
        other.lots = other.amount if other.lots > 0 else -other.amount


def wake(book: Book, entry: OrderRecord, order: OrderRecord, opened: int) -> None:
    """Lets a bracket's order wait, for the lots that its entry opened or its share of them.

    It sees the bar from where its entry filled, whatever else has filled since the open.
    """
    lots = opened
    if order.purpose == TAKE_PROFIT and order.amount > 0:
        lots = min(rounded_part_of(opened, order.amount, RATE_SCALE), opened)
    if lots == 0:
        end(book, order, CANCELLED)
        return
    order.status = WAITING
    order.lots = lots if order.lots > 0 else -lots
    order.sizing = LOTS
    order.amount = opened
    order.joined = book.account.bar
    order.reached = entry.reached


def pay(book: Book, index: int, kind: int, amount: int) -> None:
    """Books one cash flow on what is held of an asset: `kind` and `amount` as in server.engine.series.

    Funding is a share of the position's value at the newest price, dividends are an amount for each unit.
    """
    account = book.account
    asset = book.assets[index]
    if asset.position == 0:
        return
    if kind == DIVIDEND:
        # rounded once, in money units: scale and RATE_SCALE are powers of ten
        numerator = asset.lot_numerator * max(book.terms.scale // RATE_SCALE, 1)
        denominator = asset.lot_denominator * max(RATE_SCALE // book.terms.scale, 1)
        received = rounded_part_of(part_of(amount, abs(asset.position), 1), numerator, denominator)
        received = received if asset.position > 0 else -received
    else:
        received = -share_of(asset.position * asset.last * asset.tick_lot, abs(amount))
        received = received if amount >= 0 else -received
    account.cash += received
    account.flows += received
    if abs(account.cash) > MAX_CASH:
        account.failure = MONEY_OVERFLOW
        account.pause = 1
    note_flow(book, index, kind, received)
    if book.terms.maintenance >= 0:
        asset.liquidation = liquidation_price(book, index)
        watch(book, index)


def liquidation_price(book: Book, index: int) -> int:
    """The first price against the position at which the equity is below `maintenance` of the positions' values.

    Of `n` lots of value `t` a tick, with `c` the cash and all other positions less their maintenance: long
    c + n·p·t < m·n·p·t; short c - n·p·t < m·n·p·t. NO_PRICE when nothing is held; prices out of reach end at
    MAX_PRICE.
    """
    asset = book.assets[index]
    if asset.position == 0:
        return NO_PRICE
    rate = book.terms.maintenance
    money = equity_at(book, index, 0) - part_of(value_beside(book, index), rate, RATE_SCALE)
    lot = abs(asset.position) * asset.tick_lot
    if asset.position > 0:
        if rate == RATE_SCALE:
            return MAX_PRICE if money < 0 else -MAX_PRICE
        return -quotient(money, lot, RATE_SCALE - rate) - 1
    return quotient(money, lot, RATE_SCALE + rate) + 1


def quotient(money: int, lot: int, rate: int) -> int:
    """floor(`money` × RATE_SCALE / (`lot` × `rate`)), at most MAX_PRICE either way; `lot` and `rate` above 0."""
    whole = money // lot
    if whole >= MAX_PRICE // 4 or whole <= -(MAX_PRICE // 4):
        return MAX_PRICE if whole > 0 else -MAX_PRICE
    rest = part_of(money % lot, RATE_SCALE, lot)
    high = whole // rate
    if high >= MAX_PRICE // RATE_SCALE or high <= -(MAX_PRICE // RATE_SCALE):
        return MAX_PRICE if high > 0 else -MAX_PRICE
    low = whole % rate
    price = high * RATE_SCALE + (low * RATE_SCALE + rest) // rate
    return min(max(price, -MAX_PRICE), MAX_PRICE)
