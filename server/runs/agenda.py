"""Which trials a sweep still has to run, and what set each of them is."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from server.contract.requests import StopRules
from server.optimization.conditions import read_conditions
from server.optimization.equivalents import Groups
from server.optimization.leaders import larger_leads
from server.optimization.search import BATCH, LEARNING, Search, Values
from server.optimization.selection import selected
from server.optimization.visits import visits_of
from server.runs.chunks import Range
from server.runs.open_trials import OpenTrials
from server.runs.stopping import Stopping
from server.runs.sweep_messages import SweepPlan

Ints = npt.NDArray[np.int64]

_LARGEST_BATCH: Final = 4_096


class Ended(NamedTuple):
    """What a trial came to: what it is ranked by, and what a search is told; None where it failed, or may not lead."""

    value: float | None
    told: Values


LOST: Final = Ended(None, None)
"""A trial that failed."""


class Taken(NamedTuple):
    """Trials `numbers` (rising) that are finished already, and the sets that they are."""

    numbers: Ints
    sets: Ints


class Agenda(Protocol):
    """Places of trials that are to be run, from 0 on; chunks are ranges of them."""

    @property
    def ends(self) -> Sequence[int]:
        """Behind which places no chunk may reach, rising; the last: how many are known as yet."""
        ...

    @property
    def cuts(self) -> Ints | None:
        """The places, rising, where a chunk may end; None: all."""
        ...

    def numbers(self, part: Range) -> list[int] | None:
        """The trials at the places of a part; None where they are the places themselves."""
        ...

    def picks(self, part: Range) -> list[int] | None:
        """The sets that they are; None where they are the trials' own numbers."""
        ...

    def ended(self, trials: Iterable[tuple[int, Ended]]) -> Taken | None:
        """What trials came to, by their numbers: there may be more places now, and some that need not be run."""
        ...

    @property
    def stop_reason(self) -> str | None:
        """Why there will be no more places though trials are left, None where there may be."""
        ...


class Fixed:
    """All trials are known from the beginning: trial i is the set `visits[i]`, without `visits` the set i."""

    def __init__(
        self, total: int, visits: Ints | None, stored: Ints, *, groups: Ints | None = None, windows: int = 1
    ) -> None:
        """`stored`: the sets that are finished already, rising; `groups`: that of each trial, rising, where equivalent
        sets are to stay together; `windows`: equal parts of the trials, in which a chunk stays.
        """
        self._visits = visits
        numbers = stored if visits is None else np.flatnonzero(np.isin(visits, stored))
        self._taken: Taken | None = Taken(numbers, stored if visits is None else visits[numbers])
        self._open = OpenTrials(total, numbers)
        self._plain = visits is None and not len(numbers)
        self._ends = [self._open.before(total * (window + 1) // windows) for window in range(windows)]
        self.cuts = None if groups is None else _ends(np.delete(groups, numbers))

    @property
    def ends(self) -> Sequence[int]:
        """As of Agenda."""
        return self._ends

    def numbers(self, part: Range) -> list[int] | None:
        """As of Agenda."""
        return None if self._plain else self._open.numbers(part)

    def picks(self, part: Range) -> list[int] | None:
        """As of Agenda."""
        if self._visits is None:
            return None
        picks: list[int] = self._visits[self._open.numbers(part)].tolist()
        return picks

    def ended(self, trials: Iterable[tuple[int, Ended]]) -> Taken | None:
        """The trials that are finished already, when first asked; nothing that others come to changes what is run."""
        taken, self._taken = self._taken, None
        return taken if taken is not None and len(taken.numbers) else None

    @property
    def stop_reason(self) -> None:
        """All trials are run."""
        return


def _ends(groups: Ints) -> Ints:
    """The places where a group ends."""
    ends: Ints = np.flatnonzero(np.diff(groups, append=-1)) + 1
    return ends


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


def agenda_of(plan: SweepPlan, stored: Ints, groups: Groups | None = None) -> Agenda:
    """What a sweep has to run where the sets `stored` (rising) are finished already; `groups` of equivalent ones.

    Sets of windows are numbered as by `visits_of`.
    """
    if groups is not None:
        return Fixed(plan.total, groups.sets, stored, groups=groups.groups)
    allowed = selected(plan.space, read_conditions(plan.conditions))
    windows = 1 if plan.windows is None else len(plan.windows.windows)
    stopping = Stopping(plan.stop_rules, plan.ranking.sort_by)
    if plan.method in LEARNING:
        larger = [one.direction == "max" for one in plan.objectives] or [larger_leads(plan.ranking.sort_by)]
        search = Search(plan.method, plan.space, allowed, seed=plan.seed, larger=larger)
        return Batched(plan.total, search, stored, stopping)
    visits = visits_of(plan.method, plan.space, allowed, plan.total, plan.seed, windows=windows)
    if plan.stop_rules == StopRules():
        return Fixed(plan.total, visits, stored, windows=windows)
    return Batched(plan.total, Listed(plan.total, visits), stored, stopping, largest_batch=_largest(plan.stop_rules))


def _largest(rules: StopRules) -> int:
    """No batch is much longer than the patience of the rules."""
    patience = rules.no_improvement_trials
    return _LARGEST_BATCH if patience is UNSET else max(BATCH, min(patience, _LARGEST_BATCH))
