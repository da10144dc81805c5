"""Checks the rows of any file in the catalogue: their times, and the order of these."""

from collections.abc import Callable, Sequence

import numpy as np

from server.data.bad_rows import BadRows
from server.data.bars import Int64s
from server.data.columns import Piece
from server.data.timestamps import TimeReader


class _Refuser:
    """Numbers the rows of one piece."""

    def __init__(self, numbers: Sequence[int], bad: BadRows, what: str) -> None:
        self._numbers = numbers
        self._bad = bad
        self._what = what

    def __call__(self, row: int, reason: str) -> None:
        self._bad.add(self._numbers[row], f"{self._what}{reason}")


def refuser(piece: Piece, bad: BadRows, what: str) -> Callable[[int, str], None]:
    """Notes what is wrong with a row of the piece, `what` being the column in question."""
    return _Refuser(piece.numbers, bad, f"{what} " if what else "")


def read_times(piece: Piece, times: TimeReader, bad: BadRows) -> Int64s:
    """(n,) int64 in ms; what is no time is noted, and 0."""
    if isinstance(piece.times, np.ndarray):
        return piece.times
    return times.read(piece.times, refuser(piece, bad, ""))


def check_order(
    ts_ms: Int64s, numbers: Sequence[int], before: tuple[int, int] | None, bad: BadRows
) -> tuple[int, int] | None:
    """Every row that is good so far must be later than all good ones before it; the latest now, and its number."""
    (rows,) = np.nonzero(bad.good(numbers))
    if not len(rows):
        return before
    latest = before[0] if before else np.iinfo(np.int64).min
    reached = np.maximum.accumulate(np.concatenate(([latest], ts_ms[rows])))
    rising = ts_ms[rows] > reached[:-1]
    # where the latest time of the rows up to here stands, -1 for in an earlier piece
    holder = np.maximum.accumulate(np.where(rising, rows, -1))
    for n in np.flatnonzero(~rising):
        other = numbers[int(holder[n])] if holder[n] >= 0 else before[1] if before else 0
        what = "has the time of" if ts_ms[rows[n]] == reached[n] else "is earlier than"
        bad.add(numbers[int(rows[n])], f"{what} {bad.noun} {other}; rows must rise in time")
    return (int(reached[-1]), numbers[int(holder[-1])]) if holder[-1] >= 0 else before
