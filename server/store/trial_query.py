"""Which trials of an attempt are wanted, and in which order."""

from typing import Any, NamedTuple

from msgspec import to_builtins

from server.contract.requests import Filters
from server.contract.results import TrialStatus


class TrialQuery(NamedTuple):
    """`sort`: a metric, a parameter, fitness, index or durationMs, falling with a leading `-`.

    Undefined values come last. `filters`: only completed trials that keep these bounds.
    """

    sort: str = "index"
    status: TrialStatus | None = None
    filters: Filters = Filters()

    @property
    def binding(self) -> list[Any]:
        """What a cursor is bound to besides the attempt."""
        return [self.sort, self.status, to_builtins(self.filters)]
