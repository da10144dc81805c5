"""The sets of a space that satisfy all conditions."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest
from server.optimization.conditions import Condition
from server.optimization.space import Space, taken

Ints = npt.NDArray[np.int64]

EXACT: Final = 1_000_000
"""Up to so many combinations of the parameters that are in conditions each is looked at to count; beyond, a sample."""
_MOST: Final = 10_000_000
_SAMPLE: Final = 100_000


class Counted(NamedTuple):
    """How many sets satisfy the conditions; not `exact`: estimated from a sample."""

    sets: int
    exact: bool


def count_selected(space: Space, conditions: Sequence[Condition]) -> Counted:
    """Counts without laying out; within milliseconds, however large the space."""
    if not conditions:
        return Counted(space.size, exact=True)
    involved = _involved(space, conditions)
    looked_at = math.prod(len(space.values[axis]) for axis in involved)
    if looked_at <= EXACT:
        return Counted(int(_mask(space, conditions, involved).sum()) * (space.size // looked_at), exact=True)
    random = np.random.Generator(np.random.PCG64(0))
    columns = {
        space.names[axis]: taken(space.values[axis], random.integers(len(space.values[axis]), size=_SAMPLE))
        for axis in involved
    }
    share = np.logical_and.reduce([condition.holds(columns) for condition in conditions]).mean()
    return Counted(round(share * space.size), exact=False)


def selected(space: Space, conditions: Sequence[Condition]) -> Ints | None:
    """The numbers of the sets that satisfy all conditions, rising; None where there are none to satisfy.

    InvalidRequest where those, or the combinations of the parameters that are in conditions, are over 10,000,000.
    """
    if not conditions:
        return None
    involved = _involved(space, conditions)
    looked_at = math.prod(len(space.values[axis]) for axis in involved)
    if looked_at > _MOST:
        raise InvalidRequest(
            "too_many_combinations",
            "conditions",
            f"the parameters in conditions have {looked_at:,} combinations, at most {_MOST:,} are looked at; "
            "narrow an axis or widen a step",
        )
    mask = _mask(space, conditions, involved)
    if int(mask.sum()) * (space.size // looked_at) > _MOST:
        raise InvalidRequest(
            "too_many_combinations", "conditions", f"more than {_MOST:,} combinations satisfy them; narrow an axis"
        )
    strides = np.array(space.strides(), dtype=np.int64)
    numbers = np.argwhere(mask) @ strides[involved]
    for axis, values in enumerate(space.values):
        if axis not in involved and len(values) > 1:
            numbers = (numbers[:, None] + np.arange(len(values)) * strides[axis]).ravel()
    return np.sort(numbers)


def sampled(space: Space, conditions: Sequence[Condition], count: int) -> Ints:
    """Random sets of a space that is too large to be laid out: those of `count` that satisfy the conditions."""
    random = np.random.Generator(np.random.PCG64(0))
    positions = [random.integers(len(values), size=count) for values in space.values]
    columns = {name: taken(values, at) for name, values, at in zip(space.names, space.values, positions, strict=True)}
    holds = np.logical_and.reduce([np.ones(count, dtype=bool), *(one.holds(columns) for one in conditions)])
    numbers = sum(at * stride for at, stride in zip(positions, space.strides(), strict=True))
    return np.unique(np.asarray(numbers, dtype=np.int64)[holds])


def _involved(space: Space, conditions: Sequence[Condition]) -> list[int]:
    """The axes whose parameters are in a condition."""
    names = frozenset[str]().union(*(condition.names for condition in conditions))
    return [axis for axis, name in enumerate(space.names) if name in names]


def _mask(space: Space, conditions: Sequence[Condition], involved: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Where all conditions hold, over the product of the axes that are in them."""
    lengths = [len(space.values[axis]) for axis in involved]
    columns = {}
    for place, axis in enumerate(involved):
        shape = [1] * len(involved)
        shape[place] = lengths[place]
        columns[space.names[axis]] = taken(space.values[axis], np.arange(lengths[place])).reshape(shape)
    mask = np.ones(lengths, dtype=bool)
    for condition in conditions:
        mask &= condition.holds(columns)
    return mask
