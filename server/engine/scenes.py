"""The bars of a stretch of rows, instant by instant, for whoever tells of them afterwards."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from server.engine.feed import deliver
from server.engine.player import Stage
from server.engine.timeline import Timeline
from server.strategies.types import Bar


class Scene(NamedTuple):
    """The bars that are complete at one instant, in the order of their series; `row` is that of the first."""

    row: int
    bars: tuple[Bar, ...]

    @property
    def stop(self) -> int:
        """The first row of the next scene."""
        return self.row + len(self.bars)


def scenes_of(stage: Stage, start: int, stop: int) -> Iterator[Scene]:
    """The rows `[start, stop)` of a run; of one series alone each bar is a scene. `Bar.i` counts from 0 anew."""
    if stage.timeline is not None:
        yield from _of_several(stage, stage.timeline, start, stop)
        return
    for row, bar in enumerate(deliver(stage.bars(0), start, stop), start):
        yield Scene(row, (bar,))


def _of_several(stage: Stage, timeline: Timeline, start: int, stop: int) -> Iterator[Scene]:
    if start == stop:
        return
    numbers, at = timeline.series[start:stop], timeline.bar[start:stop]
    feeds: dict[int, Iterator[Bar]] = {}
    for number in np.unique(numbers).tolist():
        own = at[numbers == number]  # bars of one series follow each other
        asset = stage.market.asset_of[number]
        feeds[number] = deliver(stage.bars(number), int(own[0]), int(own[-1]) + 1, asset=asset, feed=number)
    first, last = np.searchsorted(timeline.starts, (start + 1, stop))
    edges = [start, *timeline.starts[first:last].tolist(), stop]
    order = iter(numbers.tolist())
    for row, end in pairwise(edges):
        yield Scene(row, tuple(next(feeds[next(order)]) for _ in range(row, end)))
