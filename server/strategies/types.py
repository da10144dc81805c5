"""What a strategy is handed: a bar, the open of one, a fill."""

from typing import NamedTuple


class Bar(NamedTuple):
    """A complete bar; prices in ticks, volume in lots, `time` its open in ms since the epoch.

    `i` counts the bars of its series from 0; `feed` is the number of that series among the run's, 0 for the main one,
    `asset` that of its asset: one asset may have bars of several lengths.
    """

    i: int
    asset: int
    time: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    feed: int = 0


class Open(NamedTuple):
    """A bar of which only the open is known; the price in ticks, `time` in ms since the epoch."""

    i: int
    asset: int
    time: int
    open: int


class Fill(NamedTuple):
    """An executed order: `quantity` in units (below 0 for a sale), `price` in ticks, `commission` in quote currency.

    `position` is what is held afterwards, in units.
    """

    order: int
    asset: int
    quantity: float
    price: int
    commission: float
    position: float
