"""A strategy class as a program: its handlers and all functions that they call, translated for one layout."""

import ast
import inspect
import itertools
import math
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from server.engine.compile import api
from server.engine.compile.kinds import Kind, Layout, Value, Window
from server.engine.compile.problems import NotCompilable, Problem, Stop
from server.engine.compile.source import Source, source_of
from server.engine.compile.statements import Function
from server.strategies.plots import Plot
from server.strategies.strategy import Strategy

_Key = tuple[FunctionType, Layout | None, tuple[Value, ...], bool]


class Program:
    """The functions of one strategy class for one layout, callees before their callers.

    `plots` are read by the function `reader`, which gives a tuple of floats. Raises NotCompilable with all problems of
    all functions.
    """

    def __init__(self, strategy_class: type[Strategy], layout: Layout, plots: Sequence[Plot] = ()) -> None:
        self.strategy_class = strategy_class
        self.layout = layout
        self.mixed: set[tuple[type, str]] = set()
        """Fields of floats that whole numbers are stored in, and windows: in Python these stay whole."""
        problems: list[Problem] = []
        known: set[tuple[type, str]] | None = None
        while known != self.mixed:  # what is stored later decides what was read before
            known = set(self.mixed)
            problems = self._translated(plots)
        if problems:
            raise NotCompilable(problems)

    def _translated(self, plots: Sequence[Plot]) -> list[Problem]:
        """Translates everything, with what is known of `mixed`; what stands against it."""
        self.uses_time = False
        self._numbers_of_texts: dict[str, int] = {}
        self.functions: list[Function] = []
        self._made: dict[_Key, Function] = {}
        self._being_made: list[tuple[FunctionType, Layout | None]] = []
        self._numbers = itertools.count()
        self.handlers: dict[str, Function] = {}
        problems: list[Problem] = []
        for name, handed in api.HANDLERS.items():
            handler = getattr(self.strategy_class, name)
            if handler is not getattr(Strategy, name):
                try:
                    self.handlers[name] = self._handler(name, handler, (handed,))
                except Stop as stop:
                    problems.append(problem_at(handler, self.strategy_class, str(stop)))
        self.plot_count = len(plots)
        self.reader: Function | None = None
        if plots:
            self.reader = self._reader(plots)
            problems += [
                problem_at(None, self.strategy_class, f"plots: {told.message}") for told in self.reader.problems
            ]
            self.reader.problems.clear()
        self.functions = self._reached()
        return [*problems, *(problem for function in self.functions for problem in function.problems)]

    def kept(self, layout: Layout, name: str, kind: Value) -> Value:
        """The kind of a field, of a window that of its elements, as Python may have it."""
        if (layout.of, name) not in self.mixed:
            return kind
        if isinstance(kind, Window):
            return Window(Kind.MIXED) if kind.element is Kind.FLOAT else kind
        return Kind.MIXED if kind is Kind.FLOAT else kind

    def function(
        self,
        function: FunctionType,
        layout: Layout | None,
        arguments: tuple[Value, ...],
        what: str,
        *,
        discarded: bool = False,
        handler: bool = False,
    ) -> Function:
        """The translation of a function for these kinds of arguments; Stop when there can be none."""
        key = (function, layout, arguments, discarded)
        if (function, layout) in self._being_made:
            raise Stop(f"{what} calls itself: recursion is not available in bar code")
        if key in self._made:
            return self._made[key]
        source = source_of(function)
        if source is None:
            raise Stop(f"the source of {what} is not to be had")
        made = Function(self, source, layout)
        self._being_made.append((function, layout))
        name = f"{_plain(function.__qualname__)}_{next(self._numbers)}__"
        try:
            made.translate(name, arguments, discarded=discarded, handler=handler)
        finally:
            self._being_made.pop()
        self._made[key] = made
        self.functions.append(made)
        return made

    def number_of(self, text: str) -> int:
        """The number by which machine code knows a text."""
        return self._numbers_of_texts.setdefault(text, len(self._numbers_of_texts))

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts by their numbers."""
        return tuple(self._numbers_of_texts)

    def _reached(self) -> list[Function]:
        """What the handlers really call: a first guess at a kind may have translated more."""
        reached: set[int] = set()
        waiting = [*self.handlers.values(), *([] if self.reader is None else [self.reader])]
        while waiting:
            function = waiting.pop()
            if id(function) not in reached:
                reached.add(id(function))
                waiting += function.callees
        return [function for function in self.functions if id(function) in reached]

    def _reader(self, plots: Sequence[Plot]) -> Function:
        """Reads what the strategy plots; its text is not the user's, so its problems stand at the class."""
        parts = (
            f"float(self.{plot.path})" + f" if self.{plot.ready}.ready else nan" * bool(plot.ready) for plot in plots
        )
        (node,) = ast.parse(f"def plotted(self):\n    return ({', '.join(parts)},)").body
        assert isinstance(node, ast.FunctionDef)
        made = Function(self, Source(node, "", {"nan": math.nan}), self.layout)
        made.translate(f"plotted_{next(self._numbers)}__", ())
        self.functions.append(made)
        return made

    def _handler(self, name: str, handler: Any, arguments: tuple[Value, ...]) -> Function:
        if not isinstance(handler, FunctionType):
            raise Stop(f"{name} is no plain method")
        if len(inspect.signature(handler).parameters) != 1 + len(arguments):
            raise Stop(f"{name} takes {len(arguments)} argument besides self")
        return self.function(handler, self.layout, arguments, name, handler=True)


def problem_at(function: Any, strategy_class: type[Strategy], message: str) -> Problem:
    """A problem of a function that has no lines to translate; of what has no code at all, at its class."""
    code = getattr(function, "__code__", None)
    if code is not None:
        return Problem(code.co_filename, code.co_firstlineno, 0, message)
    try:
        return Problem(inspect.getfile(strategy_class), inspect.getsourcelines(strategy_class)[1], 0, message)
    except (OSError, TypeError):
        return Problem("", 0, 0, message)


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
