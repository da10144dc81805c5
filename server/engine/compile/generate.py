"""Writes the module of one strategy: its functions and its bar loop."""

import ast
from collections.abc import Sequence
from typing import Final

from server.engine.compile.layout import record_fields
from server.engine.compile.loops import Uses, loop_text, sweep_text
from server.engine.compile.pasting import ENTRIES
from server.engine.compile.plotting import FIELDS, PLOTTED, plotting_text
from server.engine.compile.program import Program

INLINED: Final = [
    "abs_i",
    "at",
    "exact",
    "exact_f",
    "min_f",
    "max_f",
    "min_i",
    "max_i",
    "neg_i",
    "floordiv_i",
    "modulo_i",
    "int_f",
    "floor_f",
    "ceil_f",
    "round_f",
    "sqrt_f",
    "sin_f",
    "cos_f",
    "tan_f",
    "exp_f",
    "expm1_f",
    "log_f",
    "log1p_f",
    "shifted_left",
    "shifted_right",
    "ticks",
    "last_fill",
    "the_asset",
    "count_bar",
]
"""Functions of the kernel's module that become part of a strategy's."""
_STACK: Final = ("copy_back", "first_of", "interrupted", "row", "stack_copy")


def uses_of(program: Program, *, flows: bool, several: bool) -> Uses:
    """What the loop of a program needs."""
    names = {name: function.generated.name for name, function in program.handlers.items()}
    return Uses(
        on_bar=names.get("on_bar", "") if program.reader is None else PLOTTED,
        on_open=names.get("on_open", ""),
        on_fill=names.get("on_fill", ""),
        time=program.uses_time,
        flows=flows,
        several=several,
    )


def module_text(program: Program, uses: Uses, kernel: str) -> str:
    """The whole module; `kernel` is the name of the kernel's."""
    strategy = program.strategy_class
    head = [
        f'"""Generated from {strategy.__qualname__}. Do not edit."""',
        "import math as math__",
        f"from {kernel} import {_renamed(INLINED)}",
        f"from server.engine.compile.entries import {_renamed(ENTRIES)}",
        "from server.engine.compile.checked import add as add__, mul as mul__, sub as sub__",
        "from server.engine.compile.linkage import compiled as compiled__, inlined as inlined__",
        f"from server.engine.compile.stack import {_renamed(_STACK)}",
        "from server.engine.kernel.records import Book as Book__",
        "from server.strategies.types import Bar as Bar__, Open as Open__",
        "from numpy import uint64 as uint64__",
        "int__, float__, bool__, abs__, range__ = int, float, bool, abs, range",
        f"STATE = {[*record_fields(program.layout), *(FIELDS if program.reader else ())]!r}",
    ]
    functions = [
        f"@inlined__\n{ast.unparse(ast.fix_missing_locations(function.generated))}" for function in program.functions
    ]
    if program.reader is not None:
        on_bar = program.handlers["on_bar"].generated.name if "on_bar" in program.handlers else ""
        functions.append(plotting_text(on_bar, program.reader.generated.name, program.plot_count))
    return "\n\n".join(("\n".join(head), *functions, loop_text(uses), sweep_text(uses))) + "\n"


def _renamed(names: Sequence[str]) -> str:
    return ", ".join(f"{name} as {name}__" for name in names)
