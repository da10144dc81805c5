"""Orders, fills and the account: flat functions over records of whole numbers.

The interpreter runs this text as it stands and a compiled loop can take it over: no text, no allocation but the
journal's rows, no exceptions. Money in money units, prices in ticks, quantities in lots; amounts stay below 2**62.
"""

from typing import Final

from server.engine.journal import CANCELLED, FILLED, PLACED, REJECTED, Entry, Journal
from server.engine.money import LEVERAGE_SCALE, PER_ORDER, RATE, RATE_SCALE, Terms
from server.engine.records import (
    FREE,
    LOTS,
    MARKET,
    MAX_NOTIONAL,
    MAX_ORDERS,
    NO_PRICE,
    SHARE,
    SIGNAL,
    WAITING,
    AccountRecord,
    AssetRecord,
    OrderRecord,
)

# why an order is rejected: index into REASONS
NOT_A_NUMBER: Final = 1
ZERO: Final = 2
NEGATIVE: Final = 3
NOT_WHOLE_LOTS: Final = 4
TOO_LARGE: Final = 5
CASH: Final = 6
SHORT: Final = 7
MARGIN: Final = 8
UNKNOWN_ASSET: Final = 9
BAD_SHARE: Final = 10
REASONS: Final = (
    "",
    "the quantity is not a number",
    "the quantity is zero",
    "the quantity is negative",
    "the quantity is not a whole number of lots",
    "the quantity is too large",
    "not enough cash",
    "a cash account cannot sell what it does not hold",
    "not enough margin",
    "unknown asset",
    "the share of the equity is not above 0 and at most 1",
)
TABLE_FULL: Final = -1


def scaled(amount: int, numerator: int, denominator: int) -> int:
    """`amount` × `numerator` // `denominator` without a product beyond int64 while numerator × denominator fits."""
    return amount // denominator * numerator + amount % denominator * numerator // denominator


def commission_of(terms: Terms, lots: int, notional: int) -> int:
    """The commission of one fill, rounded half away from zero; all arguments ≥ 0."""
    value = terms.commission_value
    if terms.commission_model == RATE:
        rest = notional % RATE_SCALE * value
        fee = notional // RATE_SCALE * value + (rest + RATE_SCALE // 2) // RATE_SCALE
    elif terms.commission_model == PER_ORDER:
        fee = value
    else:
        units = lots * terms.lot_numerator
        rest = units % terms.lot_denominator * value
        fee = units // terms.lot_denominator * value + (rest + terms.lot_denominator // 2) // terms.lot_denominator
    return max(fee, terms.commission_minimum)


def equity_at(account: AccountRecord, asset: AssetRecord, terms: Terms, price: int) -> int:
    """Cash and position marked at `price`."""
    return account.cash + asset.position * price * terms.tick_lot


def place(
    account: AccountRecord,
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
) -> int:
    """Puts an order at the end of the table; its id, or TABLE_FULL."""
    if account.order_count == MAX_ORDERS and account.matching == 0:
        compact(account, orders)
    if account.order_count == MAX_ORDERS:
        return TABLE_FULL
    account.last_id += 1
    order = orders[account.order_count]
    account.order_count += 1
    order.id = account.last_id
    order.asset = asset_index
    order.status = WAITING
    order.kind = kind
    order.lots = lots
    order.sizing = sizing
    order.amount = amount
    order.limit = limit
    order.stop = stop
    order.time_in_force = time_in_force
    order.group = group
    order.parent = 0
    order.purpose = purpose
    order.bar = account.bar
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
    return order.id


def refuse(account: AccountRecord, journal: Journal, asset_index: int, lots: int, reason: int) -> int:
    """Records an order that was rejected before it got a place in the table; always 0."""
    account.last_id += 1
    account.rejected += 1
    journal.append(Entry(PLACED, account.bar, account.last_id, asset_index, lots, MARKET, LOTS, NO_PRICE, NO_PRICE))
    journal.append(Entry(REJECTED, account.bar, account.last_id, asset_index, lots, reason=reason))
    return 0


def cancel_order(account: AccountRecord, orders: list[OrderRecord], journal: Journal, order_id: int) -> bool:
    """Cancels one waiting order; whether there was one."""
    for k in range(account.order_count):
        order = orders[k]
        if order.id == order_id and order.status != FREE:
            order.status = FREE
            journal.append(Entry(CANCELLED, account.bar, order.id, order.asset, order.lots))
            return True
    return False


def cancel_asset(account: AccountRecord, orders: list[OrderRecord], journal: Journal, asset_index: int) -> None:
    """Cancels every waiting order on one asset."""
    for k in range(account.order_count):
        order = orders[k]
        if order.asset == asset_index and order.status != FREE:
            order.status = FREE
            journal.append(Entry(CANCELLED, account.bar, order.id, order.asset, order.lots))


def close_position(
    account: AccountRecord, asset: AssetRecord, orders: list[OrderRecord], journal: Journal, asset_index: int
) -> int:
    """Cancels what waits on the asset and places a market order to nothing; 0 when nothing is held."""
    if account.order_count > 0:
        cancel_asset(account, orders, journal, asset_index)
    if asset.position == 0:
        return 0
    return place(
        account, orders, journal, asset_index, MARKET, -asset.position, LOTS, 0, NO_PRICE, NO_PRICE, 0, 0, SIGNAL
    )


def match(
    account: AccountRecord,
    assets: list[AssetRecord],
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    asset_index: int,
    open_price: int,
) -> bool:
    """Fills the next order that this bar fills, in order of submission; False when there are no more.

    Called until it says False. Between two calls the strategy hears of the fill: what it places then is at the end
    of the table and matches in this bar too; what it cancels is skipped.
    """
    account.matching = 1
    while account.cursor < account.order_count:
        order = orders[account.cursor]
        account.cursor += 1
        if order.status == WAITING and order.asset == asset_index and order.kind == MARKET:
            order.status = FREE
            slip = terms.slippage if order.lots > 0 else -terms.slippage
            if execute(account, assets[asset_index], terms, journal, order, open_price + slip, 0):
                return True
    account.cursor = 0
    account.matching = 0
    compact(account, orders)
    return False


def execute(
    account: AccountRecord,
    asset: AssetRecord,
    terms: Terms,
    journal: Journal,
    order: OrderRecord,
    price: int,
    at_close: int,
) -> bool:
    """Fills the order at `price` or rejects it; whether it filled."""
    lots = order.lots
    if order.sizing == SHARE:
        lots *= affordable(account, asset, terms, price, order.amount)
    reason = obstacle(account, asset, terms, lots, price)
    if reason != 0:
        account.rejected += 1
        journal.append(Entry(REJECTED, account.bar, order.id, order.asset, lots, reason=reason))
        return False
    fill(account, asset, terms, journal, order, lots, price, at_close)
    return True


def obstacle(account: AccountRecord, asset: AssetRecord, terms: Terms, lots: int, price: int) -> int:
    """The reason why these lots cannot be traded at `price`, 0 when they can."""
    if lots == 0:
        return CASH  # a share of the equity that pays for no lot
    tick_lot = terms.tick_lot
    after = asset.position + lots
    if max(abs(lots), abs(after)) > MAX_NOTIONAL // max(abs(price) * tick_lot, 1):
        return TOO_LARGE
    value = lots * price * tick_lot
    fee = commission_of(terms, abs(lots), abs(value))
    if terms.margin == 0:
        if after < 0:
            return SHORT
        if lots > 0 and value + fee > account.cash:
            return CASH
    elif abs(after) > abs(asset.position) or after * asset.position < 0:
        equity = account.cash - value - fee + after * price * tick_lot
        if abs(after * price * tick_lot) > scaled(equity, terms.leverage, LEVERAGE_SCALE):
            return MARGIN
    return 0


def affordable(account: AccountRecord, asset: AssetRecord, terms: Terms, price: int, amount: int) -> int:
    """The most lots that `amount` × 1e-9 of the equity at `price` pays for, commission included.

    A cash account spends no more than its cash.
    """
    budget = scaled(equity_at(account, asset, terms, price), amount, RATE_SCALE)
    if terms.margin == 0:
        budget = min(budget, account.cash)
    lot = price * terms.tick_lot
    if lot <= 0 or budget <= 0:
        return 0
    low = 0
    high = budget // lot
    while low < high:
        middle = (low + high + 1) // 2
        if middle * lot + commission_of(terms, middle, middle * lot) <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def fill(
    account: AccountRecord,
    asset: AssetRecord,
    terms: Terms,
    journal: Journal,
    order: OrderRecord,
    lots: int,
    price: int,
    at_close: int,
) -> None:
    """Moves cash and position; what is closed takes its share of the entry (average cost) with it."""
    value = lots * price * terms.tick_lot
    fee = commission_of(terms, abs(lots), abs(value))
    held = asset.position
    closed = 0
    entry_value = 0
    entry_fees = 0
    closing_fee = 0
    profit = 0
    entry_bar = asset.entry_bar
    if held * lots < 0:
        closed = min(abs(held), abs(lots))
        # Python's whole numbers do not overflow; a compiled form needs 128-bit products in these three
        entry_value = asset.cost * closed // abs(held)
        entry_fees = asset.fees * closed // abs(held)
        closing_fee = fee * closed // abs(lots)
        gross = closed * price * terms.tick_lot - entry_value
        profit = (gross if held > 0 else -gross) - entry_fees - closing_fee
        asset.cost -= entry_value
        asset.fees -= entry_fees
    opened = abs(lots) - closed
    if opened > 0:
        asset.cost += opened * price * terms.tick_lot
        asset.fees += fee - closing_fee
        if closed == abs(held):
            asset.entry_bar = account.bar
    account.cash -= value + fee
    asset.position = held + lots
    account.fills += 1
    journal.append(
        Entry(
            FILLED,
            account.bar,
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
            account.cash,
            asset.position,
            asset.cost,
            at_close,
        )
    )


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
