"""The table of waiting orders, in order of submission."""

from server.engine.kernel.journal import CANCELLED, MOVED, PLACED, REJECTED, note_order, note_refusal
from server.engine.kernel.records import (
    FREE,
    HELD,
    LIMIT,
    LOTS,
    MARKET,
    MAX_ORDERS,
    NO_PRICE,
    SHARE,
    SIGNAL,
    STOP,
    STOP_LOSS,
    TAKE_PROFIT,
    TOO_MANY_ORDERS,
    WAITING,
    AssetRecord,
    Book,
    OrderRecord,
)
from server.strategies.desk import GTC


def place(
    book: Book,
    index: int,
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
    """Puts an order, with its bracket if it has one, at the end of the table; its id, 0 when the table is full."""
    if not make_room(book, 1 + (stop_loss != NO_PRICE) + (take_profit != NO_PRICE)):
        return 0
    order = new_order(book, index, kind, lots, sizing, amount, limit, stop, time_in_force, group, purpose, 0)
    widen(book, index, order)
    book.account.watch = 1
    placed = order.id
    if stop_loss != NO_PRICE:
        new_order(book, index, STOP, -lots, sizing, 0, NO_PRICE, stop_loss, GTC, -placed, STOP_LOSS, placed)
    if take_profit != NO_PRICE:
        new_order(book, index, LIMIT, -lots, sizing, 0, take_profit, NO_PRICE, GTC, -placed, TAKE_PROFIT, placed)
    return placed


def make_room(book: Book, rows: int) -> bool:
    """Whether the table holds so many more rows; when not, the run fails."""
    account = book.account
    if account.order_count + rows > MAX_ORDERS and account.matching == 0:
        compact(book)
    if account.order_count + rows > MAX_ORDERS:
        account.failure = TOO_MANY_ORDERS
        account.pause = 1
        return False
    return True


def new_order(
    book: Book,
    index: int,
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
) -> OrderRecord:
    """Takes the next row of the table."""
    order = book.orders[book.account.order_count]
    book.account.order_count += 1
    set_order(book, order, index, kind, lots, sizing, amount, limit, stop, time_in_force, group, purpose, parent)
    return order


def set_order(
    book: Book,
    order: OrderRecord,
    index: int,
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
    """Sets a row whole, under the next id, and writes it down; what has a parent is held until this fills.

    The `group` of a bracket's order is the id of its entry below 0, for readers of the journal: fills cancel the groups
    of orders that have no parent alone.
    """
    account = book.account
    account.last_id += 1
    order.id = account.last_id
    order.asset = index
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
    order.joined = account.bar if account.matching == 1 else -1
    order.reached = book.assets[index].reached
    order.placed = known_since(book, index)
    order.moved = NO_PRICE
    note_order(book, PLACED, order, 0)


def known_since(book: Book, index: int) -> int:
    """When what is decided now is known, for orders on one asset: while another's bar is matched, at its end."""
    account = book.account
    return account.now if account.matching == 0 or index == account.matched else account.until


def refuse(book: Book, index: int, lots: int, reason: int) -> int:
    """Writes down an order that was rejected before it got a place in the table; always 0."""
    account = book.account
    account.last_id += 1
    account.rejected += 1
    note_refusal(book, index, lots, reason)
    return 0


def reject(book: Book, order: OrderRecord, lots: int, reason: int) -> None:
    """Takes an order that cannot be executed off the table, and its bracket with it."""
    order.status = FREE
    order.lots = lots
    book.account.rejected += 1
    note_order(book, REJECTED, order, reason)
    drop_held(book, order.id)


def end(book: Book, order: OrderRecord, code: int) -> None:
    """Takes a waiting order off the table as CANCELLED or EXPIRED, and its bracket with it."""
    order.status = FREE
    note_order(book, code, order, 0)
    drop_held(book, order.id)


def drop_held(book: Book, parent: int) -> None:
    """Cancels the bracket of an order that will not fill."""
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.status == HELD and order.parent == parent:
            order.status = FREE
            note_order(book, CANCELLED, order, 0)


def cancel_order(book: Book, order_id: int) -> bool:
    """Cancels one waiting order; whether there was one."""
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.id == order_id and order.status != FREE:
            end(book, order, CANCELLED)
            return True
    return False


def cancel_asset(book: Book, index: int, protection: bool) -> None:
    """Cancels every waiting order on one asset; brackets of what is held only where `protection` is true."""
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.asset == index and order.status == WAITING and (protection or order.purpose == SIGNAL):
            end(book, order, CANCELLED)


def close_position(book: Book, index: int) -> int:
    """Cancels what waits on the asset and places a market order to nothing; 0 when nothing is held.

    Brackets stay until the position has ended: they end with it, and protect it when the order is rejected.
    """
    if book.account.order_count > 0:
        cancel_asset(book, index, False)
    lots = -book.assets[index].position
    if lots == 0:
        return 0
    return place(book, index, MARKET, lots, LOTS, 0, NO_PRICE, NO_PRICE, GTC, 0, SIGNAL, NO_PRICE, NO_PRICE)


def place_target(book: Book, entry: int, price: int, share: int) -> int:
    """Adds a take profit for `share` × 1e-9 of what the entry opens; its id, 0 when the entry waits no more."""
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.id == entry and order.status == WAITING and order.purpose == SIGNAL:
            if not make_room(book, 1):
                return 0
            side = -1 if order.lots > 0 else 1
            target = new_order(
                book, order.asset, LIMIT, side, SHARE, share, price, NO_PRICE, GTC, -entry, TAKE_PROFIT, entry
            )
            return target.id
    return 0


def move_protection(book: Book, entry: int, purpose: int, price: int) -> bool:
    """Moves the stop loss or the take profits of an entry to `price`; whether there was one.

    Within a bar it sees the rest from the price reached on. In runs of several series another asset's bar may be under
    way whose open is past: the price is for those that open later.
    """
    account = book.account
    moved = False
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.parent == entry and order.purpose == purpose and order.status != FREE:
            moved = True
            former = order.stop if purpose == STOP_LOSS else order.limit
            set_protection(book, order, price)
            note_order(book, MOVED, order, 0)
            within = account.matching == 1 and order.asset == account.matched
            if account.several == 1 and not (within and account.now <= account.opened):
                set_protection(book, order, former)
                order.placed = known_since(book, order.asset)
                order.moved = price
                account.moves += 1
            elif within:
                order.moved = NO_PRICE
                order.joined = account.bar
                order.reached = book.assets[order.asset].reached
    return moved


def set_protection(book: Book, order: OrderRecord, price: int) -> None:
    """Gives a bracket's order its price."""
    if order.purpose == STOP_LOSS:
        order.stop = price
    else:
        order.limit = price
    if order.status == WAITING:
        widen(book, order.asset, order)


def settle_moves(book: Book, index: int, time_ms: int) -> None:
    """Moves the brackets of one asset whose new price is for bars that open at `time_ms`."""
    account = book.account
    account.moves = 0
    for k in range(account.order_count):
        order = book.orders[k]
        if order.status != FREE and order.moved != NO_PRICE:
            if order.asset == index and order.placed <= time_ms:
                set_protection(book, order, order.moved)
                order.moved = NO_PRICE
            else:
                account.moves += 1


def widen(book: Book, index: int, order: OrderRecord) -> None:
    """Lets the asset wake where this waiting order could fill or end."""
    asset = book.assets[index]
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


def watch(book: Book, index: int) -> None:
    """Finds anew where the asset wakes, after a bar has changed what waits."""
    asset = book.assets[index]
    rest(book, asset)
    for k in range(book.account.order_count):
        order = book.orders[k]
        if order.status == WAITING and order.asset == index:
            widen(book, index, order)
    if asset.liquidation != NO_PRICE:
        if asset.position > 0:
            asset.wake_low = max(asset.wake_low, asset.liquidation)
        else:
            asset.wake_high = min(asset.wake_high, asset.liquidation)


def rest(book: Book, asset: AssetRecord) -> None:
    """Lets an asset on which nothing waits sleep, up to the price at which its value leaves the range of money."""
    safe = asset.position == 0 or asset.bound >= book.terms.highest
    asset.wake_low = NO_PRICE if safe else -asset.bound
    asset.wake_high = -NO_PRICE if safe else asset.bound
    asset.wake_time = -NO_PRICE
    book.account.watch = watchful(book)


def watchful(book: Book) -> int:
    """1 while an order waits, or something is held that prices could end, else 0."""
    if book.account.order_count > 0:
        return 1
    for k in range(len(book.assets)):
        asset = book.assets[k]
        if asset.position != 0 and (asset.bound < book.terms.highest or asset.liquidation != NO_PRICE):
            return 1
    return 0


def compact(book: Book) -> None:
    """Closes the gaps that filled, rejected and cancelled orders leave, in order of submission."""
    kept = 0
    for k in range(book.account.order_count):
        if book.orders[k].status != FREE:
            if kept != k:
                copy_order(book.orders[k], book.orders[kept])
            kept += 1
    book.account.order_count = kept


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
    target.placed = source.placed
    target.moved = source.moved


def drop_rows(book: Book) -> None:
    """Forgets every row of the table."""
    for k in range(book.account.order_count):
        book.orders[k].status = FREE
    book.account.order_count = 0
