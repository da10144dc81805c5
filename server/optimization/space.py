"""The sets of parameters that an optimization may visit."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.contract.base import Model, ParamValue
from server.contract.requests import DATA_AXIS

EXACT: Final = 2**53
"""Whole numbers up to this are exact as float64, so that their quotient is the float nearest to the decimal."""

Positions = npt.NDArray[np.int64]


class Steps(Model, frozen=True, kw_only=True):
    """A range that is not laid out: its values are `(first + position * stride) / scale`, whole numbers if `whole`.

    No number in it is beyond `EXACT`; the scale of whole numbers is 1.
    """

    first: int
    stride: int
    scale: int
    count: int
    whole: bool

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, position: int) -> int | float:
        if not 0 <= position < self.count:
            raise IndexError(f"there are {self.count} values, none at {position}")
        value = self.first + position * self.stride
        return value if self.whole else value / self.scale

    def __iter__(self) -> Iterator[int | float]:
        return (self[position] for position in range(self.count))

    def index(self, value: ParamValue) -> int:
        """The position of a value; ValueError when it is none of them."""
        if not isinstance(value, str):
            position = round((Decimal(value) * self.scale - self.first) / self.stride)
            if 0 <= position < self.count and self[position] == value:
                return position
        raise ValueError(f"{value!r} is not in the range")

    def take(self, positions: Positions) -> npt.NDArray[Any]:
        """The values at `positions`, int64 or float64."""
        values = self.first + positions * self.stride
        return values if self.whole else values / self.scale


AxisValues = list[ParamValue] | Steps


def taken(values: AxisValues, positions: Positions) -> npt.NDArray[Any]:
    """The values at positions of an axis."""
    return values.take(positions) if isinstance(values, Steps) else np.array(values)[positions]


class Space(Model, frozen=True, kw_only=True):
    """A grid: every parameter with the values it takes, in the order of the strategy's parameters.

    Set `index` is the mixed-radix number of its values' positions, the last parameter running fastest. Where data sets
    are an axis it is the first one.
    """

    names: list[str]
    values: list[AxisValues]

    @property
    def size(self) -> int:
        """How many sets there are; at once, however many."""
        return math.prod(len(axis) for axis in self.values)

    def at(self, index: int) -> dict[str, ParamValue]:
        """The parameters of one set; IndexError outside of `[0, size)`."""
        if not 0 <= index < self.size:
            raise IndexError(f"the space has {self.size} sets, there is no set {index}")
        chosen: list[ParamValue] = []
        for axis in reversed(self.values):
            index, position = divmod(index, len(axis))
            chosen.append(axis[position])
        return dict(zip(self.names, reversed(chosen), strict=True))

    def index_of(self, parameters: Mapping[str, ParamValue]) -> int:
        """The index of the set that has exactly these parameters; ValueError when there is none."""
        if parameters.keys() != set(self.names):
            raise ValueError(f"a set of this space has the parameters {', '.join(self.names)}")
        index = 0
        for position, axis in zip(self.position_of(parameters), self.values, strict=True):
            index = index * len(axis) + position
        return index

    def position_of(self, parameters: Mapping[str, ParamValue]) -> list[int]:
        """Where the set of these parameters stands on each axis; ValueError when a value is none of its axis."""
        return [axis.index(parameters[name]) for name, axis in zip(self.names, self.values, strict=True)]

    @property
    def inner(self) -> "Space":
        """The space of one data set: without their axis."""
        first = 1 if DATA_AXIS in self.names else 0
        return Space(names=self.names[first:], values=self.values[first:])

    def market_of(self, index: int) -> int:
        """The position of a set's data set on their axis."""
        return index // self.inner.size

    def columns(self, sets: Positions) -> dict[str, npt.NDArray[Any]]:
        """The parameters of many sets, column by column."""
        return {
            name: taken(values, sets // stride % len(values))
            for name, values, stride in zip(self.names, self.values, self.strides(), strict=True)
        }

    def strides(self) -> list[int]:
        """By how much the index of a set rises with the next value of each parameter."""
        strides = [1]
        for axis in reversed(self.values[1:]):
            strides.append(strides[-1] * len(axis))
        return strides[::-1]
