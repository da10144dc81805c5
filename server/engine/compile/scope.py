"""What is known while one function is translated."""

import ast
import linecache
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Final

from server.engine.compile.kinds import FLOATS, Clash, Kind, Layout, Value, is_number, joined, shown
from server.engine.compile.nodes import Translated, call, converted, stopped
from server.engine.compile.problems import Problem, Stop
from server.engine.compile.source import Source

if TYPE_CHECKING:
    from server.engine.compile.program import Program

_SHIPPED: Final = "server.strategies.indicators"


class Scope:
    """The names of one function, the problems found in it, and the expressions that have to be of some kind."""

    def __init__(self, program: "Program", source: Source, layout: Layout | None) -> None:
        self.program = program
        self.source = source
        self.layout = layout
        # the indices of what is shipped are tested; those of users are checked while bars are delivered
        self.trusted = str(source.names.get("__name__", "")).startswith(_SHIPPED) and is_shipped(layout)
        self.me: str | None = None
        if layout is not None:
            self.me = next((one.arg for one in (*source.node.args.posonlyargs, *source.node.args.args)), "self__")
        self.kinds: dict[str, Value] = {}
        self.aliases: dict[str, Translated] = {}
        self.assigned: set[str] = set()
        self.spoiled: set[str] = set()  # names whose values could not be translated, which is told already
        self.owners: dict[str, Layout] = {}  # of what stands before the dot of a field
        self.problems: list[Problem] = []

    def problem(self, node: ast.AST, message: str) -> None:
        """Notes why this place cannot be compiled, once."""
        line, offset = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        text = linecache.getline(self.source.file, line).encode()
        problem = Problem(self.source.file, line, len(text[:offset].decode(errors="replace")), message)
        if message and not any(known.line == line and known.message == message for known in self.problems):
            self.problems.append(problem)

    def expression(self, node: ast.expr) -> Translated:
        """The translation of any expression; raises Stop."""
        try:
            translated, kind = self._translated(node)
        except Stop as stop:
            stop.node = stop.node or node
            raise
        return ast.copy_location(translated, node), kind

    def number(self, node: ast.expr, what: str) -> Translated:
        """An expression that has to be a number."""
        translated, kind = self.expression(node)
        if not is_number(kind):
            raise stopped(node, f"{what} needs a number, this is {shown(kind)}")
        return translated, kind

    def whole(self, node: ast.expr, what: str) -> ast.expr:
        """An expression that has to be a whole number."""
        translated, kind = self.number(node, what)
        if kind in FLOATS:
            raise stopped(node, f"{what} is a whole number, this is float; use int() or round()")
        return converted(translated, kind, Kind.INT)

    def condition(self, node: ast.expr) -> ast.expr:
        """An expression that is true or false; of what and/or join only that matters, whatever numbers they are."""
        if isinstance(node, ast.BoolOp):
            return ast.copy_location(ast.BoolOp(node.op, [self.condition(part) for part in node.values]), node)
        translated, kind = self.expression(node)
        if not is_number(kind):
            raise stopped(node, f"a condition is a comparison or a number, this is {shown(kind)}")
        return translated if kind is Kind.BOOL else call("bool__", translated)

    def join(self, node: ast.AST, what: str, first: Value | None, second: Value) -> Value:
        """The kind that `what` has when it is of both."""
        try:
            return joined(first, second)
        except Clash as clash:
            self.problem(node, f"{what} {clash}")
            return second if first is None else first

    def is_module(self, node: ast.expr) -> ModuleType | None:
        """The module that a name stands for, None when it stands for none."""
        if isinstance(node, ast.Name) and node.id not in self.kinds:
            found = self.source.names.get(node.id)
            return found if isinstance(found, ModuleType) else None
        return None

    def called(
        self,
        node: ast.AST,
        function: FunctionType,
        layout: Layout | None,
        target: ast.expr | None,
        arguments: list[Translated],
        what: str,
        *,
        discarded: bool = False,
    ) -> Translated:
        """A call of the user's own function or method; `target` is the record of the method's object."""
        raise NotImplementedError

    def _translated(self, node: ast.expr) -> Translated:
        raise NotImplementedError


def is_shipped(layout: Layout | None) -> bool:
    """Whether a class is one of the shipped indicators, or there is none."""
    return layout is None or layout.of.__module__.startswith(_SHIPPED)
