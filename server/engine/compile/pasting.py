"""The kernel's own text, as it is pasted into the module that compiles it."""

import ast
import functools
import hashlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Final, NamedTuple

import llvmlite
import numba
import numpy as np

from server.engine.compile import linkage, runtime, stack
from server.engine.compile.nodes import function_definition
from server.engine.kernel import arithmetic, closing, fills, journal, matching, placing, sizing, table, tally

_MODULES: Final = (arithmetic, journal, table, fills, sizing, closing, matching, placing, tally)
_INLINED: Final = frozenset(
    (
        *("count_bar", "end_fall", "end_spell", "draw_bar", "ticks", "last_fill"),
        *("at", "exact", "exact_f", "min_f", "max_f", "min_i", "max_i"),
        *("abs_i", "neg_i", "floordiv_i", "modulo_i", "int_f", "floor_f", "sqrt_f"),
    )
)
"""Functions that run on every bar; they are compiled into whoever calls them."""
ENTRIES: Final = (
    "order",
    "market_order",
    "close_position",
    "cancel_order",
    "cancel_asset",
    "add_target",
    "move",
    "waiting_orders",
    "equity_of",
    "match",
    "match_bar",
    "revalue",
    "flatten",
    "pay",
    "count_bars",
    "draw_bar",
    "note_signal",
    "note_warning",
    "draw_bars",
)
"""What the modules of strategies call in the kernel's."""


class _Rows(ast.NodeTransformer):
    """Writes the rows and lengths of the book's tables as compiled code has them: by the address of the first row."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.value) in ("book.assets", "book.orders", "book.journal"):
            return ast.Call(ast.Name("row__", ast.Load()), [node.value, node.slice], [])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        lengths = {"len(book.assets)": "book.terms.asset_count", "len(book.journal)": "book.terms.journal_rows"}
        replaced = lengths.get(ast.unparse(node))
        if replaced is not None:
            return ast.parse(replaced, mode="eval").body
        self.generic_visit(node)
        return node


class Pasted(NamedTuple):
    """The kernel as one module; `digest` names this text under these versions of the compiler."""

    text: str
    digest: str
    functions: dict[str, ast.FunctionDef]


@functools.cache
def kernel() -> Pasted:
    """The source of the kernel: constants, record types, functions; those of `runtime` replace their namesakes."""
    functions = {node.name: node for node in _functions(runtime)}
    constants: dict[str, int | float] = {}
    for module in (runtime, *_MODULES):
        for node in _functions(module):
            _collect_constants(node, module, constants)
            if module is not runtime:
                functions.setdefault(node.name, node)
    head = [
        '"""The kernel, generated from server.engine.kernel. Do not edit."""',
        "import math",
        "from server.engine.compile.linkage import compiled, inlined",
        "from server.engine.compile.stack import bits_of, copy_back, row as row__, stack_copy",
        "from server.strategies.types import Fill",
        *(f"{name} = {value!r}" for name, value in sorted(constants.items())),
    ]
    text = "\n".join(head) + "\n\n" + "\n\n".join(_pasted(node) for node in functions.values()) + "\n"
    return Pasted(text, digest_of(text, inspect.getsource(linkage), inspect.getsource(stack)), functions)


def digest_of(*texts: str) -> str:
    """Names a generated module by all that decides its machine code."""
    versions = (numba.__version__, llvmlite.__version__, np.__version__)
    return hashlib.sha256("\0".join((*texts, *versions)).encode()).hexdigest()[:24]


def _functions(module: ModuleType) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(inspect.getsource(module))
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def _pasted(node: ast.FunctionDef) -> str:
    """The function without annotations and docstring."""
    arguments = [argument.arg for argument in node.args.args]
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    plain = _Rows().visit(function_definition(node.name, arguments, body))
    return f"@{'inlined' if node.name in _INLINED else 'compiled'}\n{ast.unparse(ast.fix_missing_locations(plain))}"


def _collect_constants(node: ast.FunctionDef, module: ModuleType, constants: dict[str, int | float]) -> None:
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
            value = vars(module).get(name.id)
            if isinstance(value, int | float) and constants.setdefault(name.id, value) != value:
                raise AssertionError(f"two constants of the kernel are called {name.id}")
