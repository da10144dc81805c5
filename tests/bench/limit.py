"""The least that a machine takes over bars: one compiled loop that reads them and keeps two sums."""

from collections.abc import Callable
from typing import Any

from numba import njit

from tests.bench.walk import FAST, SLOW, Bars

_FAST, _SLOW = FAST, SLOW  # constants of the compiled loop


def _two_sums(bars: Bars) -> tuple[int, int]:
    """How often the fast average is above the slow one, and something of the prices that it does not need."""
    fast = slow = above = seen = 0
    for bar in range(bars.shape[1]):
        close = bars[4, bar]
        fast += close
        slow += close
        if bar >= _FAST:
            fast -= bars[4, bar - _FAST]
        if bar >= _SLOW:
            slow -= bars[4, bar - _SLOW]
        above += fast * _SLOW > slow * _FAST
        seen ^= bars[1, bar] ^ bars[2, bar] ^ bars[3, bar]  # or the compiler leaves the reads out
    return above, seen


def limit_loop() -> Callable[[Bars], tuple[int, int]]:
    """The loop, compiled as the engine's is."""
    compiled: Any = njit(nogil=True, error_model="python")(_two_sums)
    found: Callable[[Bars], tuple[int, int]] = compiled
    return found
