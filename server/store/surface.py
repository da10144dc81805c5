"""Folds the trials of an optimization into a grid over two of its parameters."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.problems import InvalidRequest
from server.contract.surface import Fold
from server.optimization.leaders import check_sort, larger_leads
from server.optimization.space import Space
from server.store.axis_positions import axis_positions
from server.store.trial_set import TrialSet

_BLOCK_CELLS: Final = 8_192
"""Cells encoded at a time: some 2 ms, for which the interpreter is held."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


class SurfaceQuery(NamedTuple):
    """What is drawn: `metric` over the parameters `x` and `y`, in at most `bins` columns and rows, of the trials in
    which the parameters `fixed` have these values."""

    x: str
    y: str
    metric: str
    fold: Fold
    bins: int
    fixed: Mapping[str, ParamValue]


class Grid(NamedTuple):
    """`values` (rows of y, columns of x) float64, NaN where there is nothing; `counts` of the same shape."""

    x: "Axis"
    y: "Axis"
    values: Floats
    counts: Ints


class Axis(NamedTuple):
    """The values of a parameter in order, and the first position of each bin among them."""

    values: list[ParamValue]
    starts: Ints

    @property
    def firsts(self) -> list[ParamValue]:
        """The first value of each bin."""
        return [self.values[start] for start in self.starts]

    @property
    def bins(self) -> list[tuple[ParamValue, ParamValue]] | None:
        """The first and last value of each bin; None where each has one value."""
        if len(self.starts) == len(self.values):
            return None
        stops = [*self.starts[1:], len(self.values)]
        return [(self.values[start], self.values[stop - 1]) for start, stop in zip(self.starts, stops, strict=True)]

    def bin_of(self, column: npt.NDArray[Any]) -> Ints:
        """The bin of each entry of a column, -1 for what is none of the values."""
        positions, known = axis_positions(self.values, column)
        return np.where(known, np.searchsorted(self.starts, positions, side="right") - 1, -1)


def check_surface(query: SurfaceQuery, space: Space) -> None:
    """InvalidRequest with the path of what the run does not have."""
    check_sort(query.metric, "metric")
    for path, name in (("x", query.x), ("y", query.y), *((f"fixed.{name}", name) for name in query.fixed)):
        if name not in space.names:
            raise InvalidRequest("unknown_parameter", path, f"no such parameter; there are {', '.join(space.names)}")
    if query.x == query.y:
        raise InvalidRequest("invalid_request", "y", "must be another parameter than x")
    for name, value in query.fixed.items():
        path = f"fixed.{name}"
        if name in (query.x, query.y):
            raise InvalidRequest("invalid_request", path, "is an axis of the surface; fix other parameters")
        if value not in space.values[space.names.index(name)]:
            raise InvalidRequest("parameter_out_of_bounds", path, "the optimization has no such value")


def fold_surface(trials: TrialSet, query: SurfaceQuery, space: Space) -> Grid:
    """The grid over all values of the two axes, whatever of it has been run; `query` was checked against the space."""
    x, y = (_axis(space.values[space.names.index(name)], query.bins) for name in (query.x, query.y))
    shape = len(y.starts), len(x.starts)
    if not len(trials):
        return Grid(x, y, np.full(shape, np.nan), np.zeros(shape, dtype=np.intp))
    values = trials.column(query.metric)
    rows, columns = y.bin_of(trials.column(query.y)), x.bin_of(trials.column(query.x))
    shown = ~np.isnan(values) & (rows >= 0) & (columns >= 0)
    for name, value in query.fixed.items():
        shown &= trials.column(name) == value
    cells = rows[shown] * shape[1] + columns[shown]
    folded, counts = _folded(values[shown], cells, shape[0] * shape[1], query)
    return Grid(x, y, folded.reshape(shape), counts.reshape(shape))


def encode_head(query: SurfaceQuery, grid: Grid, **more: Any) -> bytes:
    """All of the contract's Surface but the two tables, as JSON without the brace that ends it."""
    defined = ~np.isnan(grid.values)
    head = {
        "x": query.x,
        "y": query.y,
        "metric": query.metric,
        "fold": query.fold,
        "xValues": grid.x.firsts,
        "yValues": grid.y.firsts,
        "xBins": grid.x.bins,
        "yBins": grid.y.bins,
        "min": float(grid.values[defined].min()) if defined.any() else None,
        "max": float(grid.values[defined].max()) if defined.any() else None,
        **more,
    }
    return msgspec.json.encode(head)[:-1]


def block_rows(grid: Grid) -> int:
    """How many rows are encoded at a time."""
    return max(1, _BLOCK_CELLS // len(grid.x.starts))


def encode_rows(rows: npt.NDArray[Any]) -> bytes:
    """Some rows of a grid as JSON arrays, separated by commas, without brackets around all."""
    return msgspec.json.encode(rows.tolist())[1:-1]


def _axis(values: Iterable[ParamValue], bins: int) -> Axis:
    """Numbers rise; choices and booleans stay in the order of the space."""
    told = list(values)
    if not isinstance(told[0], str | bool):
        told.sort()
    shown = min(bins, len(told))
    return Axis(told, np.arange(shown) * len(told) // shown)


def _folded(values: Floats, cells: Ints, size: int, query: SurfaceQuery) -> tuple[Floats, Ints]:
    """What the values of each of `size` cells come to, NaN where there is none, and how many they are."""
    counts = np.bincount(cells, minlength=size)
    folded = np.full(size, np.nan)
    filled = counts > 0
    if query.fold == "mean":
        folded[filled] = np.bincount(cells, weights=values, minlength=size)[filled] / counts[filled]
        return folded, counts
    ordered = values[np.lexsort((values, cells))]
    stops = np.cumsum(counts)[filled]
    starts = stops - counts[filled]
    if query.fold == "best":
        folded[filled] = ordered[stops - 1 if larger_leads(query.metric) else starts]
    else:
        folded[filled] = (ordered[(starts + stops - 1) // 2] + ordered[(starts + stops) // 2]) / 2.0
    return folded, counts
