"""Cuts a sweep into chunks that take about as long as they should, and cuts again around what kills a worker."""

from collections import deque
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

TARGET_S: Final = 0.5
_LEAST: Final = 0.2
"""The shortest chunks, as a part of those that take as long as they should."""
_FIRST_CHUNK_BARS: Final = 100_000
_GROWTH: Final = 4
_LARGEST: Final = 16_384
_MEMORY: Final = 0.5
"""Weight of the newest chunk in the smoothed rate."""
DEATHS_TO_FAIL: Final = 2
"""A trial that was alone in this many chunks that died is failed itself."""


Places = npt.NDArray[np.int64]


class Range(NamedTuple):
    """The trials `[first, stop)`."""

    first: int
    stop: int

    @property
    def size(self) -> int:
        """How many trials."""
        return self.stop - self.first


class ChunkPlan:
    """Hands out every place that it knows exactly once, a dead chunk's again in parts."""

    def __init__(
        self, *, bars_per_trial: int, slots: int, cuts: Places | None = None, chunk_s: float = TARGET_S
    ) -> None:
        """`chunk_s`: how long a chunk should take. `cuts`: the places, rising, where chunks end, so that what is
        between two of them stays together; None: all.

        Only chunks that ended early or died are cut elsewhere.
        """
        self._open: deque[Range] = deque()
        self._known = 0
        self._again: deque[Range] = deque()
        self._deaths: dict[int, int] = {}
        self._slots = slots
        self._chunk_s = chunk_s
        self._cuts = cuts
        self._rate: float | None = None
        self._least = 1
        self._size = max(1, min(64, _FIRST_CHUNK_BARS // max(1, bars_per_trial)))

    def resize(self, slots: int) -> None:
        """There are so many workers now."""
        self._slots = slots

    def extend(self, places: int) -> None:
        """There are so many places now."""
        if places > self._known:
            self._open.append(Range(self._known, places))
            self._known = places

    @property
    def remaining(self) -> int:
        """Trials that are not handed out."""
        return sum(part.size for part in self._open) + sum(part.size for part in self._again)

    def next(self) -> Range | None:
        """The next chunk, None when all are handed out."""
        source = self._again or self._open
        if not source:
            return None
        part = source.popleft()
        # Towards the end smaller chunks, so that the workers finish together; but none that costs more than it does.
        share = -(-self.remaining_with(part) // (2 * self._slots))
        size = self._cut(part, max(1, min(self._size, max(share, self._least))))
        if part.size > size:
            source.appendleft(Range(part.first + size, part.stop))
            part = Range(part.first, part.first + size)
        return part

    def _cut(self, part: Range, size: int) -> int:
        """The largest size up to this one that ends at a cut, else the smallest over it."""
        if self._cuts is None or size >= part.size:
            return size
        place = int(np.searchsorted(self._cuts, part.first + size, side="right"))
        if place and self._cuts[place - 1] > part.first:
            return int(self._cuts[place - 1]) - part.first
        return int(self._cuts[place]) - part.first if place < len(self._cuts) else size

    def remaining_with(self, part: Range) -> int:
        """Trials that are not handed out when `part` is not either."""
        return self.remaining + part.size

    def finished(self, part: Range, trials: int, elapsed_s: float) -> None:
        """The first `trials` of a chunk were done in `elapsed_s`; the rest of it is handed out again."""
        if trials < part.size:
            self._again.append(Range(part.first + trials, part.stop))
        if trials == 0:
            return
        rate = trials / max(elapsed_s, 1e-6)
        self._rate = rate if self._rate is None else self._rate + _MEMORY * (rate - self._rate)
        self._size = max(1, min(int(self._rate * self._chunk_s), self._size * _GROWTH, _LARGEST))
        self._least = min(self._size, max(1, int(self._rate * self._chunk_s * _LEAST)))

    def died(self, part: Range) -> int | None:
        """A chunk ended with its worker: its halves are tried again; a lone trial is given up, and returned."""
        if part.size > 1:
            middle = part.first + part.size // 2
            self._again.extend((Range(part.first, middle), Range(middle, part.stop)))
            return None
        deaths = self._deaths[part.first] = self._deaths.get(part.first, 0) + 1
        if deaths >= DEATHS_TO_FAIL:
            return part.first
        self._again.append(part)
        return None
