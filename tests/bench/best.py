"""The best of several tries; needs the standard library alone."""

import time
from collections.abc import Callable
from typing import Final

_FEWEST: Final = 3
_MOST: Final = 50
_ENOUGH_S: Final = 3.0


def best_s(act: Callable[[], object]) -> float:
    """Seconds of the best try, after one that is not counted, which may compile.

    Neighbours on the machine only ever slow a try down. What is quick is tried often, what is slow a few times.
    """
    act()
    took: list[float] = []
    while len(took) < _FEWEST or (len(took) < _MOST and sum(took) < _ENOUGH_S):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)
