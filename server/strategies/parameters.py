"""Turns the parameters of a request into typed values, from their descriptions alone: no user code is imported."""

import difflib
import math
from collections.abc import Iterable, Mapping

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.strategies.naming import camel_case


def bind_parameters(infos: list[ParameterInfo], given: Mapping[str, ParamValue], path: str) -> dict[str, ParamValue]:
    """Every parameter with its value, in the order of `infos`: those given, checked and normalised, and the defaults.

    Names are camelCase; `path` is where `given` stands in the request, as in `strategyParameters`. Raises
    InvalidRequest with all fields at fault: `unknown_parameter`, `parameter_out_of_bounds`, `invalid_request` for a
    value of the wrong type. A `step` constrains nothing.
    """
    by_name = {info.name: info for info in infos}
    bound = {info.name: info.default for info in infos}
    wrong: list[InvalidRequest] = []
    for name, value in given.items():
        try:
            bound[name] = bind_value(find_parameter(by_name, name, path), value, f"{path}.{name}")
        except InvalidRequest as error:
            wrong.append(error)
    if wrong:
        raise _joined(wrong)
    return bound


def find_parameter(infos: Mapping[str, ParameterInfo], name: str, path: str) -> ParameterInfo:
    """The parameter called `name`; raises InvalidRequest `unknown_parameter` with the nearest name there is."""
    if name in infos:
        return infos[name]
    raise InvalidRequest("unknown_parameter", f"{path}.{name}", f"no such parameter{_hint(name, infos)}")


def bind_value(info: ParameterInfo, value: object, path: str) -> ParamValue:
    """`value` as this parameter takes it (`10.0` is 10 for an integer); raises InvalidRequest at `path`."""
    match info.type:
        case "bool":
            if not isinstance(value, bool):
                raise _mistyped(path, "true or false", value)
            return value
        case "choice":
            return _choice(info, value, path)
        case "int" | "float":
            number = _number(info, value, path)
            _check_bounds(info, number, path)
            return number


def _choice(info: ParameterInfo, value: object, path: str) -> str:
    choices = info.choices or []
    expected = f"one of {', '.join(choices)}"
    if not isinstance(value, str):
        raise _mistyped(path, expected, value)
    if value not in choices:
        raise InvalidRequest("parameter_out_of_bounds", path, f"expected {expected}, got {_told(value)}")
    return value


def _number(info: ParameterInfo, value: object, path: str) -> int | float:
    whole = info.type == "int"
    expected = "a whole number" if whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(path, expected, value)
    try:
        number = float(value)
    except OverflowError:
        raise _mistyped(path, expected, value) from None
    if not math.isfinite(number):
        raise _mistyped(path, expected, value)
    if not whole:
        return number
    if not number.is_integer() or not -(2**63) <= int(value) < 2**63:
        raise _mistyped(path, "a whole number of 64 bits", value)
    return int(value)


def _check_bounds(info: ParameterInfo, number: float, path: str) -> None:
    too_small = info.min is not None and number < info.min
    too_large = info.max is not None and number > info.max
    if too_small or too_large:
        bounds = {
            (True, True): f"between {info.min} and {info.max}",
            (True, False): f"at least {info.min}",
            (False, True): f"at most {info.max}",
        }[info.min is not None, info.max is not None]
        raise InvalidRequest("parameter_out_of_bounds", path, f"must be {bounds}, got {number}")


def _hint(name: str, infos: Iterable[str]) -> str:
    known = list(infos)
    near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(camel_case(name), known, n=1)
    if near:
        return f" (did you mean {near[0]}?)"
    return f"; there are {', '.join(known)}" if known else "; the strategy has none"


def _mistyped(path: str, expected: str, value: object) -> InvalidRequest:
    return InvalidRequest("invalid_request", path, f"expected {expected}, got {_told(value)}")


def _told(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _joined(wrong: list[InvalidRequest]) -> InvalidRequest:
    first = wrong[0]
    first.errors = tuple(field for error in wrong for field in error.errors)
    return first
