"""Conditions between the parameters of a set, as users write them: `fastPeriod < slowPeriod`."""

import ast
import difflib
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest

Kind = Literal["number", "text", "truth"]

_LONGEST: Final = 500
_DEEPEST: Final = 50
_LARGEST: Final = sys.float_info.max
_KINDS: Final[Mapping[str, Kind]] = {"int": "number", "float": "number", "choice": "text", "bool": "truth"}
_ARITHMETIC: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.Mod: np.mod,
}
_ORDER: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_EQUALITY: Final[Mapping[type, Callable[[Any, Any], Any]]] = {ast.Eq: operator.eq, ast.NotEq: operator.ne}


class Condition(NamedTuple):
    """A condition that was checked: `names` of the parameters in it, its one spelling in `text`."""

    expression: ast.expr
    names: frozenset[str]
    text: str

    def holds(self, columns: Mapping[str, Any]) -> Any:
        """Where it holds: `columns` has an array for each of `names`, of shapes that go together.

        Numbers are float64, so whole ones are exact up to 2**53. A division by zero, the remainder of one too, gives an
        infinity or what is no number, and nothing equals or exceeds the latter.
        """
        with np.errstate(all="ignore"):
            return _value(self.expression, columns)


def parse_conditions(texts: Sequence[str], parameters: Sequence[ParameterInfo]) -> list[Condition]:
    """The conditions; InvalidRequest at `conditions[i]` with what is wrong and where, of the first that is.

    Comparisons of numbers, of choices (`mode == "long"`) and of booleans; `+ - * / %`, `and`, `or`, `not`, brackets.
    """
    kinds = {info.name: _KINDS[info.type] for info in parameters}
    return [_parsed(text, f"conditions[{place}]", kinds) for place, text in enumerate(texts)]


def read_conditions(texts: Sequence[str]) -> list[Condition]:
    """Conditions that `parse_conditions` has passed, from their `text`."""
    found = []
    for text in texts:
        expression = ast.parse(text, mode="eval").body
        names = frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name))
        found.append(Condition(expression, names, text))
    return found


def _parsed(text: str, path: str, kinds: Mapping[str, Kind]) -> Condition:
    if len(text) > _LONGEST:
        raise InvalidRequest("invalid_request", path, f"has {len(text)} characters, at most {_LONGEST} are read")
    try:
        expression = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        where = f" at character {error.offset}" if isinstance(error, SyntaxError) and error.offset else ""
        raise InvalidRequest("invalid_request", path, f"{text[:100]!r} cannot be read{where}") from None
    check = _Check(path, kinds)
    if check.kind(expression) != "truth":
        raise InvalidRequest("invalid_request", path, f"{text[:100]!r} is no comparison")
    return Condition(expression, frozenset(check.names), ast.unparse(expression))


class _Check:
    """Finds the kind of each part of an expression, and refuses what is no condition."""

    def __init__(self, path: str, kinds: Mapping[str, Kind]) -> None:
        self._path = path
        self._kinds = kinds
        self._depth = 0
        self.names: set[str] = set()

    def kind(self, node: ast.expr) -> Kind:
        """The kind of a part; InvalidRequest for what cannot be."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InvalidRequest("invalid_request", self._path, f"is nested more than {_DEEPEST} deep")
        kind = self._kind(node)
        self._depth -= 1
        return kind

    def _kind(self, node: ast.expr) -> Kind:
        match node:
            case ast.Constant(value=bool()):
                return "truth"
            case ast.Constant(value=int() | float() as number):
                if not abs(number) <= _LARGEST:
                    raise self._wrong(node, "is no number that float64 holds")
                return "number"
            case ast.Constant(value=str()):
                return "text"
            case ast.Name(id=name):
                return self._parameter(name)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                return self._all("number", operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._all("truth", operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self._all("number", left, right)
            case ast.BoolOp(values=values):
                return self._all("truth", *values)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._comparison([left, *others], ops)
        raise self._wrong(node, "is no part of a condition; there are comparisons, + - * / %, and, or, not")

    def _comparison(self, parts: Sequence[ast.expr], ops: Sequence[ast.cmpop]) -> Kind:
        kinds = [self.kind(part) for part in parts]
        for place, op in enumerate(ops):
            left, right = kinds[place : place + 2]
            if left != right:
                raise self._wrong(parts[place + 1], f"is a {right}, what it is compared with a {left}")
            if type(op) in _ORDER and left != "number":
                raise self._wrong(parts[place], f"is a {left}: only numbers are smaller or larger")
            if type(op) not in _ORDER and type(op) not in _EQUALITY:
                raise self._wrong(parts[place], "is compared in no way that there is; there are < <= > >= == !=")
        return "truth"

    def _all(self, wanted: Kind, *parts: ast.expr) -> Kind:
        for part in parts:
            if self.kind(part) != wanted:
                raise self._wrong(part, f"is no {wanted}")
        return wanted

    def _parameter(self, name: str) -> Kind:
        if name in self._kinds:
            self.names.add(name)
            return self._kinds[name]
        close = difflib.get_close_matches(name, self._kinds, n=1)
        hint = f" (did you mean {close[0]}?)" if close else f"; there are {', '.join(self._kinds)}"
        raise InvalidRequest("unknown_parameter", self._path, f"no such parameter {name!r}{hint}")

    def _wrong(self, node: ast.expr, what: str) -> InvalidRequest:
        return InvalidRequest("invalid_request", self._path, f"{ast.unparse(node)[:100]} {what}")


def _value(node: ast.expr, columns: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=bool() | str() as value):
            return np.asarray(value)
        case ast.Constant(value=number):
            return np.asarray(number, dtype=np.float64)
        case ast.Name(id=name):
            column = columns[name]
            # whole numbers of 64 bits would wrap around where Python's do not
            return column.astype(np.float64) if column.dtype.kind == "i" else column
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return np.logical_not(_value(operand, columns))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return np.negative(_value(operand, columns))
        case ast.UnaryOp(operand=operand):
            return _value(operand, columns)
        case ast.BinOp(left=left, op=arithmetic, right=right):
            return _ARITHMETIC[type(arithmetic)](_value(left, columns), _value(right, columns))
        case ast.BoolOp(op=joint, values=values):
            join = np.logical_and if isinstance(joint, ast.And) else np.logical_or
            found = _value(values[0], columns)
            for other in values[1:]:
                found = join(found, _value(other, columns))
            return found
        case ast.Compare(left=left, ops=ops, comparators=others):
            parts = [_value(part, columns) for part in (left, *others)]
            found = np.asarray(True)
            for place, op in enumerate(ops):
                compare = _ORDER.get(type(op)) or _EQUALITY[type(op)]
                found = np.logical_and(found, compare(parts[place], parts[place + 1]))
            return found
    raise AssertionError(f"{ast.dump(node)} was not refused")
