"""In which order a method visits the sets of a space."""

import random
from typing import Final

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest
from server.optimization.space import Space

Ints = npt.NDArray[np.int64]

GRID: Final = "grid"
WALK_FORWARD: Final = "walkForward"
DEFAULT_BUDGET: Final = 1_000
"""Trials of a search that was given no budget."""
_MOST_SETS: Final = 2**53
"""Sets beyond cannot all be drawn: a random number has 53 bits."""


def trials_of(method: str, sets: int, budget: int | None, *, windows: int = 1) -> int:
    """How many trials a method makes of so many sets; InvalidRequest where they are too many to draw from.

    `windows`: of a walk-forward, which runs every set in each.
    """
    if method in (GRID, WALK_FORWARD):
        return sets * windows
    if sets > _MOST_SETS:
        raise InvalidRequest(
            "too_many_combinations", "axes", f"{method} draws from at most {_MOST_SETS:,} combinations; narrow an axis"
        )
    return min(sets, DEFAULT_BUDGET if budget is None else budget)


def visits_of(
    method: str, space: Space, allowed: Ints | None, total: int, seed: int, *, windows: int = 1
) -> Ints | None:
    """The set that each of `total` trials is; None where trial i is the set i. `allowed`: the sets to choose from,
    None for all. Set `i` of window `w` has the number `i` + `w` × the size of the space.

    A random search draws without putting back. It takes nothing but `random()` from the generator, which is the same
    on every platform and in every version of Python.
    """
    if method in (GRID, WALK_FORWARD):
        if allowed is None or windows == 1:
            return allowed
        every: Ints = (np.arange(windows)[:, None] * space.size + allowed).ravel()
        return every
    drawn = _drawn(space.size if allowed is None else len(allowed), total, seed)
    return drawn if allowed is None else allowed[drawn]


def _drawn(size: int, count: int, seed: int) -> Ints:
    """`count` different numbers below `size`."""
    draw = random.Random(seed).random
    if count > size // 2:
        numbers = np.arange(size, dtype=np.int64)
        for place in range(count):
            other = place + int(draw() * (size - place))
            numbers[place], numbers[other] = numbers[other], numbers[place]
        return numbers[:count]
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        drawn[int(draw() * size)] = None
    return np.fromiter(drawn, dtype=np.int64, count=count)
