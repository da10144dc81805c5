"""Finds out at what times of the week a market rests, by the bars that there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from server.data.bars import Int64s

WEEK_MS: Final = 7 * 86_400_000
_LEAST_WEEKS: Final = 4
_USUAL: Final = 0.75
"""Of the weeks. What summer time moves has a bar in a third or in two thirds of them, and is not waited for."""
_RARE: Final = 0.1
_MOST: Final = 0.5


@dataclass(frozen=True)
class Hours:
    """The places of a week, one every time frame, at which a bar is due; numbered from the beginning of the epoch on.

    `before[k]` of the first `k` places of two weeks are due.
    """

    due: npt.NDArray[np.bool_]
    before: Int64s

    def count(self, first: Int64s, places: Int64s) -> Int64s:
        """How many bars are due in so many places from the number `first` on."""
        weeks, rest = np.divmod(places, len(self.due))
        start = first % len(self.due)
        found: Int64s = weeks * self.before[len(self.due)] + self.before[start + rest] - self.before[start]
        return found

    def trimmed(self, first: int, last: int) -> tuple[int, int]:
        """The first and the last number from `first` to `last` where a bar is due; there has to be one."""
        ahead = int(np.argmax(np.roll(self.due, -first % len(self.due))))
        behind = int(np.argmax(np.roll(self.due, -(last + 1) % len(self.due))[::-1]))
        return first + ahead, last - behind


def hours_of(pieces: Iterable[Int64s], frame_ms: int) -> Hours | None:
    """The hours of a series of strictly rising times in ms; None where it has bars all week, or tells no hours.

    A place of the week is one of its hours when three weeks of four have a bar there. Series of fewer than four weeks
    tell none, nor do those of which hardly any place is empty, or whose bars come at any time.
    """
    places = WEEK_MS // frame_ms
    if WEEK_MS % frame_ms or places < 2:
        return None
    counts = np.zeros(places, dtype=np.int64)
    weeks = 0
    last: int | None = None
    for ts_ms in pieces:
        numbers = ts_ms // frame_ms
        before = int(numbers[0]) - places if last is None else last
        counts += np.bincount(numbers[np.diff(numbers, prepend=before) > 0] % places, minlength=places)
        weeks += int((np.diff(numbers // places, prepend=before // places) > 0).sum())
        last = int(numbers[-1])
    due = counts >= _USUAL * weeks
    rests = weeks >= _LEAST_WEEKS and bool((counts < _RARE * weeks).any())
    if not rests or counts[due].sum() < _MOST * counts.sum():
        return None
    return Hours(due, np.concatenate(([0], np.cumsum(np.tile(due, 2)))))
