"""The order in which the bars of a run's series are complete."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from server.engine.feed import TS
from server.engine.series import Series

Int64s = npt.NDArray[np.int64]


class Timeline(NamedTuple):
    """One row for each bar, by the instant at which it is complete, then by series.

    `series` and `bar` (from 0 in its series) of each row; `opens` its time in ms; `starts`: the first row of each
    instant, and the number of rows; `instants` in ms. Of one series alone, rows are bars.
    """

    series: Int64s
    bar: Int64s
    opens: Int64s
    starts: Int64s
    instants: Int64s


def timeline_of(series: Sequence[Series]) -> Timeline:
    """Merges the series: a long bar is never delivered before its last moment, none after the main series' last."""
    opens = [np.asarray(one.bars)[TS, one.first : one.stop] for one in series]
    end = int(opens[0][-1]) + series[0].interval_ms if len(opens[0]) else 0
    opens = [times[times + one.interval_ms <= end] for times, one in zip(opens, series, strict=True)]
    complete = np.concatenate([times + one.interval_ms for times, one in zip(opens, series, strict=True)])
    order = np.argsort(complete, kind="stable")  # rows of one instant stay in the order of the series
    number = np.repeat(np.arange(len(series)), [len(times) for times in opens])[order]
    bar = np.concatenate([np.arange(len(times)) for times in opens])[order]
    instants, starts = np.unique(complete[order], return_index=True)
    return Timeline(number, bar, np.concatenate(opens)[order], np.append(starts, len(order)), instants)
