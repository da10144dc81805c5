"""The bar loops of an interpreted run, in the order that engine results are defined by."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from server.contract.problems import ForgeError
from server.engine.desk import TOO_MANY, InterpretedDesk
from server.engine.kernel import closing, fills, matching
from server.engine.kernel.records import MONEY_OVERFLOW
from server.strategies.errors import TooManyOrders
from server.strategies.strategy import Strategy
from server.strategies.types import Bar, Fill, Open


class Delivery(NamedTuple):
    """One bar of a run of several series: its row in the timeline, and whether orders are matched against it.

    `flows`: cash flows (kind, amount) due before it.
    """

    row: int
    bar: Bar
    matched: bool
    flows: tuple[tuple[int, int], ...] = ()


OnBar = Callable[[Bar], None]
"""What a complete bar is handed to: the strategy's `on_bar`, and whoever looks at the strategy afterwards."""


def play(
    bars: Iterable[Bar],
    strategy: Strategy,
    on_bar: OnBar,
    desk: InterpretedDesk,
    flows: dict[int, list[tuple[int, int]]],
) -> None:
    """Delivers the `bars` of one series: `on_open`, pending orders in order of submission (with `on_fill`), `on_bar`.

    `desk.book.account.bar` is the bar being worked on, also when the strategy raises. Equity at the close and the bar
    event follow for the whole block, from the journal that the desk keeps. `flows`: the cash flows due before a bar.
    """
    account = desk.book.account
    asset = desk.book.assets[0]
    on_open = overridden(strategy, "on_open")
    for bar in bars:
        account.bar = bar.i
        if flows and bar.i in flows:
            settle(desk, 0, flows[bar.i])
        if on_open is not None:
            asset.last = bar.open
            on_open(Open(bar.i, bar.asset, bar.time, bar.open))
        if account.watch and (bar.low <= asset.wake_low or bar.high >= asset.wake_high or bar.time >= asset.wake_time):
            match_bar(strategy, desk, bar)
        asset.last = bar.close
        on_bar(bar)


def play_instant(
    deliveries: list[Delivery], instant_ms: int, strategy: Strategy, on_bar: OnBar, desk: InterpretedDesk
) -> None:
    """Delivers the bars that are complete at one instant.

    What is done at their opens and within them comes first, then each is handed to the strategy, which by then
    knows all of them; what it orders waits for bars that open at the instant or later.
    """
    book = desk.book
    account = book.account
    on_open = overridden(strategy, "on_open")
    matched = [delivery for delivery in deliveries if delivery.matched]
    known = account.now  # bars that were delivered within one that opened before: on_fill knows them
    account.until = instant_ms
    for row, bar, _, flows in matched:
        account.bar, account.now = row, max(known, bar.time)
        settle(desk, bar.asset, flows)
        if on_open is not None:
            book.assets[bar.asset].last = bar.open
    if on_open is not None:
        for row, bar, _, _ in matched:
            account.bar, account.now = row, max(known, bar.time)
            on_open(Open(bar.i, bar.asset, bar.time, bar.open))
    for row, bar, _, _ in matched:
        account.bar, account.now = row, max(known, bar.time)
        closing.revalue(book, bar.asset, bar.time)
        if account.watch and matching.wakes(book, bar.asset, bar.time, bar.high, bar.low):
            match_bar(strategy, desk, bar)
        book.assets[bar.asset].last = bar.close
    account.now = instant_ms
    for row, bar, _, _ in deliveries:
        account.bar = row
        on_bar(bar)


def settle(desk: InterpretedDesk, asset: int, flows: Iterable[tuple[int, int]]) -> None:
    """Books the cash flows that are due."""
    for kind, amount in flows:
        fills.pay(desk.book, asset, kind, amount)
    stop_failed(desk)


def match_bar(strategy: Strategy, desk: InterpretedDesk, bar: Bar) -> None:
    """Fills what fills in this bar; the strategy hears of each fill before the next order is looked at."""
    on_fill: Callable[[Fill], None] | None = overridden(strategy, "on_fill")
    book = desk.book
    asset = book.assets[bar.asset]
    asset.last = bar.open
    while matching.match(book, bar.asset, bar.time, bar.open, bar.high, bar.low):
        asset.last = asset.reached
        strategy._position = book.assets[0].units
        if on_fill is not None:
            on_fill(desk.last_fill())
    stop_failed(desk)


def close_out(strategy: Strategy, desk: InterpretedDesk) -> None:
    """Ends the run flat, as `flatten` does."""
    closing.flatten(desk.book)
    strategy._position = 0.0
    stop_failed(desk)


def stop_failed(desk: InterpretedDesk) -> None:
    """Raises what the kernel has found to end the run."""
    account = desk.book.account
    if account.failure == MONEY_OVERFLOW:
        raise ForgeError(
            "money_overflow",
            f"The equity left the range of whole money units near bar {account.bar}: "
            f"trade less, or with less initial cash.",
        )
    if account.failure:
        raise TooManyOrders(TOO_MANY)


def overridden(strategy: Strategy, name: str) -> Callable[..., None] | None:
    """A handler that the strategy's class defines, None for the one that does nothing."""
    if getattr(type(strategy), name) is getattr(Strategy, name):
        return None
    handler: Callable[..., None] = getattr(strategy, name)
    return handler
