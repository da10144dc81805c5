"""Which run is next: a bounded queue by priority, then by order of submission."""

from bisect import bisect_left, insort
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from server.contract.problems import ForgeError
from server.contract.requests import Priority

_RANK: Final[dict[Priority, int]] = {"high": 0, "normal": 1, "low": 2}

Entry = TypeVar("Entry")


class RunQueue(Generic[Entry]):
    """Holds at most `limit` runs, those reserved for included; beyond that ForgeError `queue_full`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._order: list[tuple[int, int]] = []
        self._entries: dict[tuple[int, int], tuple[str, Entry]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._reserved = 0
        self._next = 0

    def __len__(self) -> int:
        return len(self._order)

    @property
    def limit(self) -> int:
        """How many runs may wait."""
        return self._limit

    def reserve(self) -> None:
        """Takes a place before the run is stored, so that concurrent submissions cannot overfill the queue."""
        if len(self._order) + self._reserved >= self._limit:
            raise ForgeError("queue_full", f"{self._limit} runs wait already; try again later.", retry_after_s=5)
        self._reserved += 1

    def release(self) -> None:
        """Gives back a reserved place."""
        self._reserved -= 1

    def push(self, run_key: str, entry: Entry, priority: Priority) -> None:
        """Puts a run behind those of its priority; a run that waits already keeps its place."""
        if run_key in self._places:
            return
        place = (_RANK[priority], self._next)
        self._next += 1
        insort(self._order, place)
        self._entries[place] = (run_key, entry)
        self._places[run_key] = place

    def remove(self, run_key: str) -> bool:
        """Takes a run out; False when it did not wait."""
        place = self._places.pop(run_key, None)
        if place is None:
            return False
        del self._entries[place]
        self._order.pop(bisect_left(self._order, place))
        return True

    def position(self, run_key: str) -> int | None:
        """1 for the next run to start; None when it does not wait."""
        place = self._places.get(run_key)
        return None if place is None else bisect_left(self._order, place) + 1

    def first(self, wanted: Callable[[Entry], bool]) -> Entry | None:
        """The next run that is wanted, left in its place."""
        for place in self._order:
            entry = self._entries[place][1]
            if wanted(entry):
                return entry
        return None
