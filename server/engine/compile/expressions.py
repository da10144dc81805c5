"""Translates the expressions of one function: each to an expression of the generated code, and its kind."""

import ast
import difflib
import linecache
import math
from collections.abc import Iterable
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from server.engine.compile import api
from server.engine.compile.kinds import (
    Clash,
    Kind,
    Layout,
    Several,
    Text,
    Unknown,
    Value,
    View,
    Window,
    is_number,
    joined,
    kind_of_number,
    shown,
)
from server.engine.compile.problems import Problem, Stop
from server.engine.compile.source import Source, globals_set_in
from server.engine.compile.words import NOT_AVAILABLE
from server.strategies.strategy import Strategy

if TYPE_CHECKING:
    from server.engine.compile.program import Program

Translated = tuple[ast.expr, Value]
_SHIPPED: Final = "server.strategies.indicators"
_CHECKED: Final = {ast.Add: "add__", ast.Sub: "sub__", ast.Mult: "mul__"}
_SHIFTS: Final = {ast.LShift: "shifted_left__", ast.RShift: "shifted_right__"}
_WHOLE_ONLY: Final = (ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)


class Expressions:
    """What the translation of one function knows, and how it reads expressions."""

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
        if kind is Kind.FLOAT:
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

    def call(self, node: ast.Call, *, discarded: bool = False) -> Translated:
        """Any call; `discarded` where nobody reads its result."""
        raise NotImplementedError

    def _translated(self, node: ast.expr) -> Translated:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BoolOp():
                return self._boolean(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                return self._choice(node)
            case ast.Tuple():
                parts = [self.expression(element) for element in node.elts]
                return ast.Tuple([part for part, _ in parts], ast.Load()), Several(tuple(kind for _, kind in parts))
            case ast.Subscript():
                return self.item(node, ast.Load())
            case ast.Call():
                return self.call(node)
            case _:
                name = type(node).__name__
                raise Stop(NOT_AVAILABLE.get(name, f"{name} is not available in bar code"))

    def _choice(self, node: ast.IfExp) -> Translated:
        test = self.condition(node.test)
        first, first_kind = self.expression(node.body)
        second, second_kind = self.expression(node.orelse)
        kind = self.join(node, "this expression", first_kind, second_kind)
        if not (is_number(kind) or isinstance(kind, Several)):
            raise Stop(f"if … else chooses between numbers, this is {shown(kind)}: write an if of its own")
        return ast.IfExp(test, converted(first, first_kind, kind), converted(second, second_kind, kind)), kind

    def _constant(self, node: ast.Constant) -> Translated:
        kind = kind_of_number(node.value)
        if kind is not None:
            return self.literal(node.value), kind
        if isinstance(node.value, str):
            return ast.Constant(value=0), Text(node.value)
        if node.value is None:
            raise Stop("None has no place in bar code: leave the argument out, or keep a True/False field beside it")
        raise Stop(f"{node.value!r} is not available in bar code")

    def literal(self, value: Any) -> ast.expr:
        """A number as the generated code spells it."""
        if type(value) is int and not -(2**63) <= value < 2**63:
            raise Stop(f"{value} does not fit into 64 bits")
        if isinstance(value, float) and not math.isfinite(value):
            text = "math__.nan" if math.isnan(value) else "math__.inf" if value > 0 else "-math__.inf"
        else:
            text = repr(value)
        return ast.parse(text, mode="eval").body

    def _name(self, node: ast.Name) -> Translated:
        if node.id == self.me and self.layout is not None:
            return ast.Name(node.id, ast.Load()), self.layout
        if node.id in self.spoiled:
            raise Stop("")
        if node.id in self.aliases or node.id in self.kinds:
            if node.id not in self.assigned:
                self.problem(node, f"{node.id} may be used before it has a value (it is set on some paths only)")
            if node.id in self.aliases:
                return self.aliases[node.id]
            return ast.Name(node.id, ast.Load()), self.kinds[node.id]
        if node.id in self.source.names:
            value = self.source.names[node.id]
            kind = kind_of_number(value)
            if node.id in globals_set_in(self.source.file):
                raise Stop(f"{node.id} is set by a function: keep on self what changes")
            if kind is not None:
                return self.literal(value), kind
            raise Stop(f"{node.id} is a {type(value).__name__} of the module: bar code reads only numbers there")
        raise Stop(f"{node.id} is not defined{near(node.id, [*self.kinds, *self.source.names])}")

    def _attribute(self, node: ast.Attribute) -> Translated:
        module = self.is_module(node.value)
        if module is not None:
            value = getattr(module, node.attr, None)
            kind = kind_of_number(value)
            if kind is None:
                raise Stop(f"{ast.unparse(node)} is not available in bar code")
            return self.literal(value), kind
        owner, kind_of_owner = self.expression(node.value)
        if isinstance(kind_of_owner, View):
            kind = kind_of_owner.field(node.attr)
            if kind is None:
                names = [name for name, _ in kind_of_owner.fields]
                raise Stop(f"the {kind_of_owner.name} has no {node.attr}{near(node.attr, names)}")
            return ast.Attribute(owner, node.attr, ast.Load()), kind
        if isinstance(kind_of_owner, Layout):
            self.owners[ast.unparse(owner)] = kind_of_owner
            return self._field(node, owner, kind_of_owner)
        raise Stop(f"{shown(kind_of_owner)} has no .{node.attr}")

    def _field(self, node: ast.Attribute, owner: ast.expr, layout: Layout) -> Translated:
        kind = layout.field(node.attr)
        if isinstance(kind, Unknown):
            raise Stop("")
        if kind is not None:
            return ast.Attribute(owner, node.attr, ast.Load()), kind
        is_strategy = issubclass(layout.of, Strategy)
        declared = getattr(layout.of, node.attr, None)
        if is_strategy and node.attr in api.PROPERTIES and declared is getattr(Strategy, node.attr):
            text, kind_of_property = api.PROPERTIES[node.attr]
            return ast.parse(text, mode="eval").body, kind_of_property
        if isinstance(declared, property) and isinstance(declared.fget, FunctionType):
            return self.called(node, declared.fget, layout, owner, [], f"{layout.of.__name__}.{node.attr}")
        number = kind_of_number(declared)
        if number is not None:
            return self.literal(declared), number
        if callable(declared):
            raise Stop(f"{node.attr} is a method: call it, as in .{node.attr}(…)")
        names = [name for name, _ in layout.fields] + (list(api.PROPERTIES) if is_strategy else [])
        raise Stop(f"{layout.of.__name__} has no {node.attr}{near(node.attr, names)}")

    def _binary(self, node: ast.BinOp) -> Translated:
        left, left_kind = self.number(node.left, ast.unparse(node))
        right, right_kind = self.number(node.right, ast.unparse(node))
        operator = type(node.op)
        floating = Kind.FLOAT in (left_kind, right_kind)
        if operator is ast.Pow:
            raise Stop("** may differ in the last bit between Python and compiled code: write x * x, or use math.sqrt")
        if operator is ast.MatMult:
            raise Stop("@ is not available in bar code")
        if operator in _WHOLE_ONLY:
            if floating:
                raise Stop(f"{ast.unparse(node)} needs whole numbers")
            if operator in _SHIFTS:
                return call(_SHIFTS[operator], left, right), Kind.INT
            both = left_kind is Kind.BOOL and right_kind is Kind.BOOL
            return ast.BinOp(left, node.op, right), Kind.BOOL if both else Kind.INT
        if operator is ast.Div:
            if not floating:
                left, right = exact(left), exact(right)
            return ast.BinOp(left, node.op, right), Kind.FLOAT
        if not floating and operator is ast.FloorDiv and not isinstance(right, ast.Constant):
            return call("floordiv_i__", left, right), Kind.INT
        if not floating and operator in _CHECKED:
            return call(_CHECKED[operator], left, right), Kind.INT
        if not floating and operator is ast.Mod and not isinstance(right, ast.Constant):
            return call("modulo_i__", left, right), Kind.INT
        return ast.BinOp(left, node.op, right), Kind.FLOAT if floating else Kind.INT

    def _unary(self, node: ast.UnaryOp) -> Translated:
        operand, kind = self.number(node.operand, ast.unparse(node))
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, operand), Kind.BOOL
        if kind is Kind.BOOL:
            operand, kind = call("int__", operand), Kind.INT
        if isinstance(node.op, ast.USub) and kind is Kind.INT and not isinstance(operand, ast.Constant):
            return call("neg_i__", operand), kind
        return ast.UnaryOp(node.op, operand), kind

    def _boolean(self, node: ast.BoolOp) -> Translated:
        parts = [self.number(value, "and/or") for value in node.values]
        kinds = {kind for _, kind in parts}
        if len(kinds) > 1:
            raise Stop("and/or mixes kinds of numbers: write the comparison, as in x != 0")
        return ast.BoolOp(node.op, [part for part, _ in parts]), kinds.pop()

    def _comparison(self, node: ast.Compare) -> Translated:
        if any(isinstance(operator, ast.In | ast.NotIn | ast.Is | ast.IsNot) for operator in node.ops):
            raise Stop("in and is are not available in bar code: compare with == or <")
        parts = [self.expression(part) for part in (node.left, *node.comparators)]
        if any(isinstance(kind, Text) for _, kind in parts):
            return self._text_comparison(node, [kind for _, kind in parts])
        if not all(is_number(kind) for _, kind in parts):
            other = next(kind for _, kind in parts if not is_number(kind))
            raise Stop(f"a comparison needs numbers, this is {shown(other)}")
        translated = [part for part, _ in parts]
        if {Kind.FLOAT, Kind.INT} <= {kind for _, kind in parts}:
            translated = [exact(part) if kind is Kind.INT else part for part, kind in parts]
        return ast.Compare(translated[0], node.ops, translated[1:]), Kind.BOOL

    def _text_comparison(self, node: ast.Compare, kinds: list[Value]) -> Translated:
        """A choice compared with a text: known before the run."""
        operator = node.ops[0]
        first, second = kinds[0], kinds[-1]
        if len(kinds) != 2 or not isinstance(operator, ast.Eq | ast.NotEq):
            raise Stop("a choice is compared with == or != to one text")
        if not (isinstance(first, Text) and isinstance(second, Text)):
            raise Stop("text is compared with a number")
        equal = first.value == second.value
        return ast.Constant(value=equal == isinstance(operator, ast.Eq)), Kind.BOOL

    def item(self, node: ast.Subscript, context: ast.expr_context) -> Translated:
        """One number of a window, or of a tuple."""
        owner, kind = self.expression(node.value)
        if isinstance(node.slice, ast.Slice):
            raise stopped(node.slice, NOT_AVAILABLE["Slice"])
        if isinstance(kind, Several):
            position = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if type(position) is not int or not 0 <= position < len(kind.elements):
                raise Stop("the index of a tuple is a number within it, written out")
            return ast.Subscript(owner, ast.Constant(value=position), context), kind.elements[position]
        if not isinstance(kind, Window) or not isinstance(owner, ast.Attribute):
            raise Stop(f"{shown(kind)} has no items")
        if isinstance(node.slice, ast.UnaryOp) and isinstance(node.slice.op, ast.USub):
            raise Stop("a window is indexed from 0 on")
        index = self.whole(node.slice, "the index of a window")
        place = index if self.trusted else call("at__", index, length_of(owner))
        arena = "floats__" if kind.element is Kind.FLOAT else "ints__"
        offset = ast.BinOp(ast.Attribute(owner.value, owner.attr, ast.Load()), ast.Add(), place)
        return ast.Subscript(ast.Name(arena, ast.Load()), call("uint64__", offset), context), kind.element


def stopped(node: ast.AST, message: str) -> Stop:
    """A Stop at a place."""
    stop = Stop(message)
    stop.node = node
    return stop


def is_shipped(layout: Layout | None) -> bool:
    """Whether a class is one of the shipped indicators, or there is none."""
    return layout is None or layout.of.__module__.startswith(_SHIPPED)


def converted(value: ast.expr, kind: Value, wanted: Value) -> ast.expr:
    """A number as it is where another kind of number is kept; whole ones that a float does not hold raise."""
    if kind == wanted or not is_number(kind):
        return value
    if wanted is Kind.INT and kind is Kind.BOOL:
        return call("int__", value)
    if wanted is Kind.FLOAT:
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
