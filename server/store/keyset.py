"""Picks the rows of the next page out of unsorted columns."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest

Column = npt.NDArray[Any]
Rows = npt.NDArray[np.intp]


class After(NamedTuple):
    """The last row of the page before: its sort value (None: undefined) and its tie-breaker."""

    value: bool | int | float | str | None
    tie: int

    @classmethod
    def from_cursor(cls, place: list[Any]) -> "After":
        """The place that a cursor carries; InvalidRequest when a client made it up."""
        value, tie = place
        if not isinstance(tie, int):
            raise InvalidRequest("invalid_request", "cursor", "is not a cursor of this list")
        return cls(value, tie)


def next_rows(
    values: Column, ties: npt.NDArray[np.int64], *, falling: bool, limit: int, after: After | None = None
) -> Rows:
    """Positions of the first `limit` rows after `after`, ordered by value, then by tie (rising in either direction).

    `values`: (n,) numbers, booleans or text; NaN is undefined and comes last either way. `ties`: (n,) distinct.
    Costs O(n) and sorts only what it returns, so that rows may be added between two pages.
    """
    if values.dtype.kind in "biu":
        values = values.astype(np.int64)
    absent = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
    present = ~absent
    if after is not None and after.value is not None:
        pivot = comparable(after.value, values)
        beyond = values < pivot if falling else values > pivot
        present &= beyond | ((values == pivot) & (ties > after.tie))
    elif after is not None:
        present[:] = False
        absent &= ties > after.tie
    found = _first(np.flatnonzero(present), values, ties, falling, limit)
    if len(found) < limit:
        rest = np.flatnonzero(absent)
        found = np.concatenate((found, rest[np.argsort(ties[rest])][: limit - len(found)]))
    return found


def place_of(values: Column, ties: npt.NDArray[np.int64], row: int) -> After:
    """The place after row `row`."""
    value = values[row].item()
    return After(None if value != value else value, int(ties[row]))


def _first(rows: Rows, values: Column, ties: npt.NDArray[np.int64], falling: bool, limit: int) -> Rows:
    """The first `limit` of `rows` in order."""
    if len(rows) > limit:
        chosen = values[rows]
        nth = len(rows) - limit if falling else limit - 1
        bound = np.partition(chosen, nth)[nth]
        rows = rows[chosen >= bound if falling else chosen <= bound]
    order = np.lexsort((-ties[rows] if falling else ties[rows], values[rows]))
    return rows[order[::-1] if falling else order][:limit]


def comparable(value: bool | int | float | str, values: Column) -> bool | int | float | str:
    """The value of a place, which may be compared with `values`; InvalidRequest when a client made it up."""
    if isinstance(value, str) != (values.dtype.kind == "U"):
        raise InvalidRequest("invalid_request", "cursor", "is not a cursor of this list")
    return value
