"""The best trial of each window of a walk-forward optimization."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from server.contract.base import ParamValue
from server.contract.results import METRIC_NAMES
from server.engine.tables import TRIAL_STATUSES
from server.optimization.leaders import larger_leads
from server.optimization.ranking import Ranking
from server.store.trial_files import Chunk

_NET_PROFIT: Final = METRIC_NAMES.index("netProfit")
_COMPLETED: Final = TRIAL_STATUSES.index("Completed")


class Choice(NamedTuple):
    """A trial, what it is chosen by, and what it earned; of two the one with the smaller `rank` is better."""

    rank: tuple[float, int]
    value: float
    profit: float
    parameters: dict[str, ParamValue]


def choose(chunks: Iterator[Chunk], ranking: Ranking, trials_a_window: int) -> dict[int, Choice]:
    """The best trial of each window that has one: that may lead and whose value is defined, of equals the first.

    `ranking` by what the windows choose; trial `i` is of window `i // trials_a_window`.
    """
    best: dict[int, Choice] = {}
    for chunk in chunks:
        for window, found in _best(chunk, ranking, trials_a_window).items():
            known = best.get(window)
            if known is None or found.rank < known.rank:
                best[window] = found
    return best


def _best(chunk: Chunk, ranking: Ranking, trials_a_window: int) -> Mapping[int, Choice]:
    values = ranking.values_of(chunk.metrics)
    costs = -values if larger_leads(ranking.sort_by) else values
    windows = chunk.index // trials_a_window
    rows = np.flatnonzero((chunk.status == _COMPLETED) & ranking.passing(chunk.metrics) & ~np.isnan(values))
    rows = rows[np.lexsort((chunk.index[rows], costs[rows], windows[rows]))]
    firsts = rows[np.unique(windows[rows], return_index=True)[1]]
    return {
        int(windows[row]): Choice(
            rank=(float(costs[row]), int(chunk.index[row])),
            value=float(values[row]),
            profit=float(chunk.metrics[row, _NET_PROFIT]),
            parameters={name: column[row].item() for name, column in chunk.parameters.items()},
        )
        for row in firsts.tolist()
    }
