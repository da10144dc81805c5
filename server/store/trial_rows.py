"""Which rows of a set of trials a query wants, in its order."""

import bisect
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest
from server.engine.tables import TRIAL_STATUSES
from server.store.keyset import After, Column, Rows, comparable, next_rows
from server.store.trial_orders import Order
from server.store.trial_query import Bounds, TrialQuery
from server.store.trial_set import TrialSet

_BLOCK_ROWS: Final = 1_024
_MOST_LOOKED_AT: Final = 64
"""Blocks of an order; beyond them, sorting what matches costs less than finding it there."""
Mask = npt.NDArray[np.bool_]


class Found(NamedTuple):
    """Some rows in order, and how many match the query in all."""

    rows: Rows
    total: int


def find_rows(trials: TrialSet, query: TrialQuery, *, limit: int | None, after: After | None = None) -> Found:
    """The first `limit` rows (all without it) that come `after`; InvalidRequest for the query and a made-up place.

    Where the order was prepared no column is sorted, and only the beginning of what is wanted is looked at, unless
    those that match are rare there.
    """
    values, ties = sort_column(trials, query), trials.column("index")
    falling = query.sort.startswith("-")
    wanted = _wanted(trials, query)
    total = len(trials) if wanted is None else int(np.count_nonzero(wanted))
    limit = total if limit is None else min(limit, total)
    if limit == 0:
        return Found(np.empty(0, dtype=np.intp), total)
    order = trials.order(query.sort)
    if order is not None:
        start = 0 if after is None else _behind(order, values, ties, after, falling=falling)
        first = _first(order[start:], wanted, limit)
        if first is not None:
            return Found(first, total)
    if wanted is None:
        return Found(next_rows(values, ties, falling=falling, limit=limit, after=after), total)
    rows = np.flatnonzero(wanted)
    return Found(rows[next_rows(values[rows], ties[rows], falling=falling, limit=limit, after=after)], total)


def leading_first(trials: TrialSet, query: TrialQuery, bounds: Bounds, *, limit: int | None) -> Rows:
    """The first `limit` rows of a query (all without it), those that keep the bounds before all others."""
    leading = find_rows(trials, query._replace(bounds=(*query.bounds, *bounds)), limit=limit).rows
    if not bounds or len(leading) == limit:
        return leading
    rows = find_rows(trials, query, limit=limit).rows
    return np.concatenate([leading, rows[~np.isin(rows, leading)]])[:limit]


def sort_column(trials: TrialSet, query: TrialQuery) -> Column:
    """The values by which the trials are sorted."""
    return trials.column(query.sort.removeprefix("-"))


def _wanted(trials: TrialSet, query: TrialQuery) -> Mask | None:
    """Which rows pass the filters; None: all."""
    tests: list[Mask] = []
    if query.status is not None:
        if query.status not in TRIAL_STATUSES:
            raise InvalidRequest(
                "invalid_request", "status", f"{query.status!r} is none of {', '.join(TRIAL_STATUSES)}"
            )
        tests.append(trials.column("status") == TRIAL_STATUSES.index(query.status))
    tests += [trials.column(metric) >= least for metric, least in query.bounds]
    return np.logical_and.reduce(tests) if tests else None


def _behind(order: Order, values: Column, ties: npt.NDArray[np.int64], after: After, *, falling: bool) -> int:
    """The place in the order of the first row that comes after."""
    pivot = None if after.value is None else comparable(after.value, values)

    def is_behind(place: int) -> bool:
        row = order[place]
        value, tie = values[row], int(ties[row])
        if value != value:  # undefined
            return pivot is not None or tie > after.tie
        if pivot is None:
            return False
        return bool((value < pivot if falling else value > pivot) or (value == pivot and tie > after.tie))

    return bisect.bisect_left(range(len(order)), True, key=is_behind)


def _first(order: Order, wanted: Mask | None, limit: int) -> Rows | None:
    """The first `limit` wanted rows; None when more of the order would have to be looked at than is worth it."""
    if wanted is None:
        return order[:limit].astype(np.intp)
    size = max(_BLOCK_ROWS, limit)
    most = _MOST_LOOKED_AT * size
    parts, found, at = [np.empty(0, dtype=np.intp)], 0, 0
    while found < limit and at < len(order):
        if at > most:
            return None
        block = order[at : at + size]
        parts.append(block[wanted[block]].astype(np.intp))
        found += len(parts[-1])
        at, size = at + size, 4 * size
    return np.concatenate(parts)[:limit]
