"""Finds the bars that are missing between neighbours."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from server.contract.base import format_instant
from server.contract.catalogue import Gap
from server.data.bars import Int64s
from server.data.sessions import Hours, hours_of

LISTED: Final = 100
_PIECE: Final = 1 << 20


class GapReport(NamedTuple):
    """The longest gaps, longest first (ties: the earlier first), and how many there are."""

    longest: list[Gap]
    total: int


class Spacing(NamedTuple):
    """How far apart bars are: pairs of neighbours, those closer than the time frame, the commonest of these distances.

    Distances in ms; `common_short_ms` is 0 when no pair is closer.
    """

    pairs: int
    short: int
    common_short_ms: int


def find_gaps(ts_ms: Int64s, frame_ms: int) -> GapReport:
    """The gaps of a strictly rising series (n,) in ms, read in pieces: its size does not matter.

    A regular series has one bar every `frame_ms`; a hole is `distance / frame_ms` bars wide, rounded (halves down),
    less one. So a day of 25 hours at the end of summer time is no gap of daily bars. Of a market with hours (see
    `sessions.hours_of`) those count that were due: nights and weekends are no gaps, a holiday is one.
    """
    hours = hours_of(_pieces(ts_ms), frame_ms)
    kept: list[_Hole] = []
    count = 0
    for first, second in _neighbours(ts_ms):
        wide = (2 * (second - first) + frame_ms - 1) // (2 * frame_ms) - 1
        missing = wide if hours is None else hours.count(first // frame_ms + 1, np.maximum(wide, 0))
        (holes,) = np.nonzero(missing > 0)
        count += len(holes)
        if len(holes) > LISTED:
            holes = holes[np.lexsort((holes, -missing[holes]))[:LISTED]]
        columns = (-missing[holes], first[holes], wide[holes])
        kept += map(_Hole._make, zip(*(column.tolist() for column in columns), strict=True))
        kept = sorted(kept)[:LISTED]
    return GapReport([_gap(hole, frame_ms, hours) for hole in kept], count)


class _Hole(NamedTuple):
    """In the order in which holes are told: the worst first. `before_ms`: the bar before it, `wide` in bars."""

    minus_missing: int
    before_ms: int
    wide: int


def measure_spacing(ts_ms: Int64s, frame_ms: int) -> Spacing:
    """How many neighbours of a strictly rising series (n,) in ms are closer together than the time frame."""
    short = 0
    common = 0
    for first, second in _neighbours(ts_ms):
        distance = second - first
        closer = distance[distance < frame_ms]
        short += len(closer)
        if len(closer) and not common:
            values, counts = np.unique(closer, return_counts=True)
            common = int(values[np.argmax(counts)])
    return Spacing(max(len(ts_ms) - 1, 0), short, common)


def _neighbours(ts_ms: Int64s) -> Iterator[tuple[Int64s, Int64s]]:
    for start in range(0, len(ts_ms) - 1, _PIECE):
        piece = np.asarray(ts_ms[start : start + _PIECE + 1])
        yield piece[:-1], piece[1:]


def _pieces(ts_ms: Int64s) -> Iterator[Int64s]:
    for start in range(0, len(ts_ms), _PIECE):
        yield np.asarray(ts_ms[start : start + _PIECE])


def _gap(hole: _Hole, frame_ms: int, hours: Hours | None) -> Gap:
    """From the first to the last bar that is missing."""
    number = hole.before_ms // frame_ms
    first, last = number + 1, number + hole.wide
    if hours is not None:
        first, last = hours.trimmed(first, last)
    from_ms, to_ms = (hole.before_ms + (each - number) * frame_ms for each in (first, last))
    return Gap(from_=format_instant(from_ms), to=format_instant(to_ms), bars=-hole.minus_missing)
