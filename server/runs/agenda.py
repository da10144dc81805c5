"""Which trials a sweep still has to run, and what set each of them is."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from server.optimization.conditions import read_conditions
from server.optimization.equivalents import Groups
from server.optimization.leaders import larger_leads
from server.optimization.search import BATCH, LEARNING, Search, Values
from server.optimization.selection import selected
from server.optimization.visits import visits_of
from server.runs.chunks import Range
from server.runs.open_trials import OpenTrials
from server.runs.sweep_messages import SweepPlan

Ints = npt.NDArray[np.int64]


class Taken(NamedTuple):
    """Trials `numbers` (rising) that are finished already, and the sets that they are."""

    numbers: Ints
    sets: Ints


class Agenda(Protocol):
    """Places of trials that are to be run, from 0 on; chunks are ranges of them."""

    @property
    def places(self) -> int:
        """How many are known as yet."""
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

    def ended(self, values: Iterable[tuple[int, Values]]) -> Taken | None:
        """What trials came to, by their numbers: there may be more places now, and some that need not be run."""
        ...


class Fixed:
    """All trials are known from the beginning: trial i is the set `visits[i]`, without `visits` the set i."""

    def __init__(self, total: int, visits: Ints | None, stored: Ints, groups: Ints | None = None) -> None:
        """`stored`: the sets that are finished already, rising; `groups`: that of each trial, rising, where equivalent
        sets are to stay together.
        """
        self._visits = visits
        numbers = stored if visits is None else np.flatnonzero(np.isin(visits, stored))
        self._taken: Taken | None = Taken(numbers, stored if visits is None else visits[numbers])
        self._open = OpenTrials(total, numbers)
        self._plain = visits is None and not len(numbers)
        self.cuts = None if groups is None else _ends(np.delete(groups, numbers))

    @property
    def places(self) -> int:
        """As of Agenda."""
        return len(self._open)

    def numbers(self, part: Range) -> list[int] | None:
        """As of Agenda."""
        return None if self._plain else self._open.numbers(part)

    def picks(self, part: Range) -> list[int] | None:
        """As of Agenda."""
        if self._visits is None:
            return None
        picks: list[int] = self._visits[self._open.numbers(part)].tolist()
        return picks

    def ended(self, values: Iterable[tuple[int, Values]]) -> Taken | None:
        """The trials that are finished already, when first asked; nothing that others come to changes what is run."""
        taken, self._taken = self._taken, None
        return taken if taken is not None and len(taken.numbers) else None


def _ends(groups: Ints) -> Ints:
    """The places where a group ends."""
    ends: Ints = np.flatnonzero(np.diff(groups, append=-1)) + 1
    return ends


class Learned:
    """Trials are numbered as a search asks for them: two batches ahead, so that no worker waits for it to think.

    The answers of a batch are told in the order of its trials, once all of them are there and always before the
    batch after the next is asked for: what is asked never depends on who was faster.
    """

    def __init__(self, total: int, search: Search, stored: Ints) -> None:
        self.cuts = None
        self._total = total
        self._search = search
        self._stored = stored
        self._sets: list[int] = []
        self._run: list[int] = []
        self._batches: deque[range] = deque()
        self._values: dict[int, Values] = {}

    @property
    def places(self) -> int:
        """As of Agenda."""
        return len(self._run)

    def numbers(self, part: Range) -> list[int]:
        """As of Agenda."""
        return self._run[part.first : part.stop]

    def picks(self, part: Range) -> list[int]:
        """As of Agenda."""
        return [self._sets[number] for number in self.numbers(part)]

    def ended(self, values: Iterable[tuple[int, Values]]) -> Taken | None:
        """As of Agenda; with nothing the first batches are asked for."""
        self._values |= dict(values)
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
            oldest = self._batches[0]
            if not all(number in self._values for number in oldest):
                return False
            self._search.tell(
                [self._sets[number] for number in oldest], [self._values.pop(number) for number in oldest]
            )
            self._batches.popleft()
        asked = self._search.ask(min(BATCH, self._total - len(self._sets)))
        if not asked:
            return False
        self._batches.append(range(len(self._sets), len(self._sets) + len(asked)))
        self._sets += asked
        return True

    def _finished(self, sets: Sequence[int]) -> list[bool]:
        found: list[bool] = np.isin(np.array(sets), self._stored).tolist()
        return found


def agenda_of(plan: SweepPlan, stored: Ints, groups: Groups | None = None) -> Agenda:
    """What a sweep has to run where the sets `stored` (rising) are finished already; `groups` of equivalent ones."""
    if groups is not None:
        return Fixed(plan.total, groups.sets, stored, groups.groups)
    allowed = selected(plan.space, read_conditions(plan.conditions))
    if plan.method not in LEARNING:
        visits = visits_of(plan.method, plan.space, allowed, plan.total, plan.seed)
        return Fixed(plan.total, visits, stored)
    larger = [one.direction == "max" for one in plan.objectives] or [larger_leads(plan.ranking.sort_by)]
    search = Search(plan.method, plan.space, allowed, seed=plan.seed, larger=larger)
    return Learned(plan.total, search, stored)
