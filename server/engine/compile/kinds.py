"""The kinds of values that bar code has: what is known of an expression before anything runs."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias


class Kind(Enum):
    """Numbers, and the result of what returns nothing.

    MIXED is a float in machine code and in Python a float or a whole number, as what is kept in a float field.
    """

    INT = "int"
    FLOAT = "float"
    MIXED = "float or int"
    BOOL = "bool"
    NONE = "None"


@dataclass(frozen=True)
class Window:
    """A stretch of the arena of floats, or of whole numbers."""

    element: Kind


@dataclass(frozen=True)
class Several:
    """A tuple of numbers."""

    elements: tuple["Value", ...]


@dataclass(frozen=True)
class View:
    """What a strategy is handed and may only read: a bar, an open, a fill."""

    name: str
    fields: tuple[tuple[str, Kind], ...]

    def field(self, name: str) -> Kind | None:
        """The kind of a field, None where there is none."""
        return dict(self.fields).get(name)


@dataclass(frozen=True)
class Text:
    """A choice, whose text is known when a parameter set is compiled."""

    value: str


@dataclass(frozen=True)
class Layout:
    """The fields of one object as `init` left them: a strategy, or an indicator."""

    of: type
    fields: tuple[tuple[str, "Value"], ...]
    readonly: frozenset[str] = field(default=frozenset(), compare=False)

    def field(self, name: str) -> "Value | None":
        """The kind of a field, None where there is none."""
        return dict(self.fields).get(name)


@dataclass(frozen=True)
class Unknown:
    """A field that no record can hold, which is told where it is made."""


Value: TypeAlias = Kind | Window | Several | View | Text | Layout | Unknown
FLOATS: Final = (Kind.FLOAT, Kind.MIXED)
NUMBERS: Final = (Kind.INT, Kind.BOOL, *FLOATS)


class Clash(Exception):
    """One name is to be of two kinds."""


def is_number(value: Value) -> bool:
    """Whether arithmetic can be done with it."""
    return value in NUMBERS


def joined(first: Value | None, second: Value) -> Value:
    """The kind of what is sometimes the one and sometimes the other; raises Clash where there is none."""
    if first is None or first == second:
        return second
    if first in NUMBERS and second in NUMBERS:
        return Kind.MIXED if first in FLOATS or second in FLOATS else Kind.INT
    if isinstance(first, Several) and isinstance(second, Several) and len(first.elements) == len(second.elements):
        return Several(tuple(joined(a, b) for a, b in zip(first.elements, second.elements, strict=True)))
    raise Clash(f"is {shown(first)} in one place and {shown(second)} in another")


def kind_of_number(value: object) -> Kind | None:
    """The kind of a plain number, None for anything else."""
    return {int: Kind.INT, float: Kind.FLOAT, bool: Kind.BOOL}.get(type(value))


def shown(value: Value) -> str:
    """The kind in the words of an error."""
    match value:
        case Kind():
            return value.value
        case Window():
            return "a window"
        case Several():
            return "a tuple"
        case View():
            return f"the {value.name}"
        case Text():
            return "text"
        case Layout():
            return value.of.__name__
        case Unknown():
            return "unknown"


def view(name: str, ints: str, floats: str = "", order: str = "") -> View:
    """A view whose fields are whole numbers (`ints`) and floats."""
    kinds = {**dict.fromkeys(ints.split(), Kind.INT), **dict.fromkeys(floats.split(), Kind.FLOAT)}
    return View(name, tuple((field, kinds[field]) for field in (order or ints).split()))


BAR: Final = view("bar", "i asset time open high low close volume feed")
OPEN: Final = view("open", "i asset time open")
FILL: Final = view(
    "fill", "order asset price", "quantity commission position", "order asset quantity price commission position"
)
