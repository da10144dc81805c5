"""A strategy that does what a list says, in a form that compiles: once for all the lists."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from server.strategies import GTC, Bar, Fill, Open, Strategy, int_window, window

Row = tuple[int, int, int, str, dict[str, Any]]
"""Moment, series (asset of an open), number, method, arguments."""
AT_BAR: Final = 0
AT_OPEN: Final = 1
AT_FILL: Final = 2
_PRICES: Final = (
    (),
    ("limit",),
    ("stop",),
    ("stop_loss",),
    ("take_profit",),
    ("stop_loss", "take_profit"),
    ("limit", "stop_loss", "take_profit"),
    ("stop", "stop_loss"),
)
_METHODS: Final = ("close", "cancel", "cancel_all", "add_target", "move_stop", "move_target")
_SIZES: Final = ("quantity", "share", "amount", "risk")
_SELL: Final = 100
_SIZED: Final = 10
_OTHER: Final = 200


class Tape(Strategy):
    """Follows `ROWS`."""

    ROWS: ClassVar[Sequence[Row]] = ()

    def init(self) -> None:
        count = len(self.ROWS) + 1
        self.moments = int_window(count)
        self.feeds = int_window(count)
        self.numbers = int_window(count)
        self.codes = int_window(count)
        self.assets = int_window(count)
        self.orders = int_window(count)
        self.times = int_window(count)
        self.groups = int_window(count)
        self.sizes = window(count)
        self.limits = window(count)
        self.stops = window(count)
        self.losses = window(count)
        self.gains = window(count)
        for k, (moment, feed, number, method, given) in enumerate(self.ROWS):
            self.moments[k], self.feeds[k], self.numbers[k] = moment, feed, number
            self.codes[k] = code_of(method, given)
            self.assets[k] = given.get("asset", 0)
            self.orders[k] = given.get("order", 0)
            self.times[k] = given.get("time_in_force", GTC)
            self.groups[k] = given.get("group", 0)
            self.sizes[k] = size_of(given)
            price: float = given.get("price", math.nan)
            self.limits[k] = float(given.get("limit", price))
            self.stops[k] = float(given.get("stop", math.nan))
            self.losses[k] = float(given.get("stop_loss", math.nan))
            self.gains[k] = float(given.get("take_profit", math.nan))
        self.moments[count - 1] = -1

    def follow(self, moment: int, feed: int, number: int) -> None:
        """Does what is listed for a moment."""
        for k in range(len(self.codes)):
            if self.moments[k] == moment and self.feeds[k] == feed and self.numbers[k] == number:
                code = self.codes[k]
                if code >= _OTHER:
                    self.do(k, code - _OTHER)
                elif code >= _SELL:
                    self.sell_by(k, code - _SELL)
                else:
                    self.buy_by(k, code)

    def do(self, k: int, code: int) -> None:
        """What is no order, in the order of `_METHODS`."""
        if code == 0:
            self.close(self.assets[k])
        elif code == 1:
            self.cancel(self.orders[k])
        elif code == 2:
            self.cancel_all(self.assets[k])
        elif code == 3:
            self.add_target(self.orders[k], self.limits[k], self.sizes[k])
        elif code == 4:
            self.move_stop(self.orders[k], self.limits[k])
        else:
            self.move_target(self.orders[k], self.limits[k])

    def buy_by(self, k: int, code: int) -> None:
        """Buys; the codes of `code_of`."""
        size = self.sizes[k]
        asset = self.assets[k]
        loss = self.losses[k]
        gain = self.gains[k]
        if code == 0:
            self.buy(size, asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 1:
            self.buy(size, limit=self.limits[k], asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 2:
            self.buy(size, stop=self.stops[k], asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 3:
            self.buy(size, stop_loss=loss, asset=asset)
        elif code == 4:
            self.buy(size, take_profit=gain, asset=asset)
        elif code == 5:
            self.buy(size, stop_loss=loss, take_profit=gain, asset=asset)
        elif code == 6:
            self.buy(size, limit=self.limits[k], stop_loss=loss, take_profit=gain, asset=asset)
        elif code == 7:
            self.buy(size, stop=self.stops[k], stop_loss=loss, asset=asset)
        elif code == 10:
            self.buy(share=size, asset=asset)
        elif code == 13:
            self.buy(share=size, stop_loss=loss, asset=asset)
        elif code == 20:
            self.buy(amount=size, asset=asset)
        elif code == 21:
            self.buy(amount=size, limit=self.limits[k], asset=asset)
        elif code == 30:
            self.buy(risk=size, asset=asset)
        elif code == 33:
            self.buy(risk=size, stop_loss=loss, asset=asset)

    def sell_by(self, k: int, code: int) -> None:
        """Sells; the same codes."""
        size = self.sizes[k]
        asset = self.assets[k]
        loss = self.losses[k]
        gain = self.gains[k]
        if code == 0:
            self.sell(size, asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 1:
            self.sell(size, limit=self.limits[k], asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 2:
            self.sell(size, stop=self.stops[k], asset=asset, group=self.groups[k], time_in_force=self.times[k])
        elif code == 3:
            self.sell(size, stop_loss=loss, asset=asset)
        elif code == 4:
            self.sell(size, take_profit=gain, asset=asset)
        elif code == 5:
            self.sell(size, stop_loss=loss, take_profit=gain, asset=asset)
        elif code == 6:
            self.sell(size, limit=self.limits[k], stop_loss=loss, take_profit=gain, asset=asset)
        elif code == 7:
            self.sell(size, stop=self.stops[k], stop_loss=loss, asset=asset)
        elif code == 10:
            self.sell(share=size, asset=asset)
        elif code == 20:
            self.sell(amount=size, asset=asset)
        elif code == 33:
            self.sell(risk=size, stop_loss=loss, asset=asset)

    def on_bar(self, bar: Bar) -> None:
        self.follow(AT_BAR, bar.feed, bar.i)


class HearingTape(Tape):
    """Follows what is listed for fills too."""

    def on_fill(self, fill: Fill) -> None:
        self.follow(AT_FILL, 0, fill.order)


class OpeningTape(HearingTape):
    """Follows what is listed for opens too."""

    def on_open(self, bar: Open) -> None:
        self.follow(AT_OPEN, bar.asset, bar.i)


def size_of(given: dict[str, Any]) -> float:
    """The size among the arguments, 0 where there is none."""
    return next((float(given[name]) for name in _SIZES if name in given), 0.0)


_BUYS: Final = frozenset((*range(8), 10, 13, 20, 21, 30, 33))
_SELLS: Final = frozenset((*range(8), 10, 20, 33))


def code_of(method: str, given: dict[str, Any]) -> int:
    """The number of a method with these arguments; of orders the size and the prices, tens and ones."""
    if method in _METHODS:
        return _OTHER + _METHODS.index(method)
    size = next(number for number, name in enumerate(_SIZES) if name in given)
    prices = tuple(name for name in ("limit", "stop", "stop_loss", "take_profit") if name in given)
    code = size * _SIZED + _PRICES.index(prices)
    if code not in (_BUYS if method == "buy" else _SELLS):
        raise ValueError(f"the tape has no {method} by {_SIZES[size]} with {prices}")
    return code + (_SELL if method == "sell" else 0)


class At:
    """Writes the rows of a moment: `bar(0).buy(1, stop_loss=90)`."""

    def __init__(self, moment: int, feed: int, number: int) -> None:
        self._moment = (moment, feed, number)

    def buy(self, quantity: float | None = None, **given: Any) -> Row:
        """A buy order."""
        return self._row("buy", given if quantity is None else {"quantity": quantity, **given})

    def sell(self, quantity: float | None = None, **given: Any) -> Row:
        """A sell order."""
        return self._row("sell", given if quantity is None else {"quantity": quantity, **given})

    def close(self, asset: int = 0) -> Row:
        """Closes a position."""
        return self._row("close", {"asset": asset})

    def cancel(self, order: int) -> Row:
        """Cancels an order by its number."""
        return self._row("cancel", {"order": order})

    def cancel_all(self, asset: int = 0) -> Row:
        """Cancels what waits on an asset."""
        return self._row("cancel_all", {"asset": asset})

    def add_target(self, order: int, price: float, share: float) -> Row:
        """Adds a take profit."""
        return self._row("add_target", {"order": order, "price": price, "share": share})

    def move_stop(self, order: int, price: float) -> Row:
        """Moves a stop loss."""
        return self._row("move_stop", {"order": order, "price": price})

    def move_target(self, order: int, price: float) -> Row:
        """Moves take profits."""
        return self._row("move_target", {"order": order, "price": price})

    def _row(self, method: str, given: dict[str, Any]) -> Row:
        return (*self._moment, method, given)


def bar(number: int, feed: int = 0) -> At:
    """When a bar is complete."""
    return At(AT_BAR, feed, number)


def opening(number: int, asset: int = 0) -> At:
    """When a bar opens."""
    return At(AT_OPEN, asset, number)


def filled(order: int) -> At:
    """When an order has filled."""
    return At(AT_FILL, 0, order)


def tape(*rows: Row) -> type[Strategy]:
    """The strategy that follows these rows."""
    moments = {row[0] for row in rows}
    base = OpeningTape if AT_OPEN in moments else HearingTape if AT_FILL in moments else Tape
    return type(base.__name__, (base,), {"ROWS": rows})
