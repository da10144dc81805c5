"""Which trials lead, and since when."""

import bisect
import difflib
from collections.abc import Iterable
from typing import Final

from server.contract.base import Model
from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES
from server.contract.run import Leader

FITNESS: Final = "fitness"
KEPT: Final = 10

_SMALLER_IS_BETTER: Final = frozenset(
    {
        "annualVolatilityPct",
        "commissions",
        "maxDrawdownBars",
        "exposurePct",
        "turnover",
        "longestLosingStreak",
    }
)
"""Of all other metrics the larger value leads: drawdowns, gross loss and average loss are ≤ 0."""


def check_sort(sort_by: str, path: str = "sortBy") -> None:
    """InvalidRequest at `path` when `sort_by` names neither a metric nor `fitness`."""
    if sort_by != FITNESS:
        check_metric(sort_by, path, FITNESS)


def check_metric(name: str, path: str, *others: str) -> None:
    """InvalidRequest at `path` when `name` is no metric; `others` it could have been."""
    known = (*others, *METRIC_NAMES)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" (did you mean {close[0]}?)" if close else f"; there are {', '.join(known)}"
        raise InvalidRequest("invalid_request", path, f"{name[:100]!r} is no metric{hint}")


def larger_leads(sort_by: str) -> bool:
    """Whether the larger value of a metric, or of `fitness`, is the better one."""
    return sort_by not in _SMALLER_IS_BETTER


class Ranked(Model, frozen=True):
    """A leading trial with its index in the sweep."""

    index: int
    leader: Leader


class Leaderboard:
    """The ten best of the trials that were offered, the best first; equals by index, undefined values last."""

    def __init__(self, sort_by: str) -> None:
        self._sign = -1.0 if larger_leads(sort_by) else 1.0
        self._ranks: list[tuple[bool, float, int]] = []
        self._leaders: list[Ranked] = []

    @property
    def top(self) -> list[Ranked]:
        """The best trials."""
        return list(self._leaders)

    @property
    def best_index(self) -> int | None:
        """The index of the best trial."""
        return self._ranks[0][2] if self._ranks else None

    def offer(self, trial: Ranked) -> bool:
        """Takes one trial into account; whether it is the best now. Offering the same one again changes nothing."""
        value = trial.leader.value
        rank = (value is None, 0.0 if value is None else self._sign * value, trial.index)
        place = bisect.bisect_left(self._ranks, rank)
        if place == KEPT or (place < len(self._ranks) and self._ranks[place] == rank):
            return False
        self._ranks.insert(place, rank)
        self._leaders.insert(place, trial)
        del self._ranks[KEPT:], self._leaders[KEPT:]
        return place == 0


class Standings:
    """The leaders of a whole space, put together from those of its chunks in whatever order they end."""

    def __init__(self, sort_by: str) -> None:
        self._board = Leaderboard(sort_by)
        self._stagnation = 0

    @property
    def top(self) -> list[Leader]:
        """The ten best trials of all chunks, the best first."""
        return [trial.leader for trial in self._board.top]

    @property
    def best(self) -> Leader | None:
        """The best trial of all chunks."""
        return next(iter(self.top), None)

    @property
    def stagnation(self) -> int:
        """How many trials have ended since the best one did."""
        return self._stagnation

    def add_chunk(self, top: Iterable[Ranked], stop: int, ended: int) -> None:
        """`top` of the chunk, the index behind its last ended trial, and how many of its trials ended."""
        improved = False
        for trial in top:
            improved |= self._board.offer(trial)
        best = self._board.best_index
        self._stagnation = stop - 1 - best if improved and best is not None else self._stagnation + ended
