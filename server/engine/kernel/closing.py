"""Positions that end without being asked: by liquidation, at the end of the data."""

from server.engine.kernel.arithmetic import commission_of
from server.engine.kernel.fills import fill, liquidation_price
from server.engine.kernel.records import (
    END_OF_DATA,
    FREE,
    LIQUIDATION,
    LOTS,
    MARKET,
    MAX_ORDERS,
    NO_PRICE,
    AssetRecord,
    Book,
    OrderRecord,
)
from server.engine.kernel.table import cancel_asset, drop_rows, new_order, set_order, settle_moves, watch
from server.strategies.desk import GTC


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
