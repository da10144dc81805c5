"""The bars of a run as charts draw them."""

from typing import Literal

from server.contract.base import Model
from server.contract.results import OrderSide

FillEffect = Literal["entry", "exit", "turn"]
"""What a fill does to the position: it opens or enlarges it, makes it smaller, or turns it to the other side."""


class Marker(Model, frozen=True, kw_only=True):
    """A fill, or the fills of one side within one row: their quantity, their average price; `ts` ms since the epoch.

    `effect` is None where the fills of a row differ in it.
    """

    ts: int
    side: OrderSide
    price: float
    quantity: float
    effect: FillEffect | None


class Bars(Model, frozen=True, kw_only=True):
    """`rows` of `columns` in their order: `ts` (ms since the epoch) of the first bar in it, prices, volume in units.

    A row holds the bars of `interval` ms, counted from the epoch; `markers` are the fills within the window,
    `indicators` what the strategy plots: a value a row.
    """

    columns: list[str]
    rows: list[tuple[int, float, float, float, float, float]]
    interval: int
    markers: list[Marker]
    indicators: dict[str, list[float | None]]
