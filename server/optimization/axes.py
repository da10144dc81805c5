"""Lays the axes of a request out as a space."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import UNSET

from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import DATA_AXIS, Axis
from server.optimization.space import EXACT, AxisValues, Space, Steps
from server.strategies.parameters import bind_value, find_parameter

MAX_VALUES: Final = 1_000_000
"""Of all axes together: a run is identified by its values, and its trials are shown by them."""


def grid(parameters: Sequence[ParameterInfo], axes: Mapping[str, Axis], markets: Sequence[str] = ()) -> Space:
    """The space of `axes`, however large; a parameter without an axis keeps its default.

    `markets`: the data sets of the axis of data sets by their names, where there is one.

    Raises InvalidRequest with every axis at fault at `axes.{name}` or a part of it: `unknown_parameter`,
    `parameter_out_of_bounds`, `invalid_request`, `no_combinations`.
    """
    by_name = {info.name: info for info in parameters}
    wrong: list[InvalidRequest] = []
    spanned: dict[str, AxisValues] = {}
    for name, axis in axes.items():
        if name == DATA_AXIS:
            continue
        try:
            spanned[name] = _values(find_parameter(by_name, name, "axes"), axis, f"axes.{name}")
        except InvalidRequest as error:
            wrong.append(error)
    if wrong:
        wrong[0].errors = tuple(field for error in wrong for field in error.errors)
        raise wrong[0]
    data: list[AxisValues] = [list(markets)] if markets else []
    return Space(
        names=[DATA_AXIS] * len(data) + [info.name for info in parameters],
        values=data + [spanned.get(info.name, [info.default]) for info in parameters],
    )


def limit_values(space: Space) -> None:
    """Refuses a space whose axes have too many values to be run, at the longest axis."""
    lengths = [len(axis) for axis in space.values]
    if sum(lengths) > MAX_VALUES:
        longest = lengths.index(max(lengths))
        raise _too_many(f"axes.{space.names[longest]}", lengths[longest])


def _values(info: ParameterInfo, axis: Axis, path: str) -> AxisValues:
    ranged = axis.min is not UNSET or axis.max is not UNSET or axis.step is not UNSET
    if ranged + (axis.values is not UNSET) + (axis.fixed is not UNSET) != 1:
        raise InvalidRequest("invalid_request", path, "give exactly one of {min, max, step}, {values} and {fixed}")
    if axis.fixed is not UNSET:
        return [bind_value(info, axis.fixed, f"{path}.fixed")]
    if axis.values is UNSET:
        return _range(info, axis, path)
    if not axis.values:
        raise InvalidRequest("no_combinations", path, "values is empty: there is nothing to run")
    # a value given twice is run once
    bound = (bind_value(info, value, f"{path}.values[{place}]") for place, value in enumerate(axis.values))
    return list(dict.fromkeys(bound))


def _range(info: ParameterInfo, axis: Axis, path: str) -> AxisValues:
    if info.type not in ("int", "float"):
        raise InvalidRequest("invalid_request", path, f"a {info.type} parameter takes values or fixed, no range")
    for name in ("min", "max"):
        if getattr(axis, name) is UNSET:
            raise InvalidRequest("invalid_request", f"{path}.{name}", "is missing: a range needs min and max")
    low, high = bind_value(info, axis.min, f"{path}.min"), bind_value(info, axis.max, f"{path}.max")
    step = _step(info, axis, f"{path}.step")
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    if low > high:
        raise InvalidRequest("invalid_request", f"{path}.max", f"max {high} is below min {low}")
    first, stride, scale, count = _decimal_steps(low, high, step)
    whole = info.type == "int"
    if max(abs(first), abs(first + count * stride), scale) <= EXACT:
        return Steps(first=first, stride=stride, scale=scale, count=count, whole=whole)
    if count > MAX_VALUES:
        raise _too_many(path, count)
    steps = range(first, first + count * stride, stride)
    return list(steps) if whole else [float(Decimal(value) / scale) for value in steps]


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
        raise InvalidRequest("invalid_request", path, "is missing: the parameter has no step of its own")
    if not math.isfinite(step) or step <= 0:
        raise InvalidRequest("invalid_request", path, f"must be positive, got {step}")
    if info.type == "int":
        if step != int(step):
            raise InvalidRequest("invalid_request", path, f"the step of whole numbers is whole, got {step}")
        return int(step)
    return step


def _too_many(path: str, count: int) -> InvalidRequest:
    told = f"{count:,} values" if count < 10**15 else "endlessly many values"
    return InvalidRequest(
        "invalid_request",
        path,
        f"{told}, with the other axes more than {MAX_VALUES:,}: widen the step or narrow the range",
    )
