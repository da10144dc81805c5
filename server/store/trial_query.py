"""Which trials of an attempt are wanted, and in which order."""

from typing import NamedTuple

from server.contract.results import TrialStatus


class TrialQuery(NamedTuple):
    """`sort`: a metric, a parameter, fitness, index or durationMs, falling with a leading `-`.

    Undefined values come last. `bounds`: metrics with the least that each has to be, which undefined ones are not.
    """

    sort: str = "index"
    status: TrialStatus | None = None
    bounds: tuple[tuple[str, float], ...] = ()
