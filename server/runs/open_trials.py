"""The trials of a sweep that are still to be run, counted without the gaps that finished ones leave."""

import numpy as np
import numpy.typing as npt

from server.runs.chunks import Range


class OpenTrials:
    """The trials of `[0, total)` that are not `done`; place `p` is the p-th of them.

    However scattered the finished ones are, chunks are ranges of places and as long as they should be.
    """

    def __init__(self, total: int, done: npt.NDArray[np.int64]) -> None:
        """`done`: (n,) int64, strictly rising, within `[0, total)`."""
        before = np.concatenate([np.array([-1]), done])
        after = np.concatenate([done, np.array([total])])
        lengths = after - before - 1
        self._firsts = (before + 1)[lengths > 0]
        lengths = lengths[lengths > 0]
        self._places = np.cumsum(lengths) - lengths
        self._count = int(lengths.sum())

    def __len__(self) -> int:
        return self._count

    def before(self, number: int) -> int:
        """At how many places are trials below a number."""
        gap = int(np.searchsorted(self._firsts, number, side="right")) - 1
        if gap < 0:
            return 0
        end = int(self._places[gap + 1]) if gap + 1 < len(self._places) else self._count
        return min(int(self._places[gap]) + number - int(self._firsts[gap]), end)

    def number(self, place: int) -> int:
        """Which trial is at this place."""
        return int(self._numbers(np.array([place]))[0])

    def numbers(self, part: Range) -> list[int]:
        """The trials at the places of a part."""
        listed: list[int] = self._numbers(np.arange(part.first, part.stop)).tolist()
        return listed

    def _numbers(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        gap = np.searchsorted(self._places, places, side="right") - 1
        numbers: npt.NDArray[np.int64] = self._firsts[gap] + places - self._places[gap]
        return numbers
