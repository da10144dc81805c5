"""Several aims at once: which trials are beaten by no other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from server.contract.requests import Objective
from server.contract.results import METRIC_NAMES
from server.optimization.ranking import Ranking

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def objective_values(metrics: Floats, objectives: Sequence[Objective], ranking: Ranking) -> Floats:
    """(n, objectives) what trials come to; NaN in a whole row where one is undefined or a bound is missed.

    `metrics`: (n, metrics) in the order of METRIC_NAMES. Without objectives it is what the trials are ranked by.
    """
    if objectives:
        values = metrics[:, [METRIC_NAMES.index(one.metric) for one in objectives]].copy()
    else:
        values = ranking.values_of(metrics)[:, None].copy()
    values[np.isnan(values).any(axis=1) | ~ranking.passing(metrics)] = np.nan
    return values


def front(values: Floats, objectives: Sequence[Objective]) -> Bools:
    """Which rows of `values` (n, objectives) no other beats: is as good in all and better in one. None with a NaN."""
    signs = np.array([1.0 if one.direction == "max" else -1.0 for one in objectives])
    scores = values * signs
    open_rows = np.flatnonzero(~np.isnan(scores).any(axis=1))
    best = np.zeros(len(values), dtype=bool)
    # best first in the sum: what is beaten is mostly beaten by one of the first
    for row in open_rows[np.argsort(-scores[open_rows].sum(axis=1), kind="stable")]:
        kept = scores[best]
        beaten = ((kept >= scores[row]).all(axis=1) & (kept > scores[row]).any(axis=1)).any()
        if not beaten:
            best[row] = True
    return best
