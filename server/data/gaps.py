"""Finds the bars that are missing between neighbours."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from server.contract.base import format_instant
from server.contract.catalogue import Gap
from server.data.bars import Int64s

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

    A regular series has one bar every `frame_ms`; a gap misses `distance / frame_ms`, rounded (halves down), less one.
    So a day of 25 hours at the end of summer time is no gap of daily bars, and a weekend is one of every series that
    rests then: it is counted, and shows among the longest when nothing worse happened.
    """
    kept: list[tuple[int, int]] = []  # (-bars, ts of the bar before)
    count = 0
    for first, second in _neighbours(ts_ms):
        missing = (2 * (second - first) + frame_ms - 1) // (2 * frame_ms) - 1
        (holes,) = np.nonzero(missing > 0)
        count += len(holes)
        if len(holes) > LISTED:
            holes = holes[np.lexsort((holes, -missing[holes]))[:LISTED]]
        kept += zip((-missing[holes]).tolist(), first[holes].tolist(), strict=True)
        kept = sorted(kept)[:LISTED]
    return GapReport([_gap(before, -bars, frame_ms) for bars, before in kept], count)


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


def _gap(before_ms: int, bars: int, frame_ms: int) -> Gap:
    return Gap(from_=format_instant(before_ms + frame_ms), to=format_instant(before_ms + bars * frame_ms), bars=bars)
