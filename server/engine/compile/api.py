"""What a strategy may use of itself in bar code, and what stands for it in the generated code."""

from typing import Final, NamedTuple

from server.engine.compile.kinds import BAR, FILL, OPEN, Kind, View
from server.engine.kernel.records import AMOUNT, LOTS, NO_PRICE, RISK, SHARE, STOP_LOSS, TAKE_PROFIT

HANDLERS: Final[dict[str, View]] = {"on_bar": BAR, "on_open": OPEN, "on_fill": FILL}

PROPERTIES: Final[dict[str, tuple[str, Kind]]] = {
    "position": ("row__(book__.assets, 0).units", Kind.FLOAT),
    "equity": ("float(equity_of__(book__)) / book__.terms.scale", Kind.FLOAT),
    "cash": ("float(book__.account.cash) / book__.terms.scale", Kind.FLOAT),
    "open_orders": ("waiting_orders__(book__)", Kind.INT),
}


class Argument(NamedTuple):
    """One argument of a method: `default` is generated code, None where the argument has to be given.

    `kind` of what is given; a `price` becomes ticks and may be left out as None. A `text` stands in the code and is
    handed on as its number.
    """

    name: str
    kind: Kind
    default: str | None = None
    price: bool = False
    text: bool = False


class Method(NamedTuple):
    """A method of the strategy: `text` with the arguments in braces, and the kind of its result."""

    arguments: tuple[Argument, ...]
    text: str
    result: Kind

    @property
    def order(self) -> list[str]:
        """The names of the arguments in the order in which the generated code evaluates them."""
        names = [argument.name for argument in self.arguments]
        if self.arguments is _ORDER:
            names.remove("asset")
            names.insert(0, "asset")
        return names


SIZES: Final = {"quantity": LOTS, "share": SHARE, "amount": AMOUNT, "risk": RISK}
"""Of these arguments an order takes exactly one."""
_NO_PRICE: Final = str(NO_PRICE)
_PRICES: Final = ("limit", "stop", "stop_loss", "take_profit")
_ORDER: Final = (
    *(Argument(name, Kind.FLOAT, "") for name in SIZES),
    *(Argument(name, Kind.FLOAT, _NO_PRICE, price=True) for name in _PRICES),
    Argument("time_in_force", Kind.INT, "0"),
    Argument("group", Kind.INT, "0"),
    Argument("asset", Kind.INT, "0"),
)
_ASSET: Final = Argument("asset", Kind.INT, "0")
_RECORD: Final = "row__(book__.assets, the_asset__(book__, {asset}))"


def _order(side: int) -> Method:
    text = (
        f"order__(book__, {{asset}}, {side}, {{sizing}}, {{size}}, "
        "{limit}, {stop}, {stop_loss}, {take_profit}, {time_in_force}, {group})"
    )
    return Method(_ORDER, text, Kind.INT)


def _move(purpose: int) -> Method:
    arguments = (Argument("order", Kind.INT), Argument("price", Kind.FLOAT, price=True))
    return Method(arguments, f"move__(book__, {{order}}, {purpose}, {{price}})", Kind.BOOL)


MARKET_ORDERS: Final = {
    "buy": Method(_ORDER, "market_order__(book__, {asset}, 1, {size})", Kind.INT),
    "sell": Method(_ORDER, "market_order__(book__, {asset}, -1, {size})", Kind.INT),
}
"""What stands for an order of which only the quantity is told."""

METHODS: Final[dict[str, Method]] = {
    "buy": _order(1),
    "sell": _order(-1),
    "close": Method((_ASSET,), "close_position__(book__, the_asset__(book__, {asset}))", Kind.INT),
    "cancel": Method((Argument("order", Kind.INT),), "cancel_order__(book__, {order})", Kind.BOOL),
    "cancel_all": Method((_ASSET,), "cancel_asset__(book__, the_asset__(book__, {asset}), False)", Kind.NONE),
    "position_of": Method((Argument("asset", Kind.INT),), f"{_RECORD}.units", Kind.FLOAT),
    "last_price": Method((_ASSET,), f"{_RECORD}.last", Kind.INT),
    "add_target": Method(
        (Argument("order", Kind.INT), Argument("price", Kind.FLOAT, price=True), Argument("share", Kind.FLOAT)),
        "add_target__(book__, {order}, {price}, {share})",
        Kind.INT,
    ),
    "move_stop": _move(STOP_LOSS),
    "move_target": _move(TAKE_PROFIT),
    "signal": Method(
        (
            Argument("name", Kind.INT, text=True),
            Argument("direction", Kind.INT),
            Argument("strength", Kind.FLOAT, "math__.nan"),
            _ASSET,
        ),
        "note_signal__(book__, {name}, {direction}, {strength}, the_asset__(book__, {asset}))",
        Kind.NONE,
    ),
    "warn": Method((Argument("message", Kind.INT, text=True),), "note_warning__(book__, {message})", Kind.NONE),
}
