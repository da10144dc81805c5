"""Which trials a sweep still has to run, and what set each of them is."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from server.optimization.search import Values
from server.runs.chunks import Range
from server.runs.open_trials import OpenTrials

Ints = npt.NDArray[np.int64]


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
