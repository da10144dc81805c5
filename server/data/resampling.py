"""Makes bars of a longer time frame from finer ones."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from server.contract.catalogue import DatasetInfo
from server.contract.problems import InvalidRequest
from server.data.bars import BARS_FILE, CLOSE, HIGH, LOW, OPEN, TS, VOLUME, Int64s, open_bars, write_bars
from server.data.gaps import find_gaps
from server.data.staging import Draft, staged
from server.data.stored import read_stored
from server.data.time_frames import TimeFrame, divides, parse_time_frame

_PIECE: Final = 1 << 18
_WEEK_MS: Final = 7 * 86_400_000
_MONDAY_MS: Final = 4 * 86_400_000
"""Thursday the first of January 1970 to the first Monday."""
_LARGEST: Final = 2.0**62


def resample(root: Path, source_id: str, time_frame: str) -> tuple[DatasetInfo, bool]:
    """Puts the bars of `source_id` in the longer `time_frame` into the catalogue; the version, and whether it is new.

    Raises OSError or ValueError when the source is not there, InvalidRequest when its frame does not divide this one.
    """
    stored = read_stored(root / source_id)
    source, frame = stored.info, parse_time_frame(time_frame)
    if not divides(parse_time_frame(source.time_frame), frame):
        raise InvalidRequest("invalid_request", "timeFrame", f"{frame.name} is no multiple of {source.time_frame}")
    fine = open_bars(root / source_id)
    groups = Groups(fine, frame)
    with staged(root) as stage:
        with (stage.dataset / BARS_FILE).open("wb") as file:
            content_hash = write_bars(file, stored.instrument, groups.count, groups.row)
        times = open_bars(stage.dataset)[TS]
        return stage.publish(
            Draft(
                instrument=stored.instrument,
                time_frame=frame.name,
                content_hash=content_hash,
                rows=groups.count,
                first_ms=int(times[0]),
                last_ms=int(times[-1]),
                gaps=find_gaps(times, frame.ms),
                quarantined=source.quarantined,
                source=f"resampled from {source.id}",
                synthetic=source.synthetic,
                ingested_ms=time.time_ns() // 1_000_000,
                derived_from=source.id,
            )
        )


class Groups:
    """Which fine bars, (6, n) int64 and n > 0, make one bar of `frame`: those that open in its span.

    Spans are counted from the epoch in UTC, weeks from a Monday. A span without a fine bar has no bar, so that the
    rests of a session stay; the first and last may hold fewer than all.
    """

    def __init__(self, fine: Int64s, frame: TimeFrame) -> None:
        self._fine = fine
        self._frame_ms = frame.ms
        self._offset_ms = _MONDAY_MS if frame.ms % _WEEK_MS == 0 else 0
        self._starts = np.concatenate(list(self._find_starts()))

    @property
    def count(self) -> int:
        """How many bars there are."""
        return len(self._starts)

    def row(self, row: int) -> Iterator[Int64s]:
        """One row of the bars, piece by piece."""
        rows = self._fine.shape[1]
        for first in range(0, self.count, _PIECE):
            starts = self._starts[first : first + _PIECE]
            following = self._starts[first + len(starts)] if first + len(starts) < self.count else rows
            if row == TS:
                yield self._span(self._fine[TS, starts]) * self._frame_ms + self._offset_ms
            elif row == OPEN:
                yield self._fine[OPEN, starts]
            elif row == CLOSE:
                yield self._fine[CLOSE, np.append(starts[1:], following) - 1]
            else:
                yield _reduced(row, self._fine[row, starts[0] : following], starts - starts[0])

    def _find_starts(self) -> Iterator[Int64s]:
        times = self._fine[TS]
        before = None
        for first in range(0, len(times), _PIECE):
            spans = self._span(times[first : first + _PIECE])
            previous = spans[0] - 1 if before is None else before
            yield np.flatnonzero(np.diff(spans, prepend=previous)) + first
            before = spans[-1]

    def _span(self, ts_ms: Int64s) -> Int64s:
        return (ts_ms - self._offset_ms) // self._frame_ms


def _reduced(row: int, values: Int64s, starts: Int64s) -> Int64s:
    if row == HIGH:
        return np.maximum.reduceat(values, starts)
    if row == LOW:
        return np.minimum.reduceat(values, starts)
    assert row == VOLUME
    if float(np.add.reduceat(values.astype(np.float64), starts).max()) >= _LARGEST:
        raise InvalidRequest("invalid_request", "timeFrame", "the volumes are too large to be added up")
    return np.add.reduceat(values, starts)
