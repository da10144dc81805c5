"""The equity curve of an attempt as JSON."""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from server.engine.tables import EQUITY_DTYPE, map_rows

FINAL_FILE: Final = "equity.npy"
LIVE_FILE: Final = "equity.live.npy"
"""Laid out for all bars at the start; as yet only its first rows are valid, the others are zero."""
BLOCK_ROWS: Final = 8_192
"""Rows encoded at a time: some 4 ms, for which the interpreter is held."""

Curve = npt.NDArray[Any]


def read_curve(folder: Path, rows: int | None) -> Curve:
    """The rows of an attempt's curve that are valid: (n,) EQUITY_DTYPE, mapped; empty when there is none yet.

    Of a curve that is being written those that are, at most `rows`: the bars of all series that are told to be done.
    """
    for name in (FINAL_FILE, LIVE_FILE, FINAL_FILE):  # the last again: the run may end between the two
        try:
            curve = map_rows(folder / name)
        except (FileNotFoundError, EOFError, ValueError):  # the last two: the header is not written yet
            continue
        if name == FINAL_FILE:
            return curve
        return curve[: np.count_nonzero(curve["ts"][:rows])]
    return np.empty(0, dtype=EQUITY_DTYPE)


def downsample(curve: Curve, points: int) -> Curve:
    """At most `points` ≥ 1 rows: the first, the last, and of each bucket the least and greatest equity and the worst
    drawdown, so that no peak and no trough is lost."""
    total = len(curve)
    if total <= points:
        return curve
    if points < 2:
        return curve[-1:]
    equity, drawdown = np.ascontiguousarray(curve["equity"]), np.ascontiguousarray(curve["drawdown"])
    kept = {0, total - 1}
    buckets = (points - 2) // 3
    edges = np.linspace(0, total, buckets + 1).astype(int).tolist() if buckets else []
    for start, stop in pairwise(edges):
        for pick in (equity[start:stop].argmin(), equity[start:stop].argmax(), drawdown[start:stop].argmin()):
            kept.add(start + int(pick))
    return curve[sorted(kept)]


def encode_points(curve: Curve) -> bytes:
    """`[tsMs,equity,drawdownPct],…` without the brackets around all."""
    return msgspec.json.encode(curve.tolist())[1:-1]
