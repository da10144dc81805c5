"""The table of waiting orders: flat functions over its rows, in order of submission.

Written as the kernel is: whole numbers, no text, no allocation but the journal's rows, no exceptions.
"""

from typing import Final

from server.engine.journal import CANCELLED, PLACED, REJECTED, Entry, Journal
from server.engine.records import (
    FREE,
    HELD,
    LIMIT,
    LOTS,
    MARKET,
    MAX_ORDERS,
    NO_PRICE,
    SIGNAL,
    STOP,
    STOP_LOSS,
    TAKE_PROFIT,
    WAITING,
    AccountRecord,
    AssetRecord,
    OrderRecord,
)
from server.strategies.desk import GTC

TABLE_FULL: Final = -1


def place(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    journal: Journal,
    asset_index: int,
    kind: int,
    lots: int,
    sizing: int,
    amount: int,
    limit: int,
    stop: int,
    time_in_force: int,
    group: int,
    purpose: int,
    stop_loss: int,
    take_profit: int,
) -> int:
    """Puts an order, with its bracket if it has one, at the end of the table; its id, or TABLE_FULL."""
    rows = 1 + (stop_loss != NO_PRICE) + (take_profit != NO_PRICE)
    if account.order_count + rows > MAX_ORDERS and account.matching == 0:
        compact(account, orders)
    if account.order_count + rows > MAX_ORDERS:
        return TABLE_FULL
    order = orders[account.order_count]
    account.order_count += 1
    write(
        account,
        asset,
        order,
        journal,
        asset_index,
        kind,
        lots,
        sizing,
        amount,
        limit,
        stop,
        time_in_force,
        group,
        purpose,
        0,
    )
    widen(asset, order)
    account.watch = 1
    if stop_loss != NO_PRICE:
        protection = orders[account.order_count]
        account.order_count += 1
        write(
            account,
            asset,
            protection,
            journal,
            asset_index,
            STOP,
            -lots,
            sizing,
            0,
            NO_PRICE,
            stop_loss,
            GTC,
            0,
            STOP_LOSS,
            order.id,
        )
    if take_profit != NO_PRICE:
        protection = orders[account.order_count]
        account.order_count += 1
        write(
            account,
            asset,
            protection,
            journal,
            asset_index,
            LIMIT,
            -lots,
            sizing,
            0,
            take_profit,
            NO_PRICE,
            GTC,
            0,
            TAKE_PROFIT,
            order.id,
        )
    return order.id


def write(
    account: AccountRecord,
    asset: AssetRecord,
    order: OrderRecord,
    journal: Journal,
    asset_index: int,
    kind: int,
    lots: int,
    sizing: int,
    amount: int,
    limit: int,
    stop: int,
    time_in_force: int,
    group: int,
    purpose: int,
    parent: int,
) -> None:
    """Sets a row whole, under the next id, and records it; what has a parent is held until this fills."""
    account.last_id += 1
    order.id = account.last_id
    order.asset = asset_index
    order.status = WAITING if parent == 0 else HELD
    order.kind = kind
    order.lots = lots
    order.sizing = sizing
    order.amount = amount
    order.limit = limit
    order.stop = stop
    order.time_in_force = time_in_force
    order.group = group
    order.parent = parent
    order.purpose = purpose
    order.bar = account.bar
    order.expires = 0
    order.joined = account.bar if account.matching else -1
    order.reached = asset.reached
    journal.append(
        Entry(
            PLACED,
            account.bar,
            order.id,
            asset_index,
            lots,
            kind,
            sizing,
            limit,
            stop,
            time_in_force,
            group,
            purpose,
        )
    )


def refuse(account: AccountRecord, journal: Journal, asset_index: int, lots: int, reason: int) -> int:
    """Records an order that was rejected before it got a place in the table; always 0."""
    account.last_id += 1
    account.rejected += 1
    journal.append(Entry(PLACED, account.bar, account.last_id, asset_index, lots, MARKET, LOTS, NO_PRICE, NO_PRICE))
    journal.append(Entry(REJECTED, account.bar, account.last_id, asset_index, lots, reason=reason))
    return 0


def end(account: AccountRecord, orders: list[OrderRecord], journal: Journal, order: OrderRecord, code: int) -> None:
    """Takes a waiting order off the table as CANCELLED or EXPIRED, and its bracket with it."""
    order.status = FREE
    journal.append(Entry(code, account.bar, order.id, order.asset, order.lots, order.kind, order.sizing))
    drop_held(account, orders, journal, order.id)


def drop_held(account: AccountRecord, orders: list[OrderRecord], journal: Journal, parent: int) -> None:
    """Cancels the bracket of an order that will not fill."""
    for k in range(account.order_count):
        order = orders[k]
        if order.status == HELD and order.parent == parent:
            order.status = FREE
            journal.append(Entry(CANCELLED, account.bar, order.id, order.asset, order.lots, order.kind, order.sizing))


def cancel_order(account: AccountRecord, orders: list[OrderRecord], journal: Journal, order_id: int) -> bool:
    """Cancels one waiting order; whether there was one."""
    for k in range(account.order_count):
        order = orders[k]
        if order.id == order_id and order.status != FREE:
            end(account, orders, journal, order, CANCELLED)
            return True
    return False


def cancel_asset(
    account: AccountRecord, orders: list[OrderRecord], journal: Journal, asset_index: int, protection: int
) -> None:
    """Cancels every waiting order on one asset; brackets of what is held only where `protection` is 1."""
    for k in range(account.order_count):
        order = orders[k]
        if order.asset == asset_index and order.status == WAITING and (protection == 1 or order.purpose == SIGNAL):
            end(account, orders, journal, order, CANCELLED)


def close_position(
    account: AccountRecord, asset: AssetRecord, orders: list[OrderRecord], journal: Journal, asset_index: int
) -> int:
    """Cancels what waits on the asset and places a market order to nothing; 0 when nothing is held.

    Brackets stay until the position has ended: they end with it, and protect it when the order is rejected.
    """
    if account.order_count > 0:
        cancel_asset(account, orders, journal, asset_index, 0)
    if asset.position == 0:
        return 0
    return place(
        account,
        asset,
        orders,
        journal,
        asset_index,
        MARKET,
        -asset.position,
        LOTS,
        0,
        NO_PRICE,
        NO_PRICE,
        GTC,
        0,
        SIGNAL,
        NO_PRICE,
        NO_PRICE,
    )


def widen(asset: AssetRecord, order: OrderRecord) -> None:
    """Lets the asset wake where this waiting order could fill or end."""
    if order.kind == MARKET or (order.time_in_force != GTC and order.expires == 0):
        asset.wake_low = -NO_PRICE
        return
    price = order.limit if order.kind == LIMIT else order.stop
    if (order.kind == LIMIT) == (order.lots > 0):
        asset.wake_low = max(asset.wake_low, price)
    else:
        asset.wake_high = min(asset.wake_high, price)
    if order.expires != 0:
        asset.wake_time = min(asset.wake_time, order.expires)


def watch(account: AccountRecord, asset: AssetRecord, orders: list[OrderRecord], asset_index: int) -> None:
    """Finds anew where the asset wakes, after a bar has changed what waits."""
    asset.wake_low = NO_PRICE
    asset.wake_high = -NO_PRICE
    asset.wake_time = -NO_PRICE
    for k in range(account.order_count):
        order = orders[k]
        if order.status == WAITING and order.asset == asset_index:
            widen(asset, order)
    account.watch = int(account.order_count > 0)
    if asset.liquidation != NO_PRICE:
        account.watch = 1
        if asset.position > 0:
            asset.wake_low = max(asset.wake_low, asset.liquidation)
        else:
            asset.wake_high = min(asset.wake_high, asset.liquidation)


def compact(account: AccountRecord, orders: list[OrderRecord]) -> None:
    """Closes the gaps that filled, rejected and cancelled orders leave, in order of submission."""
    kept = 0
    for k in range(account.order_count):
        if orders[k].status != FREE:
            if kept != k:
                copy_order(orders[k], orders[kept])
            kept += 1
    account.order_count = kept


def copy_order(source: OrderRecord, target: OrderRecord) -> None:
    """Field by field: the rows of the table are values, not references."""
    target.id = source.id
    target.asset = source.asset
    target.status = source.status
    target.kind = source.kind
    target.lots = source.lots
    target.sizing = source.sizing
    target.amount = source.amount
    target.limit = source.limit
    target.stop = source.stop
    target.time_in_force = source.time_in_force
    target.group = source.group
    target.parent = source.parent
    target.purpose = source.purpose
    target.bar = source.bar
    target.expires = source.expires
    target.joined = source.joined
    target.reached = source.reached
