"""Runs that were loaded lately: a status that is asked for again and again costs no query."""

from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, NamedTuple

from server.store.port import StoredRun

KEPT: Final = 256


class Change(NamedTuple):
    """A write that concerns a run: `begin` when it is queued, `end` when it is committed or has failed."""

    begin: Callable[[], None]
    end: Callable[[], None]


class RecentRuns:
    """What was loaded and has not changed since. One process writes the store, so every change is told here."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._runs: OrderedDict[str, StoredRun] = OrderedDict()
        self._changing: Counter[str] = Counter()
        self._changes = 0

    def change(self, run_key: str) -> Change:
        """What the writer of a change to this run has to tell."""
        return Change(partial(self._begin, run_key), partial(self._end, run_key))

    def _begin(self, run_key: str) -> None:
        self._changing[run_key] += 1
        self._runs.pop(run_key, None)

    def _end(self, run_key: str) -> None:
        self._changes += 1
        self._changing[run_key] -= 1
        if not self._changing[run_key]:
            del self._changing[run_key]

    async def load(self, run_key: str, read: Callable[[], Awaitable[StoredRun | None]]) -> StoredRun | None:
        """The run as it was read last, or as `read` finds it now."""
        known = self._runs.get(run_key)
        if known is not None:
            self._runs.move_to_end(run_key)
            return known
        before = self._changes
        found = await read()
        # A change that was committed while this was read may or may not be in it: then it is not to be kept.
        if found is not None and before == self._changes and run_key not in self._changing:
            self._runs[run_key] = found
            if len(self._runs) > self._kept:
                self._runs.popitem(last=False)
        return found
