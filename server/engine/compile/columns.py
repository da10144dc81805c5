"""What a bar loop reads: the bars in the order of rows, and the cash flows by the row before which they are due."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.engine.feed import TS
from server.engine.flows import due_before
from server.engine.player import Int64s, Stage
from server.engine.timeline import Timeline

DUE_DTYPE: Final = np.dtype([("row", "<i8"), ("asset", "<i8"), ("kind", "<i8"), ("amount", "<i8")])


CANDLE_DTYPE: Final = np.dtype([("open", "<i8"), ("high", "<i8"), ("low", "<i8"), ("close", "<i8")])
CURSORS: Final = 3
"""What loops keep between calls: cash flows done, instants done, the run under way in a sweep."""


class Columns(NamedTuple):
    """`bars`: ts_ms, open, high, low, close, volume of each row. Of several series also, of each row: asset, series,
    number in its series, whether orders are matched against it; the first row of each instant and the instants in ms;
    the opens of the main series. `dues`: rows of DUE_DTYPE in the order of rows.
    """

    bars: tuple[Int64s, ...]
    merged: tuple[Int64s, ...]
    dues: npt.NDArray[Any]


def columns_of(stage: Stage) -> Columns:
    """The columns of a run: of one series its own memory, of several copies in the order of the timeline."""
    if stage.timeline is None:
        bars = tuple(_readonly(row) for row in stage.bars(0))
        dues = [(bar, 0, *flow) for bar, flows in _due(stage, 0).items() for flow in flows]
        return Columns(bars, (), np.array(dues, dtype=DUE_DTYPE))
    return _merged(stage, stage.timeline)


def highest_of(columns: Columns) -> int:
    """The largest size of a price, whatever its sign."""
    _, _, highs, lows, _, _ = columns.bars
    return int(max(highs.max(), -lows.min(), 0)) if len(highs) else 0


def candles_of(columns: Columns) -> npt.NDArray[np.void]:
    """The prices of each row side by side: a copy, for many runs over the same bars."""
    _, *prices, _ = columns.bars
    candles = np.empty(len(prices[0]), dtype=CANDLE_DTYPE)
    for name, column in zip(CANDLE_DTYPE.names or (), prices, strict=True):
        candles[name] = column
    return candles


def _merged(stage: Stage, timeline: Timeline) -> Columns:
    rows = len(timeline.opens)
    table = np.empty((6, rows), dtype=np.int64)
    dues: list[tuple[int, int, int, int]] = []
    for number in range(len(stage.series)):
        of_series = np.flatnonzero(timeline.series == number)
        table[:, of_series] = stage.bars(number)[:, : len(of_series)]
        if stage.market.matched[number]:
            asset = stage.market.asset_of[number]
            for bar, flows in _due(stage, number).items():
                if bar < len(of_series):
                    dues += [(int(of_series[bar]), asset, *flow) for flow in flows]
    merged = (
        np.array(stage.market.asset_of, dtype=np.int64)[timeline.series],
        timeline.series,
        timeline.bar,
        np.array(stage.market.matched, dtype=np.int64)[timeline.series],
        timeline.starts,
        timeline.instants,
        stage.bars(0)[TS],
    )
    dues.sort(key=lambda due: due[0])
    return Columns(
        tuple(_readonly(row) for row in table),
        tuple(_readonly(np.ascontiguousarray(column, dtype=np.int64)) for column in merged),
        np.array(dues, dtype=DUE_DTYPE),
    )


def _due(stage: Stage, number: int) -> dict[int, list[tuple[int, int]]]:
    return due_before(stage.series[number].flows, stage.bars(number)[TS])


def _readonly(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view that cannot be written, as memory maps cannot: one type for compiled code."""
    view = np.asarray(values).view()
    view.flags.writeable = False
    return view
