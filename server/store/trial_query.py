"""Which trials of an attempt are wanted, and in which order."""

from typing import NamedTuple

from server.contract.results import TrialStatus

Bounds = tuple[tuple[str, float], ...]
"""Metrics with the least that each has to be, which undefined ones are not."""


class TrialQuery(NamedTuple):
    """`sort`: a metric, a parameter, fitness, index or durationMs, falling with a leading `-`.

    Undefined values come last. `bounds`: only completed trials that keep them.
    """

    sort: str = "index"
    status: TrialStatus | None = None
    bounds: Bounds = ()
