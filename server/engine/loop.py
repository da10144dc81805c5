"""The bar loop of an interpreted run: opens, matching, closes, in the order that engine results are defined by."""

from collections.abc import Callable, Iterable

from server.engine import kernel
from server.engine.desk import InterpretedDesk
from server.engine.journal import FILLED, Entry, Journal
from server.engine.orders import cancel_asset, compact, place
from server.engine.records import END_OF_DATA, LOTS, MARKET, NO_PRICE
from server.strategies.desk import GTC
from server.strategies.strategy import Strategy
from server.strategies.types import Bar, Fill, Open


def play(bars: Iterable[Bar], strategy: Strategy, desk: InterpretedDesk) -> None:
    """Delivers `bars`: `on_open`, pending orders in order of submission (with `on_fill`), then `on_bar`.

    `desk.account.bar` is the bar being worked on, also when the strategy raises. Equity at the close and the bar event
    follow for the whole block, from the journal that the desk keeps.
    """
    account = desk.account
    asset = desk.assets[0]
    on_bar = strategy.on_bar
    on_open = _overridden(strategy, "on_open")
    for bar in bars:
        account.bar = bar.i
        if on_open is not None:
            asset.last = bar.open
            on_open(Open(bar.i, bar.asset, bar.time, bar.open))
        if account.watch and (bar.low <= asset.wake_low or bar.high >= asset.wake_high or bar.time >= asset.wake_time):
            match_bar(strategy, desk, bar)
        asset.last = bar.close
        on_bar(bar)


def match_bar(strategy: Strategy, desk: InterpretedDesk, bar: Bar) -> None:
    """Fills what fills in this bar; the strategy hears of each fill before the next order is looked at."""
    on_fill: Callable[[Fill], None] | None = _overridden(strategy, "on_fill")
    account, assets, journal = desk.account, desk.assets, desk.journal
    asset = assets[0]
    asset.last = bar.open
    while kernel.match(account, assets, desk.orders, desk.terms, journal, 0, bar.time, bar.open, bar.high, bar.low):
        asset.last = asset.reached
        strategy._position = desk.position(0)
        if on_fill is not None:
            on_fill(desk.told(_last_fill(journal)))


def close_out(strategy: Strategy, desk: InterpretedDesk, close: int) -> None:
    """Ends the run flat: what waits is cancelled, the position goes at the last close, slippage and commission paid."""
    account, asset = desk.account, desk.assets[0]
    cancel_asset(account, desk.orders, desk.journal, 0, 1)
    compact(account, desk.orders)
    if asset.position == 0:
        return
    lots = -asset.position
    place(
        account,
        asset,
        desk.orders,
        desk.journal,
        0,
        MARKET,
        lots,
        LOTS,
        0,
        NO_PRICE,
        NO_PRICE,
        GTC,
        0,
        END_OF_DATA,
        NO_PRICE,
        NO_PRICE,
    )
    slip = desk.terms.slippage if lots > 0 else -desk.terms.slippage
    order = desk.orders[0]
    kernel.fill(account, asset, desk.orders, desk.terms, desk.journal, order, lots, close + slip, 1)
    account.order_count = 0
    strategy._position = desk.position(0)


def changes_in(desk: InterpretedDesk) -> list[tuple[int, int, int]]:
    """Bar, cash and position after each fill in the desk's journal, for the equity curve."""
    return [(entry.bar, entry.cash, entry.position) for entry in desk.journal if entry.code == FILLED]


def _last_fill(journal: Journal) -> Entry:
    """The newest fill: what it did to other orders is told behind it."""
    return next(entry for entry in reversed(journal) if entry.code == FILLED)


def _overridden(strategy: Strategy, name: str) -> Callable[..., None] | None:
    if getattr(type(strategy), name) is getattr(Strategy, name):
        return None
    handler: Callable[..., None] = getattr(strategy, name)
    return handler
