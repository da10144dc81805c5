"""When things are due: which runs of a connection can be told now, how many frames a client may send."""

import heapq
from collections import OrderedDict


class FrameBudget:
    """A token bucket: `rate` frames a second with bursts of `burst`."""

    __slots__ = ("_burst", "_left", "_rate", "_seen")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._seen = now

    def spend(self, now: float) -> bool:
        """Counts one frame; False when it is one too many."""
        self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Agenda:
    """The runs that have something to tell: now, in the order of asking, or from a certain time on."""

    __slots__ = ("_due", "_heap", "_ready")

    def __init__(self) -> None:
        self._ready: OrderedDict[str, None] = OrderedDict()
        self._due: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def add(self, run_key: str, due: float, now: float) -> bool:
        """Puts a run down; one that stands there for an earlier time stays as it is (False)."""
        if run_key in self._ready:
            return False
        if due <= now:
            self._due.pop(run_key, None)
            self._ready[run_key] = None
            return True
        if self._due.get(run_key, due + 1) <= due:
            return False
        self._due[run_key] = due
        heapq.heappush(self._heap, (due, run_key))
        return True

    def discard(self, run_key: str) -> None:
        """Takes a run off."""
        self._ready.pop(run_key, None)
        self._due.pop(run_key, None)

    def pop(self, now: float) -> str | None:
        """The next run that is due; None when none is."""
        self._release(now)
        if not self._ready:
            return None
        return self._ready.popitem(last=False)[0]

    def next_due(self) -> float | None:
        """When the next run is due: a time that has passed when one is already, None when there is nothing."""
        if self._ready:
            return 0.0
        self._forget_stale()
        return self._heap[0][0] if self._heap else None

    def _release(self, now: float) -> None:
        self._forget_stale()
        while self._heap and self._heap[0][0] <= now:
            run_key = heapq.heappop(self._heap)[1]
            del self._due[run_key]
            self._ready[run_key] = None
            self._forget_stale()

    def _forget_stale(self) -> None:
        # Entries whose run was told earlier, or left, are found out when they come to the top.
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
