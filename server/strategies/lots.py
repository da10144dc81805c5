"""Whether a strategy could draw random numbers."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_CERTAIN: Final = frozenset(
    (
        *("__future__", "abc", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions"),
        *("functools", "itertools", "math", "operator", "server", "typing"),
    )
)
"""Modules from which nothing random comes."""


def may_draw_lots(directory: Path) -> bool:
    """Whether anything in the files of a frozen copy imports a module that is not known to be free of chance."""
    files = sorted(directory.rglob("*.py"))
    local = {file.relative_to(directory).parts[0].removesuffix(".py") for file in files}
    imported = {root for file in files for root in _imported(ast.parse(file.read_bytes()))}
    return not imported <= _CERTAIN | local


def _imported(tree: ast.Module) -> Iterator[str]:
    """The first names of the modules that are imported; what calls for a module by other means counts as one."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Name(id="__import__" | "exec" | "eval"):
                yield node.id
