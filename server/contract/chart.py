"""The bars of a run as charts draw them."""

from server.contract.base import Model
from server.contract.results import OrderSide


class Marker(Model, frozen=True, kw_only=True):
    """A fill, or the fills of one side within one row: their quantity, their average price; `ts` ms since the epoch."""

    ts: int
    side: OrderSide
    price: float
    quantity: float


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
