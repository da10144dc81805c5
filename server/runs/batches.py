"""An agenda of trials that are named batch by batch, since what comes next may depend on what came before."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from server.optimization.search import BATCH, Values
from server.runs.agenda import Ended, Ints, Taken
from server.runs.chunks import Range
from server.runs.stopping import Stopping


class Source(Protocol):
    """Names the sets to run, as `Search` does."""

    def ask(self, count: int) -> list[int]: ...
    def tell(self, sets: Sequence[int], values: Sequence[Values]) -> None: ...


class Listed:
    """Names sets in an order that is known from the beginning: as in `visits`, without them as they are numbered."""

    def __init__(self, total: int, visits: Ints | None) -> None:
        self._visits = visits
        self._left = range(total)

    def ask(self, count: int) -> list[int]:
        """The next sets; fewer where there are no more."""
        named, self._left = self._left[:count], self._left[count:]
        if self._visits is None:
            return list(named)
        sets: list[int] = self._visits[named.start : named.stop].tolist()
        return sets

    def tell(self, sets: Sequence[int], values: Sequence[Values]) -> None:
        """Changes nothing."""


class Batched:
    """Trials are numbered as a source names them: two batches ahead, so that no worker waits for it to think.

    The answers of a batch are told in the order of its trials, once all of them are there and always before the
    batch after the next is asked for: what is asked, and when it is enough, never depends on who was faster.
    """

    def __init__(
        self, total: int, source: Source, stored: Ints, stopping: Stopping, *, largest_batch: int = BATCH
    ) -> None:
        """`stored`: the sets that are finished already, rising. Each batch is twice the one before, up to the largest:
        what is run in vain once it is enough stays in proportion to what was run before."""
        self.cuts = None
        self._total = total
        self._source = source
        self._stored = stored
        self._stopping = stopping
        self._largest = largest_batch
        self._size = min(BATCH, largest_batch)
        self._sets: list[int] = []
        self._run: list[int] = []
        self._batches: deque[range] = deque()
        self._ended: dict[int, Ended] = {}

    @property
    def ends(self) -> Sequence[int]:
        """As of Agenda."""
        return [len(self._run)]

    @property
    def stop_reason(self) -> str | None:
        """As of Agenda."""
        return self._stopping.reason

    def numbers(self, part: Range) -> list[int]:
        """As of Agenda."""
        return self._run[part.first : part.stop]

    def picks(self, part: Range) -> list[int]:
        """As of Agenda."""
        return [self._sets[number] for number in self.numbers(part)]

    def ended(self, trials: Iterable[tuple[int, Ended]]) -> Taken | None:
        """As of Agenda; with nothing the first batches are asked for."""
        self._ended |= dict(trials)
        taken: list[int] = []
        while self._advanced():
            batch = self._batches[-1]
            finished = self._finished([self._sets[number] for number in batch])
            taken += [number for number, there in zip(batch, finished, strict=True) if there]
            self._run += [number for number, there in zip(batch, finished, strict=True) if not there]
            if taken:
                break  # what those came to has to be told first
        if not taken:
            return None
        return Taken(np.array(taken), np.array([self._sets[number] for number in taken]))

    def _advanced(self) -> bool:
        """Asks for one more batch where it is time; whether there is one."""
        if len(self._batches) == 2:
            if not all(number in self._ended for number in self._batches[0]):
                return False
            self._tell(self._batches.popleft())
        if self._stopping.reason is not None:
            return False
        asked = self._source.ask(min(self._size, self._total - len(self._sets)))
        if not asked:
            return False
        self._size = min(2 * self._size, self._largest)
        self._batches.append(range(len(self._sets), len(self._sets) + len(asked)))
        self._sets += asked
        return True

    def _tell(self, batch: range) -> None:
        ended = [self._ended.pop(number) for number in batch]
        self._source.tell([self._sets[number] for number in batch], [one.told for one in ended])
        self._stopping.count(one.value for one in ended)

    def _finished(self, sets: Sequence[int]) -> list[bool]:
        found: list[bool] = np.isin(np.array(sets), self._stored).tolist()
        return found
