"""The least that a machine takes over bars: one compiled loop that reads them and keeps two sums."""

from collections.abc import Callable
from typing import Any

from numba import njit

from tests.bench.walk import FAST, SLOW, Bars


def _two_sums(bars: Bars, fast_period: int, slow_period: int) -> tuple[int, int]:
    """How often the fast average is above the slow one, and something of the prices that it does not need."""
    fast = slow = above = seen = 0
    for bar in range(bars.shape[1]):
        close = bars[4, bar]
        fast += close
        slow += close
        if bar >= fast_period:
            fast -= bars[4, bar - fast_period]
        if bar >= slow_period:
            slow -= bars[4, bar - slow_period]
        above += fast * slow_period > slow * fast_period
        seen ^= bars[1, bar] ^ bars[2, bar] ^ bars[3, bar]  # or the compiler leaves the reads out
    return above, seen


def limit_loop() -> Callable[[Bars], tuple[int, int]]:
    """The loop, compiled as the engine's is; its periods come with each run, as a strategy's do."""
    compiled: Any = njit(nogil=True, error_model="python")(_two_sums)
    return lambda bars: compiled(bars, FAST, SLOW)
