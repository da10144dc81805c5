"""The bars of a run for a chart, with the fills on them and what the strategy plots."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.chart import FillEffect, Marker
from server.contract.problems import ForgeError, InvalidRequest
from server.data.bars import CLOSE, HIGH, LOW, OPEN, TS, VOLUME, Int64s, open_bars
from server.data.stored import read_stored
from server.engine.plot_file import PLOTS_FILE
from server.engine.scales import scales_of
from server.engine.tables import map_rows
from server.store.orders import FILLS_FILE

COLUMNS: Final = ("ts", "o", "h", "l", "c", "v")
BLOCK_ROWS: Final = 4_096
"""Rows encoded at a time: some 4 ms, for which the interpreter is held."""
MARK_DTYPE: Final = np.dtype([("time", "<i8"), ("price", "<f8"), ("quantity", "<f8"), ("effect", "i1")])
"""Of fills, `quantity` negative for sales; `effect` is an index into _EFFECTS."""
_EFFECTS: Final[tuple[FillEffect | None, ...]] = (None, "entry", "exit", "turn")
_MIXED, _ENTRY, _EXIT, _TURN = range(4)
_DIGITS: Final = 9
"""Of quantities: sums of floats that come to nothing are not quite zero."""
_NO_MARKS: Final = np.empty(0, dtype=MARK_DTYPE)

Table = npt.NDArray[Any]


class ChartSource(NamedTuple):
    """Bars `[first, stop)` of the data set in `directory`, one each `interval_ms`; the run's files are in `folder`.

    `asset`: the number that they give to its asset. `plotted`: whether what the strategy plots belongs to these bars.
    """

    directory: Path
    first: int
    stop: int
    interval_ms: int
    folder: Path
    asset: int = 0
    plotted: bool = True


class Window(NamedTuple):
    """What of it is shown: the bars that open in `from_ms ≤ ts ≤ to_ms` (None: no bound), in at most `points` rows.

    `indicators`: the names of those that are wanted, None for all.
    """

    from_ms: int | None
    to_ms: int | None
    points: int
    indicators: tuple[str, ...] | None = None


class Chart(NamedTuple):
    """`rows` (n, 6) float64 in the order of COLUMNS, a row each `interval_ms` in which there are bars.

    `marks`: rows of MARK_DTYPE, the fills within the window, or at most two a row of what they come to. `indicators`:
    a value for each row, NaN where there is none.
    """

    rows: npt.NDArray[np.float64]
    interval_ms: int
    marks: Table
    indicators: dict[str, npt.NDArray[np.float64]]


def read_chart(source: ChartSource, window: Window) -> Chart:
    """Aggregated when there are more bars than points: open of the first, highest high, lowest low, close of the last,
    volume of all, indicators at its last bar. ForgeError `not_found` when the data set was deleted, InvalidRequest for
    an indicator that is not plotted."""
    try:
        scales = scales_of(read_stored(source.directory).instrument)
        bars = open_bars(source.directory)[:, source.first : source.stop]
    except FileNotFoundError as error:
        raise ForgeError("not_found", f"The data set {source.directory.name} of this run was deleted.") from error
    shown = _between(bars[TS], window)
    bars = bars[:, shown]
    starts, interval_ms = _starts(bars[TS], source.interval_ms, window.points)
    ends = np.append(starts[1:], bars.shape[1]) - 1
    rows = np.empty((len(starts), len(COLUMNS)))
    if len(starts):
        rows[:, TS] = bars[TS, starts]
        rows[:, OPEN] = scales.price(bars[OPEN, starts])
        rows[:, HIGH] = scales.price(np.maximum.reduceat(bars[HIGH], starts))
        rows[:, LOW] = scales.price(np.minimum.reduceat(bars[LOW], starts))
        rows[:, CLOSE] = scales.price(bars[CLOSE, ends])
        rows[:, VOLUME] = scales.units(np.add.reduceat(bars[VOLUME], starts, dtype=np.float64))
    indicators = _indicators(source, window.indicators, shown.start + ends[: len(starts)])
    return Chart(rows, interval_ms, _marks(source, bars[TS], starts, window.points), indicators)


def encode_rows(rows: npt.NDArray[np.float64]) -> bytes:
    """`[ts,o,h,l,c,v],…` without the brackets around all."""
    return msgspec.json.encode([(int(ts), *values) for ts, *values in rows.tolist()])[1:-1]


def encode_values(values: npt.NDArray[np.float64]) -> bytes:
    """Numbers as JSON without the brackets around all, NaN as null."""
    return msgspec.json.encode(values.tolist())[1:-1]


def encode_markers(marks: Table) -> bytes:
    """Markers as JSON without the brackets around all."""
    markers = [
        Marker(
            ts=ts,
            side="buy" if quantity > 0 else "sell",
            price=price,
            quantity=abs(quantity),
            effect=_EFFECTS[effect],
        )
        for ts, price, quantity, effect in marks.tolist()
    ]
    return msgspec.json.encode(markers)[1:-1]


def _between(times: Int64s, window: Window) -> slice:
    """The columns whose `times`, which rise, lie in the window."""
    first = 0 if window.from_ms is None else np.searchsorted(times, np.int64(window.from_ms), side="left")
    stop = len(times) if window.to_ms is None else np.searchsorted(times, np.int64(window.to_ms), side="right")
    return slice(int(first), int(stop))


def _starts(times: Int64s, interval_ms: int, points: int) -> tuple[npt.NDArray[np.int64], int]:
    """The first column of each row, at most `points` ≥ 2, and the ms that one row spans.

    Rows begin at whole spans from the epoch, so that they stay what they are when the window moves.
    """
    spans = max(-(-len(times) // points), 1)
    if spans == 1:
        return np.arange(len(times)), interval_ms
    while True:
        row_of = times // np.int64(spans * interval_ms)
        starts = np.append(0, np.flatnonzero(row_of[1:] != row_of[:-1]) + 1)
        if len(starts) <= points:
            return starts, spans * interval_ms
        spans = max(spans + 1, spans * len(starts) // points)  # a row more at an edge, or gaps shorter than a row


def _marks(source: ChartSource, times: Int64s, starts: npt.NDArray[np.int64], points: int) -> Table:
    """The asset's fills on these bars; when there are more than points one for each row and side.

    Orders may have been matched against shorter bars of the asset: then a fill has a time within its bar here.
    """
    try:
        fills = map_rows(source.folder / FILLS_FILE)
    except FileNotFoundError:
        return _NO_MARKS
    if not len(times):
        return _NO_MARKS
    fills = fills[fills["asset"] == source.asset]
    marks = np.empty(len(fills), dtype=MARK_DTYPE)
    for name in ("time", "price", "quantity"):
        marks[name] = fills[name]
    marks["effect"] = _effects(marks["quantity"])
    marks = marks[(marks["time"] >= times[0]) & (marks["time"] < times[-1] + source.interval_ms)]
    return _merged(marks, times[starts]) if len(marks) > points else marks


def _effects(quantities: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """What each of all fills of an asset, in order, does to its position."""
    after = np.round(np.cumsum(quantities), _DIGITS)
    before = np.append(0.0, after[:-1]) if len(after) else after
    smaller = np.where(np.abs(after) > np.abs(before), _ENTRY, _EXIT)
    return np.where(before * after < 0, _TURN, smaller)


def _indicators(
    source: ChartSource, wanted: tuple[str, ...] | None, bars: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.float64]]:
    """What the strategy plots, at these bars of the run; nothing where the run has not ended or plots nothing."""
    if not source.plotted:
        return {}
    try:
        table = map_rows(source.folder / PLOTS_FILE)
    except FileNotFoundError:
        return {}
    names = table.dtype.names or ()
    for name in wanted or ():
        if name not in names:
            raise InvalidRequest("invalid_request", "indicators", f"{name!r} is none of {', '.join(names)}")
    return {name: table[name][bars] for name in (names if wanted is None else wanted)}


def _merged(marks: Table, rows: Int64s) -> Table:
    """One mark a row and side, buys first: at the time of its row, at the average price of its quantity."""
    row = np.searchsorted(rows, marks["time"], side="right") - 1
    keys, first, group = np.unique(2 * row + (marks["quantity"] < 0), return_index=True, return_inverse=True)
    merged = np.zeros(len(keys), dtype=MARK_DTYPE)
    merged["time"] = rows[keys // 2]
    merged["quantity"] = np.bincount(group, weights=marks["quantity"])
    merged["price"] = np.bincount(group, weights=marks["quantity"] * marks["price"]) / merged["quantity"]
    effect = marks["effect"][first]
    differs = np.bincount(group, weights=marks["effect"] != effect[group]) > 0
    merged["effect"] = np.where(differs, _MIXED, effect)
    return merged
