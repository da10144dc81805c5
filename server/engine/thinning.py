"""Thins equity curves."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[Any]
"""(n,) EQUITY_DTYPE."""


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
