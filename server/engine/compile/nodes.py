"""Pieces of generated code, and how a number of one kind becomes one of another."""

import ast
import difflib
from collections.abc import Iterable

from server.engine.compile.kinds import FLOATS, Kind, Value, is_number
from server.engine.compile.problems import Stop

Translated = tuple[ast.expr, Value]
"""An expression of the generated code, and its kind."""


def stopped(node: ast.AST, message: str) -> Stop:
    """A Stop at a place."""
    stop = Stop(message)
    stop.node = node
    return stop


def converted(value: ast.expr, kind: Value, wanted: Value) -> ast.expr:
    """A number as it is where another kind of number is kept; whole ones that a float does not hold raise."""
    if kind == wanted or not is_number(kind) or (kind in FLOATS and wanted in FLOATS):
        return value
    if wanted is Kind.INT and kind is Kind.BOOL:
        return call("int__", value)
    if wanted in FLOATS:
        return as_float(exact(value) if kind is Kind.INT else value, kind)
    return value


def as_float(value: ast.expr, kind: Value) -> ast.expr:
    """float() of a number."""
    return call("float__", call("int__", value) if kind is Kind.BOOL else value)


def exact(node: ast.expr) -> ast.expr:
    """A whole number that is about to become a float: one beyond 2**53 would lose digits that Python keeps."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and abs(node.value) <= 2**53:
        return node
    return call("exact__", node)


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """A call of one of the functions that generated code has at hand."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def function_definition(name: str, arguments: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """A function without annotations, defaults and decorators."""
    made = ast.parse(f"def {name}({', '.join(arguments)}): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.body = body
    return made


def length_of(window: ast.Attribute) -> ast.expr:
    """How many numbers a window holds."""
    return ast.Attribute(window.value, f"{window.attr}_length__", ast.Load())


def near(name: str, names: Iterable[str]) -> str:
    """What was meant, where that can be guessed."""
    found = difflib.get_close_matches(name, list(names), n=1)
    return f" (did you mean {found[0]}?)" if found else ""
