"""What a result tells about the data of its run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from server.contract.base import format_instant
from server.contract.results import CashFlowsUsed, DataUsed
from server.data.bars import TS, Int64s, open_bars
from server.data.flows import FLOW_TS, open_flows
from server.data.time_frames import parse_time_frame, time_frame_name
from server.execution.tasks import DataSlice, Feed

_DAY_MS: Final = 86_400_000
"""Funding is paid several times a day: what lacks it for longer lacks it."""


class _Reach(NamedTuple):
    """The opens of the first and last bar of a slice, in ms."""

    first_ms: int
    last_ms: int


def data_used(data: Sequence[DataSlice], start_ms: int, end_ms: int) -> list[DataUsed]:
    """One entry a slice, the main one first; of cash flows those within the period are counted."""
    used = []
    for part in data:
        reach = _reach(part)
        used.append(
            DataUsed(
                dataset_id=part.dataset.id,
                content_hash=part.dataset.content_hash,
                rows=part.rows,
                first=format_instant(reach.first_ms),
                last=format_instant(reach.last_ms),
                synthetic=part.dataset.synthetic,
                asset_name=part.dataset.asset_name,
                exchange=part.dataset.exchange,
                time_frame=part.dataset.time_frame,
                cash_flows=[_flows_used(feed, start_ms, end_ms) for feed in part.feeds],
            )
        )
    return used


def warnings_about(data: Sequence[DataSlice], start_ms: int, end_ms: int) -> list[str]:
    """Which series begin later or end earlier than the main one by more than a bar of theirs, or open beside its bars;
    which cash flows lack.
    """
    main, main_frame_ms = _reach(data[0]), parse_time_frame(data[0].dataset.time_frame).ms
    warnings = []
    for part in data[1:]:
        reach, frame_ms = _reach(part), parse_time_frame(part.dataset.time_frame).ms
        beside_ms = (reach.first_ms - main.first_ms) % frame_ms
        if beside_ms and frame_ms == main_frame_ms < _DAY_MS:  # days move by an hour in summer
            warnings.append(f"bars of {_name(part)} open {time_frame_name(beside_ms)} after those of the main series")
        if reach.first_ms - main.first_ms > frame_ms:
            when = f"{format_instant(reach.first_ms)}, the main series at {format_instant(main.first_ms)}"
            warnings.append(f"{_name(part)} begins at {when}")
        if main.last_ms + main_frame_ms - (reach.last_ms + frame_ms) > frame_ms:  # between its bars is no end
            when = f"{format_instant(reach.last_ms)}, the main series at {format_instant(main.last_ms)}"
            warnings.append(f"{_name(part)} ends at {when}")
    for part in data:
        warnings += [said for feed in part.feeds if (said := _lack(part, feed, start_ms, end_ms))]
    return list(dict.fromkeys(warnings))  # two series of one asset share its cash flows


def rows_within(times: Int64s, start_ms: int, end_ms: int) -> slice:
    """The rows of strictly rising times with `start_ms ≤ ts ≤ end_ms`."""
    first = int(np.searchsorted(times, np.int64(start_ms), side="left"))
    return slice(first, max(first, int(np.searchsorted(times, np.int64(end_ms), side="right"))))


def _reach(part: DataSlice) -> _Reach:
    times = open_bars(Path(part.directory))[TS]
    return _Reach(int(times[part.first_row]), int(times[part.stop_row - 1]))


def _flows_used(feed: Feed, start_ms: int, end_ms: int) -> CashFlowsUsed:
    rows = rows_within(open_flows(Path(feed.directory))[FLOW_TS], start_ms, end_ms)
    return CashFlowsUsed(
        kind=feed.kind,
        dataset_id=feed.dataset.id,
        content_hash=feed.dataset.content_hash,
        rows=rows.stop - rows.start,
    )


def _lack(part: DataSlice, feed: Feed, start_ms: int, end_ms: int) -> str | None:
    """What of a period has none of these cash flows, in words."""
    times = open_flows(Path(feed.directory))[FLOW_TS]
    rows = rows_within(times, start_ms, end_ms)
    name = f"{feed.kind} of {feed.dataset.asset_name} on {feed.dataset.exchange}"
    if rows.start == rows.stop:
        return f"{name}: none within the period"
    if feed.kind != "funding":
        return None
    reach = _reach(part)
    first_ms, last_ms = int(times[rows.start]), int(times[rows.stop - 1])
    if first_ms - reach.first_ms > _DAY_MS:
        return f"{name} begins at {format_instant(first_ms)}, its bars at {format_instant(reach.first_ms)}"
    if reach.last_ms - last_ms > _DAY_MS:
        return f"{name} ends at {format_instant(last_ms)}, its bars at {format_instant(reach.last_ms)}"
    return None


def _name(part: DataSlice) -> str:
    return f"{part.dataset.asset_name} {part.dataset.time_frame} of {part.dataset.exchange}"
