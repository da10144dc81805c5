"""The syntax trees of functions, as they stand in their files."""

import ast
import functools
import linecache
from collections.abc import Callable
from types import FunctionType
from typing import Any, NamedTuple


class Source(NamedTuple):
    """A function's definition, the file that it stands in, and what its free names mean."""

    node: ast.FunctionDef
    file: str
    names: dict[str, Any]


def source_of(function: Callable[..., Any]) -> Source | None:
    """The definition of a function, None where its text is not to be had."""
    if not isinstance(function, FunctionType):
        return None
    code = function.__code__
    for node in _functions(code.co_filename, "".join(linecache.getlines(code.co_filename))):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if node.name == code.co_name and first == code.co_firstlineno:
            cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
            return Source(node, code.co_filename, {**function.__globals__, **dict(_contents(cells))})
    return None


def _contents(cells: Any) -> list[tuple[str, Any]]:
    return [(name, cell.cell_contents) for name, cell in cells if name != "__class__"]


def globals_set_in(file: str) -> frozenset[str]:
    """The names of a module that its functions set by `global`: no constants."""
    return _globals_set("".join(linecache.getlines(file)))


@functools.lru_cache(maxsize=64)
def _globals_set(text: str) -> frozenset[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return frozenset()
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)


@functools.lru_cache(maxsize=64)
def _functions(file: str, text: str) -> tuple[ast.FunctionDef, ...]:
    try:
        tree = ast.parse(text, filename=file)
    except SyntaxError:
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
