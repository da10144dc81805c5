"""In which order a method visits the sets of a space."""

import random
from typing import Final

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest
from server.optimization.space import Space

DEFAULT_BUDGET: Final = 1_000
"""Trials of a search that was given no budget."""
_MOST_SETS: Final = 2**53
"""Sets beyond cannot all be drawn: a random number has 53 bits."""


def trials_of(method: str, space: Space, budget: int | None) -> int:
    """How many trials a method makes of a space; InvalidRequest for a space that cannot be drawn from."""
    if method == "grid":
        return space.size
    if space.size > _MOST_SETS:
        raise InvalidRequest(
            "too_many_combinations", "axes", f"{method} draws from at most {_MOST_SETS:,} combinations; narrow an axis"
        )
    return min(space.size, DEFAULT_BUDGET if budget is None else budget)


def visits_of(method: str, space: Space, total: int, seed: int) -> npt.NDArray[np.int64] | None:
    """The set that each of `total` trials is; None where trial i is the set i.

    A random search draws without putting back. It takes nothing but `random()` from the generator, which is the same
    on every platform and in every version of Python.
    """
    if method == "grid":
        return None
    draw = random.Random(seed).random
    size = space.size
    if total > size // 2:
        sets = np.arange(size, dtype=np.int64)
        for place in range(total):
            other = place + int(draw() * (size - place))
            sets[place], sets[other] = sets[other], sets[place]
        return sets[:total]
    drawn: dict[int, None] = {}
    while len(drawn) < total:
        drawn[int(draw() * size)] = None
    return np.fromiter(drawn, dtype=np.int64, count=total)
