"""The sets of parameters that an optimization visits."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import UNSET

from server.contract.base import Model, ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import Axis
from server.strategies.parameters import bind_value, find_parameter

MAX_VALUES: Final = 1_000_000
"""Of all axes together: a space is held and hashed by its values, not by its sets."""

_DATA_AXIS: Final = "dataSubscription"
_EXACT: Final = 2**53
"""Whole numbers up to this are exact as float64, so that their quotient is the float nearest to the decimal."""


class Space(Model, frozen=True, kw_only=True):
    """A grid: every parameter with the values it takes, in the order of the strategy's parameters.

    Set `index` is the mixed-radix number of its values' positions, the last parameter running fastest.
    """

    names: list[str]
    values: list[list[ParamValue]]

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
        for name, axis in zip(self.names, self.values, strict=True):
            index = index * len(axis) + axis.index(parameters[name])
        return index


def grid(parameters: Sequence[ParameterInfo], axes: Mapping[str, Axis]) -> Space:
    """The space of `axes`; a parameter without an axis keeps its default.

    Raises InvalidRequest with every axis at fault at `axes.{name}`: `unknown_parameter`, `parameter_out_of_bounds`,
    `invalid_request`, `no_combinations`, and `not_supported` for an axis of data sets.
    """
    by_name = {info.name: info for info in parameters}
    wrong: list[InvalidRequest] = []
    spanned: dict[str, list[ParamValue]] = {}
    room = MAX_VALUES
    for name, axis in axes.items():
        try:
            spanned[name] = _values(_parameter(by_name, name), axis, f"axes.{name}", room)
            room -= len(spanned[name])
        except InvalidRequest as error:
            wrong.append(error)
    if wrong:
        wrong[0].errors = tuple(field for error in wrong for field in error.errors)
        raise wrong[0]
    return Space(
        names=[info.name for info in parameters],
        values=[spanned.get(info.name, [info.default]) for info in parameters],
    )


def size(space: Space) -> int:
    """How many sets a space has."""
    return space.size


def _parameter(by_name: Mapping[str, ParameterInfo], name: str) -> ParameterInfo:
    if name == _DATA_AXIS and name not in by_name:
        raise InvalidRequest(
            "not_supported", f"axes.{name}", "data sets as an axis are not supported yet; submit one run each"
        )
    return find_parameter(by_name, name, "axes")


def _values(info: ParameterInfo, axis: Axis, path: str, room: int) -> list[ParamValue]:
    ranged = axis.min is not UNSET or axis.max is not UNSET or axis.step is not UNSET
    if ranged + (axis.values is not UNSET) + (axis.fixed is not UNSET) != 1:
        raise InvalidRequest("invalid_request", path, "give exactly one of {min, max, step}, {values} and {fixed}")
    if axis.fixed is not UNSET:
        return [bind_value(info, axis.fixed, path)]
    if axis.values is not UNSET:
        if not axis.values:
            raise InvalidRequest("no_combinations", path, "values is empty: there is nothing to run")
        if len(axis.values) > room:
            raise _too_many(path, len(axis.values))
        # a value given twice is run once
        return list(dict.fromkeys(bind_value(info, value, path) for value in axis.values))
    return _range(info, axis, path, room)


def _range(info: ParameterInfo, axis: Axis, path: str, room: int) -> list[ParamValue]:
    if info.type not in ("int", "float"):
        raise InvalidRequest("invalid_request", path, f"a {info.type} parameter takes values or fixed, no range")
    if axis.min is UNSET or axis.max is UNSET:
        raise InvalidRequest("invalid_request", path, f"a range needs min and max, {_missing(axis)} is missing")
    low, high = bind_value(info, axis.min, path), bind_value(info, axis.max, path)
    step = _step(info, axis, path)
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    if low > high:
        raise InvalidRequest("invalid_request", path, f"min {low} is above max {high}")
    first, stride, scale, count = _decimal_steps(low, high, step)
    if count > room:
        raise _too_many(path, count)
    steps = range(first, first + count * stride, stride)
    if info.type == "int":
        return list(steps)
    if max(abs(steps[0]), abs(steps[-1]), scale) <= _EXACT:
        return [value / scale for value in steps]
    return [float(Decimal(value) / scale) for value in steps]


def _decimal_steps(low: float, high: float, step: float) -> tuple[int, int, int, int]:
    """First value and stride in units of 1/scale, the scale, and how many values there are up to `high`.

    In decimals, as the numbers were written: adding 0.1 in binary gives 0.30000000000000004.
    """
    written = [Decimal(repr(number)) for number in (low, high, step)]
    decimals = max(0, *(-int(number.as_tuple().exponent) for number in written))
    first, last, stride = (int(number.scaleb(decimals)) for number in written)
    return first, stride, 10**decimals, (last - first) // stride + 1


def _step(info: ParameterInfo, axis: Axis, path: str) -> int | float:
    if axis.step is not UNSET:
        step: int | float = axis.step
    elif info.step is not None:
        step = info.step
    elif info.type == "int":
        step = 1
    else:
        raise InvalidRequest("invalid_request", path, "give a step: the parameter has none of its own")
    if not math.isfinite(step) or step <= 0:
        raise InvalidRequest("invalid_request", path, f"the step must be positive, got {step}")
    if info.type == "int":
        if step != int(step):
            raise InvalidRequest("invalid_request", path, f"the step of whole numbers is whole, got {step}")
        return int(step)
    return step


def _missing(axis: Axis) -> str:
    return " and ".join(name for name in ("min", "max") if getattr(axis, name) is UNSET)


def _too_many(path: str, count: int) -> InvalidRequest:
    told = f"{count:,} values" if count < 10**15 else "endlessly many values"
    return InvalidRequest(
        "invalid_request",
        path,
        f"{told}, with the other axes more than {MAX_VALUES:,}: widen the step or narrow the range",
    )
