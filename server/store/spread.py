"""Takes an even sample of the trials of an optimization, and counts how the values of a metric are spread."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.optimization.leaders import check_sort, larger_leads
from server.store.trial_set import TrialSet

_FREAKS: Final = 0.005
"""The share of values at either end that may lie beyond the steps."""
_FEWEST_FREAKS: Final = 200
"""With fewer values none is a freak."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class SampleQuery(NamedTuple):
    """The trials with all `metrics` defined, ranked by the first; at most `points` of them, and those `also` named."""

    metrics: Sequence[str]
    points: int
    also: Collection[str] = ()


def check_metrics(metrics: Sequence[str], path: str) -> None:
    """InvalidRequest at `path` for a name that is neither a metric nor `fitness`."""
    for name in metrics:
        check_sort(name, path)


def take_sample(trials: TrialSet, query: SampleQuery) -> dict[str, Any]:
    """The contract's Sample but for what is known of the run alone, by the names under which it is sent."""
    if not len(trials):
        return _sample(trials, query, [np.empty(0)] * len(query.metrics), np.empty(0, dtype=np.intp), 0)
    columns = [trials.column(name) for name in query.metrics]
    ranked = _ranked(trials, query.metrics[0], columns)
    shown = evenly(len(ranked), query.points)
    if query.also:
        front = np.isin(trials.column("trialKey")[ranked], np.array([key.encode() for key in query.also]))
        shown = np.union1d(shown, np.flatnonzero(front))
    return _sample(trials, query, columns, ranked[shown], len(ranked))


def _ranked(trials: TrialSet, metric: str, columns: Sequence[Floats]) -> Ints:
    """The rows with all columns defined, best first by the metric; where the order was prepared nothing is sorted."""
    defined = np.logical_and.reduce([~np.isnan(column) for column in columns])
    falls = larger_leads(metric)
    order = trials.order(f"-{metric}" if falls else metric)
    if order is not None:
        shown: Ints = order[defined[order]].astype(np.intp)
        return shown
    rows = np.flatnonzero(defined)
    return rows[np.lexsort((trials.column("index")[rows], columns[0][rows] * (-1.0 if falls else 1.0)))]


def evenly(count: int, points: int) -> Ints:
    """At most `points` places of `count`, as far apart as they can be, the first and the last among them."""
    if count <= points:
        return np.arange(count)
    return np.rint(np.linspace(0, count - 1, points)).astype(np.intp)


def count_spread(values: Floats, bins: int) -> dict[str, Any]:
    """The contract's Distribution of the values that are defined, without what is known of the run."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return {
            **dict.fromkeys(("low", "high", "min", "max", "mean", "quartiles")),
            "counts": [],
            "below": 0,
            "above": 0,
            "positive": 0,
            "defined": 0,
        }
    low, high, steps = _steps(known, bins)
    counts, _ = np.histogram(known, bins=steps, range=(low, high))
    return {
        "low": low,
        "high": high,
        "counts": counts.tolist(),
        "below": int(np.searchsorted(known, low, side="left")),
        "above": len(known) - int(np.searchsorted(known, high, side="right")),
        "min": float(known[0]),
        "max": float(known[-1]),
        "mean": float(known.mean()),
        "quartiles": np.quantile(known, (0.25, 0.5, 0.75)).tolist(),
        "positive": len(known) - int(np.searchsorted(known, 0.0, side="right")),
        "defined": len(known),
    }


def _sample(
    trials: TrialSet, query: SampleQuery, columns: Sequence[Floats], rows: Ints, defined: int
) -> dict[str, Any]:
    keys = [key.decode() for key in trials.column("trialKey")[rows].tolist()] if len(rows) else []
    front = frozenset(query.also)
    return {
        "metrics": list(query.metrics),
        "parameters": {name: trials.column(name)[rows].tolist() for name in trials.parameters},
        "values": [column[rows].tolist() for column in columns],
        "index": trials.column("index")[rows].tolist() if len(rows) else [],
        "trialKey": keys,
        "onFront": [place for place, key in enumerate(keys) if key in front],
        "defined": defined,
        "trials": len(trials),
    }


def _steps(known: Floats, bins: int) -> tuple[float, float, int]:
    """From where to where, and in how many steps; whole numbers lie in the middle of theirs. `known` rises."""
    skip = int(len(known) * _FREAKS) if len(known) >= _FEWEST_FREAKS else 0
    low, high = float(known[skip]), float(known[len(known) - 1 - skip])
    if (known == np.rint(known)).all() and abs(low) + abs(high) < 2.0**52:
        width = max(1, -(-int(high - low + 1) // bins))
        steps = -(-int(high - low + 1) // width)
        return low - 0.5, low - 0.5 + steps * width, steps
    if low == high:
        return low - 0.5, high + 0.5, 1
    return low, high, min(bins, max(1, len(known)))
