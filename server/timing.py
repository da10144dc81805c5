"""Counts how long things take."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

BOUNDS_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Timing:
    """A histogram of durations in seconds; noting one costs less than a microsecond."""

    def __init__(self, bounds: Sequence[float] = BOUNDS_S) -> None:
        """`bounds`: upper ones of its buckets, rising; what exceeds them all has a bucket of its own."""
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self.total_s = 0.0

    def note(self, seconds: float) -> None:
        """One more took so long."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self.total_s += seconds

    @property
    def count(self) -> int:
        """How many were noted."""
        return sum(self._counts)

    def up_to(self) -> list[tuple[float, int]]:
        """How many took at most each bound; the last bound is infinite."""
        return list(zip((*self._bounds, float("inf")), accumulate(self._counts), strict=True))
