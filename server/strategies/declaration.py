"""How a strategy declares its parameters: `fast_period: int = param(10, min=2, max=200)`."""

import inspect
import math
import sys
from collections.abc import Sequence
from typing import Any, Final, Literal

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo, ParamType
from server.strategies.errors import DeclarationError
from server.strategies.naming import camel_case

Unit = Literal["raw", "quote"]

_LARGEST: Final = sys.float_info.max

_TYPES: Final[dict[object, ParamType]] = {
    int: "int",
    float: "float",
    bool: "bool",
    str: "choice",
    "int": "int",  # under `from __future__ import annotations`
    "float": "float",
    "bool": "bool",
    "str": "choice",
}


class Param:
    """One declared parameter, before its class gives it a name and a type."""

    __slots__ = ("choices", "default", "description", "max", "min", "step", "unit")

    def __init__(
        self,
        default: ParamValue,
        *,
        min: float | None,
        max: float | None,
        step: float | None,
        unit: Unit,
        choices: Sequence[str] | None,
        description: str,
    ) -> None:
        self.default = default
        self.min = min
        self.max = max
        self.step = step
        self.unit = unit
        self.choices = choices
        self.description = description


def param(
    default: ParamValue,
    *,
    min: float | None = None,
    max: float | None = None,
    step: float | None = None,
    unit: Unit = "raw",
    choices: Sequence[str] | None = None,
    description: str = "",
) -> Any:
    """Declares a parameter of a strategy; the attribute's annotation (int, float, bool or str) is its type.

    `min` and `max` are inclusive; `step` spaces axes and form controls and constrains no value. A float with
    `unit="quote"` is an amount of quote currency, which the strategy sees in ticks. A str needs `choices`.
    """
    return Param(default, min=min, max=max, step=step, unit=unit, choices=choices, description=description)


def declared_parameters(strategy_class: type) -> dict[str, ParameterInfo]:
    """The parameters of a class by their Python names, those of its bases first.

    Raises DeclarationError for what cannot be: no annotation, a default of another type or out of bounds, a step
    that is not positive, two names with one camelCase spelling.
    """
    found: dict[str, ParameterInfo] = {}
    for owner in reversed(strategy_class.__mro__):
        annotations = inspect.get_annotations(owner)
        for name, declared in owner.__dict__.items():
            if isinstance(declared, Param):
                found[name] = _describe(name, annotations.get(name), declared)
    spellings: dict[str, str] = {}
    for name, info in found.items():
        if info.name in spellings:
            raise DeclarationError(name, f"reads {info.name} in requests, as {spellings[info.name]} does; rename one")
        spellings[info.name] = name
    return found


def _describe(name: str, annotation: object, declared: Param) -> ParameterInfo:
    if annotation is None:
        raise DeclarationError(name, "param() needs a type annotation: int, float, bool or str")
    kind = _TYPES.get(annotation)
    if kind is None:
        raise DeclarationError(name, f"a parameter is an int, float, bool or str, not {annotation}")
    if name.startswith("_") or not name.isascii():
        raise DeclarationError(name, "a parameter's name is ASCII and starts with a letter")
    default = _default(name, kind, declared)
    if kind in ("int", "float"):
        _check_numbers(name, kind, declared)
    elif (declared.min, declared.max, declared.step) != (None, None, None) or declared.unit != "raw":
        raise DeclarationError(name, "min, max, step and unit are for numbers")
    return ParameterInfo(
        name=camel_case(name),
        type=kind,
        default=default,
        min=declared.min,
        max=declared.max,
        step=declared.step,
        unit=declared.unit,
        choices=None if declared.choices is None else list(declared.choices),
        description=declared.description,
    )


def _default(name: str, kind: ParamType, declared: Param) -> ParamValue:
    default = declared.default
    match kind:
        case "bool":
            right = isinstance(default, bool)
        case "int":
            right = isinstance(default, int) and not isinstance(default, bool) and -(2**63) <= default < 2**63
        case "float":
            right = isinstance(default, int | float) and not isinstance(default, bool) and abs(default) <= _LARGEST
        case "choice":
            right = _check_choices(name, declared)
    if not right:
        expected = {"choice": "str", "int": "int of 64 bits", "float": "finite float"}.get(kind, kind)
        raise DeclarationError(name, f"the default {default!r} is no {expected}")
    return float(default) if kind == "float" else default


def _check_choices(name: str, declared: Param) -> bool:
    choices = declared.choices
    if not choices or isinstance(choices, str) or not all(isinstance(choice, str) for choice in choices):
        raise DeclarationError(name, "a str parameter needs choices, a list of str")
    if len(set(choices)) != len(choices):
        raise DeclarationError(name, "a choice is listed twice")
    if isinstance(declared.default, str) and declared.default not in choices:
        raise DeclarationError(name, f"the default {declared.default!r} is none of the choices")
    return isinstance(declared.default, str)


def _check_numbers(name: str, kind: ParamType, declared: Param) -> None:
    if declared.choices is not None:
        raise DeclarationError(name, "choices are for str parameters")
    if declared.unit not in ("raw", "quote"):
        raise DeclarationError(name, f"the unit is raw or quote, not {declared.unit!r}")
    if declared.unit == "quote" and kind != "float":
        raise DeclarationError(name, "an amount of quote currency is a float: it is scaled to ticks")
    for word, bound in (("min", declared.min), ("max", declared.max), ("step", declared.step)):
        if bound is None:
            continue
        wanted = int if kind == "int" else (int, float)
        if isinstance(bound, bool) or not isinstance(bound, wanted) or not math.isfinite(bound):
            raise DeclarationError(name, f"{word} {bound!r} is no {kind}")
    if declared.step is not None and declared.step <= 0:
        raise DeclarationError(name, f"the step {declared.step} is not positive")
    low = -math.inf if declared.min is None else declared.min
    high = math.inf if declared.max is None else declared.max
    if low > high:
        raise DeclarationError(name, f"min {low} is above max {high}")
    default = declared.default
    if isinstance(default, int | float) and not low <= default <= high:
        raise DeclarationError(name, f"the default {default} is not between min {low} and max {high}")
