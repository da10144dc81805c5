"""The record that an object becomes: its fields as `init` left them."""

import inspect
from collections.abc import Iterator
from typing import Any

from server.engine.compile.kinds import Kind, Layout, Text, Unknown, Value, Window, kind_of_number
from server.engine.compile.problems import Problem
from server.strategies.indicators import Indicator
from server.strategies.strategy import Strategy, parameters_of
from server.strategies.window import Window as WindowOfNumbers


def examined(strategy: Strategy) -> tuple[Layout, list[Problem]]:
    """The layout of a strategy after its `init`, with Unknown for every field that a record cannot hold, and why."""
    problems: list[Problem] = []
    return _layout(strategy, problems, {id(strategy)}), problems


def record_fields(layout: Layout) -> list[tuple[str, Any]]:
    """The fields of the record as numpy describes them: a window has two, where it begins and how long it is."""
    fields: list[tuple[str, Any]] = []
    for name, kind in layout.fields:
        match kind:
            case Layout():
                fields.append((name, record_fields(kind)))
            case Window():
                fields += [(name, "i8"), (f"{name}_length__", "i8")]
            case Kind.INT:
                fields.append((name, "i8"))
            case Kind.FLOAT:
                fields.append((name, "f8"))
            case Kind.BOOL:
                fields.append((name, "?"))
            case _:
                pass
    return fields or [("nothing__", "i8")]


def _layout(item: Any, problems: list[Problem], seen: set[int]) -> Layout:
    fields: list[tuple[str, Value]] = []
    for name, value in _state(item):
        if name.endswith("__"):
            problems.append(_problem(item, name, f"self.{name}: names that end with __ are for the compiler"))
        fields.append((name, _kind(item, name, value, problems, seen) or Unknown()))
    readonly = frozenset(parameters_of(type(item))) if isinstance(item, Strategy) else frozenset()
    return Layout(type(item), tuple(fields), readonly)


def _state(item: Any) -> Iterator[tuple[str, Any]]:
    """The attributes that are the user's own."""
    for name, value in vars(item).items():
        if not (isinstance(item, Strategy) and name in ("_desk", "_position")):
            yield name, value


def _kind(item: Any, name: str, value: Any, problems: list[Problem], seen: set[int]) -> Value | None:
    number = kind_of_number(value)
    if number is Kind.INT and not -(2**63) <= value < 2**63:
        problems.append(_problem(item, name, f"self.{name} is a whole number beyond 64 bits"))
        return None
    if number is not None:
        return number
    if isinstance(value, WindowOfNumbers | Indicator):
        if id(value) in seen:
            problems.append(_problem(item, name, f"self.{name} is an object that another field has already"))
            return None
        seen.add(id(value))
    if isinstance(value, WindowOfNumbers):
        element = kind_of_number(value[0]) if len(value) else None
        if element in (Kind.INT, Kind.FLOAT) and len(set(map(type, value))) == 1:
            return Window(element)
        problems.append(_problem(item, name, f"self.{name} mixes whole numbers and floats"))
        return None
    if isinstance(value, Indicator):
        return _layout(value, problems, seen)
    if isinstance(value, str) and isinstance(item, Strategy) and name in parameters_of(type(item)):
        return Text(value)
    hint = " (begin with a number, as in 0.0 or math.nan)" if value is None else ""
    problems.append(
        _problem(
            item,
            name,
            f"self.{name} is a {type(value).__name__}: what bar code keeps is an int, float, bool, window(n), "
            f"int_window(n) or an Indicator{hint}",
        )
    )
    return None


def _problem(item: Any, name: str, message: str) -> Problem:
    """Points at the line that sets the attribute."""
    made = type(item).init if isinstance(item, Strategy) else type(item).__init__
    try:
        lines, first = inspect.getsourcelines(made)
        file = inspect.getsourcefile(made) or "?"
    except (OSError, TypeError):
        return Problem(type(item).__name__, 0, 0, message)
    for number, line in enumerate(lines):
        if f"self.{name}" in line:
            return Problem(file, first + number, len(line) - len(line.lstrip()), message)
    return Problem(file, first, 0, message)
