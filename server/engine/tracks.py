"""The bars that each asset's orders were matched against, by the rows of a run."""

from typing import NamedTuple

import numpy as np

from server.engine.feed import TS
from server.engine.player import Int64s, Stage


class Track(NamedTuple):
    """`bars`: (6, n) int64, those of the asset's matched series that were played.

    `rows`: the row of each, rising; None where rows are bars.
    """

    bars: Int64s
    rows: Int64s | None

    def bar_at(self, rows: Int64s) -> Int64s:
        """The number of the asset's newest bar at each of these rows."""
        return rows if self.rows is None else np.searchsorted(self.rows, rows, side="right") - 1

    def opens_at(self, rows: Int64s) -> Int64s:
        """The open of that bar in ms."""
        opens: Int64s = self.bars[TS, self.bar_at(rows)]
        return opens


def tracks_of(stage: Stage, done: int) -> list[Track]:
    """A track for each asset of the market, as far as the first `done` rows."""
    if stage.timeline is None:
        return [Track(stage.bars(0)[:, :done], None)]
    numbers = stage.timeline.series[:done]
    market = stage.market
    matched = [number for number, is_matched in enumerate(market.matched) if is_matched]
    tracks = []
    for number in sorted(matched, key=market.asset_of.__getitem__):
        rows = np.flatnonzero(numbers == number)
        tracks.append(Track(stage.bars(number)[:, : len(rows)], rows))
    return tracks
