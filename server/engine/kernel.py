"""Matching, fills and the account: flat functions over records of whole numbers.

The interpreter runs this text as it stands and a compiled loop can take it over: no text, no allocation but the
journal's rows, no exceptions. Money in money units, prices in ticks, quantities in lots; amounts stay below 2**62.
"""

from typing import Final

from server.engine.journal import CANCELLED, EXPIRED, FILLED, REJECTED, Entry, Journal
from server.engine.money import LEVERAGE_SCALE, PER_ORDER, RATE, RATE_SCALE, Terms
from server.engine.orders import cancel_asset, compact, drop_held, end, watch, write
from server.engine.reasons import CASH, MARGIN, SHORT, TOO_LARGE
from server.engine.records import (
    FREE,
    HELD,
    LIMIT,
    LIQUIDATION,
    LOTS,
    MARKET,
    MAX_NOTIONAL,
    MAX_ORDERS,
    NO_PRICE,
    SHARE,
    SIGNAL,
    STOP_LIMIT,
    STOP_LOSS,
    TAKE_PROFIT,
    WAITING,
    AccountRecord,
    AssetRecord,
    OrderRecord,
)
from server.strategies.desk import DAY, GTC, IOC

_DAY_MS: Final = 86_400_000


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


def match(
    account: AccountRecord,
    assets: list[AssetRecord],
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    asset_index: int,
    time_ms: int,
    open_price: int,
    high: int,
    low: int,
) -> bool:
    """Fills the next order that this bar fills; False when there are no more.

    First what the open liquidates, then orders in order of submission, then brackets and liquidation. Called until it
    says False. Between two calls the strategy hears of the fill: what it places then is at the end of the table and
    matches in this bar too; what it cancels is skipped.
    """
    asset = assets[asset_index]
    if account.matching == 0:
        account.matching = 1
        account.cursor = 0
        asset.reached = open_price
        if liquidates(asset, open_price, open_price):
            liquidate(account, asset, orders, terms, journal, asset_index, open_price)
            return True
    while account.cursor < account.order_count:
        order = orders[account.cursor]
        account.cursor += 1
        if (
            order.status == WAITING
            and order.asset == asset_index
            and order.purpose == SIGNAL
            and meet(account, asset, orders, terms, journal, order, time_ms, open_price, high, low)
        ):
            return True
    if asset.position != 0 and protect(account, asset, orders, terms, journal, asset_index, open_price, high, low):
        return True
    account.matching = 0
    account.cursor = 0
    compact(account, orders)
    watch(account, asset, orders, asset_index)
    return False


def meet(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    order: OrderRecord,
    time_ms: int,
    open_price: int,
    high: int,
    low: int,
) -> bool:
    """Fills, ends or leaves one order on this bar; whether it filled.

    A DAY order ends with the UTC day of the first bar that it meets, an IOC order with this bar.
    """
    if order.time_in_force == DAY:
        if order.expires == 0:
            order.expires = (time_ms // _DAY_MS + 1) * _DAY_MS
        elif time_ms >= order.expires:
            end(account, orders, journal, order, EXPIRED)
            return False
    level = level_of(account, order, open_price, high, low)
    if level != NO_PRICE:
        return execute(account, asset, orders, terms, journal, order, level, open_price)
    if order.time_in_force == IOC:
        end(account, orders, journal, order, EXPIRED)
    return False


def level_of(account: AccountRecord, order: OrderRecord, open_price: int, high: int, low: int) -> int:
    """The price at which this bar fills the order, before slippage; NO_PRICE when it does not.

    An order that joined within the bar sees it from the price reached on. Of the way from there nothing is known: a
    stop counts as reached when the bar has its price, a limit only when the price reached is already within it.
    A stop-limit order that is triggered beyond its limit becomes a limit order here, for the bars to come.
    """
    start = open_price
    if order.joined == account.bar:
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


def protect(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    asset_index: int,
    open_price: int,
    high: int,
    low: int,
) -> bool:
    """Fills the next bracket of a position, or liquidates it; whether something filled.

    Stops before take profits; a stop beyond the liquidation price comes too late.
    """
    worst = low if asset.position > 0 else high
    gone = liquidates(asset, asset.reached, worst)
    for purpose in (STOP_LOSS, TAKE_PROFIT):
        if purpose == TAKE_PROFIT and gone:
            break
        for k in range(account.order_count):
            order = orders[k]
            if order.status != WAITING or order.asset != asset_index or order.purpose != purpose:
                continue
            if purpose == STOP_LOSS and gone and (order.stop - asset.liquidation) * asset.position < 0:
                continue
            if purpose == TAKE_PROFIT and order.joined == account.bar and order.reached != open_price:
                continue  # entered inside of this bar
            level = level_of(account, order, open_price, high, low)
            if level == NO_PRICE:
                continue
            lots = min(abs(order.lots), abs(asset.position))
            order.lots = lots if order.lots > 0 else -lots
            if execute(account, asset, orders, terms, journal, order, level, open_price):
                return True
    if gone:
        liquidate(account, asset, orders, terms, journal, asset_index, open_price)
    return gone


def liquidates(asset: AssetRecord, start: int, worst: int) -> bool:
    """Whether a bar that goes from `start` to `worst` takes the position to its liquidation price."""
    if asset.liquidation == NO_PRICE:
        return False
    if asset.position > 0:
        return min(start, worst) <= asset.liquidation
    return max(start, worst) >= asset.liquidation


def liquidate(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    asset_index: int,
    open_price: int,
) -> None:
    """Ends the position at its liquidation price, or where the price already is, and all that waits on the asset."""
    cancel_asset(account, orders, journal, asset_index, 1)
    order = orders[MAX_ORDERS]  # a row of its own: the table may be full
    lots = -asset.position
    write(
        account,
        asset,
        order,
        journal,
        asset_index,
        MARKET,
        lots,
        LOTS,
        0,
        NO_PRICE,
        NO_PRICE,
        GTC,
        0,
        LIQUIDATION,
        0,
    )
    order.status = FREE
    level = min(asset.reached, asset.liquidation) if lots < 0 else max(asset.reached, asset.liquidation)
    if level != open_price:
        asset.reached = level
    slip = terms.slippage if lots > 0 else -terms.slippage
    fill(account, asset, orders, terms, journal, order, lots, level + slip, 0)


def execute(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    order: OrderRecord,
    level: int,
    open_price: int,
) -> bool:
    """Fills the order at `level`, a limit order without slippage, or rejects it; whether it filled."""
    order.status = FREE
    price = level
    if order.kind != LIMIT:
        price += terms.slippage if order.lots > 0 else -terms.slippage
    lots = order.lots
    if order.sizing == SHARE:
        lots *= affordable(account, asset, terms, price, order.amount)
    reason = obstacle(account, asset, terms, lots, price)
    if reason != 0:
        account.rejected += 1
        journal.append(Entry(REJECTED, account.bar, order.id, order.asset, lots, reason=reason))
        drop_held(account, orders, journal, order.id)
        return False
    if level != open_price:
        asset.reached = level
    fill(account, asset, orders, terms, journal, order, lots, price, 0)
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
        held = abs(after * price * tick_lot)
        if held > scaled(equity, terms.leverage, LEVERAGE_SCALE):
            return MARGIN
        if terms.maintenance >= 0 and equity < scaled(held, terms.maintenance, RATE_SCALE):
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
    orders: list[OrderRecord],
    terms: Terms,
    journal: Journal,
    order: OrderRecord,
    lots: int,
    price: int,
    at_close: int,
) -> None:
    """Moves cash, position and brackets; what is closed takes its share of the entry (average cost) with it."""
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
    if terms.maintenance >= 0:
        asset.liquidation = liquidation_price(account, asset, terms)
    if account.order_count > 1:
        after_fill(account, asset, orders, journal, order, held, opened)


def after_fill(
    account: AccountRecord,
    asset: AssetRecord,
    orders: list[OrderRecord],
    journal: Journal,
    order: OrderRecord,
    held: int,
    opened: int,
) -> None:
    """What a fill does to other orders: wakes its bracket, ends that of a position that is over, and its group."""
    over = held != 0 and (asset.position == 0 or (asset.position > 0) != (held > 0))
    for k in range(account.order_count):
        other = orders[k]
        if other.status == HELD and other.parent == order.id:
            if opened > 0:
                other.status = WAITING
                other.lots = opened if other.lots > 0 else -opened
                other.sizing = LOTS
                other.joined = account.bar
                other.reached = asset.reached
            else:
                end(account, orders, journal, other, CANCELLED)
        elif other.status == WAITING and other.purpose != SIGNAL:
            if other.asset == order.asset and (over or other.parent == order.parent):
                end(account, orders, journal, other, CANCELLED)
        elif other.status == WAITING and order.group != 0 and other.group == order.group:
            end(account, orders, journal, other, CANCELLED)


def liquidation_price(account: AccountRecord, asset: AssetRecord, terms: Terms) -> int:
    """The first price against the position at which the equity is below `maintenance` of the position's value.

    Of `n` lots of value `t` a tick, long: cash + n·p·t < m·n·p·t; short: cash - n·p·t < m·n·p·t.
    """
    if asset.position == 0:
        return NO_PRICE
    # 128-bit products in a compiled form, as in `fill`
    money = account.cash * RATE_SCALE
    if asset.position > 0:
        lot = asset.position * terms.tick_lot * (RATE_SCALE - terms.maintenance)
        return -(money // lot) - 1
    lot = -asset.position * terms.tick_lot * (RATE_SCALE + terms.maintenance)
    return money // lot + 1
