"""Turns mapped bars into the tuples that a strategy is handed, block by block."""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.strategies.types import Bar

_BLOCK: Final = 4096
TS, OPEN, HIGH, LOW, CLOSE, VOLUME = range(6)


def deliver(bars: npt.NDArray[np.int64], first: int, stop: int, *, asset: int = 0, feed: int = 0) -> Iterator[Bar]:
    """The columns `[first, stop)` of `bars` as Bar tuples, `i` from 0.

    `bars`: (6, n) int64, C order, rows ts_ms, open, high, low, close, volume. A block is converted when its first
    bar is asked for, so that memory does not grow with the run.
    """
    return chain.from_iterable(
        _block(bars, first, start, min(start + _BLOCK, stop), asset, feed) for start in range(first, stop, _BLOCK)
    )


def _block(bars: npt.NDArray[np.int64], first: int, start: int, stop: int, asset: int, feed: int) -> Iterator[Bar]:
    columns: list[list[int]] = bars[:, start:stop].tolist()
    # the two repeats have no end
    rows = zip(range(start - first, stop - first), repeat(asset), *columns, repeat(feed), strict=False)
    make: Any = tuple.__new__  # Bar._make without its Python frame: a third of the time
    return map(make, repeat(Bar), rows)
