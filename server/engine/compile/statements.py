"""Translates one function, statement by statement."""

import ast
from types import FunctionType
from typing import Final

from server.engine.compile import api
from server.engine.compile.calls import Calls
from server.engine.compile.expressions import Translated, call, function_definition
from server.engine.compile.kinds import Kind, Layout, Several, Text, Value, View, Window, is_number, shown
from server.engine.compile.problems import Stop
from server.engine.compile.words import NOT_AVAILABLE
from server.strategies.strategy import Strategy

_ROUNDS: Final = 8
"""A local name that is set to kinds which follow from each other settles in two or three."""
_LOOK: Final = "if interrupted__(book__.account):\n    raise TimeoutError('interrupted')"
_CONTEXT: Final = ("book__", "floats__", "ints__")


class Function(Calls):
    """One function, method or property for one kind of each argument: its generated form after `translate`."""

    def translate(self, name: str, arguments: tuple[Value, ...], *, discarded: bool = False) -> None:
        """Fills `generated`, `result`, `callees` and `problems`; `discarded` where nobody reads the result."""
        self.discarded = discarded and self.trusted
        node = self.source.node
        names = [argument.arg for argument in node.args.args]
        own = names[1:] if self.layout is not None else names
        unusual = node.args.vararg or node.args.kwarg or node.args.posonlyargs or node.args.kwonlyargs
        self.result: Value | None = None
        self.kinds = dict(zip(own, arguments, strict=False))
        for _ in range(_ROUNDS):
            before = (dict(self.kinds), self.result)
            self.problems.clear()
            self.callees: list[Function] = []
            self.assigned = set(own)
            body, continues = self._block(node.body)
            if continues:
                self.result = self.join(node, "the result", self.result, Kind.NONE)
            if (self.kinds, self.result) == before:
                break
        if unusual:
            self.problem(node, "*args, **kwargs, and arguments by position or by keyword alone are not available")
        decorators = [each for each in node.decorator_list if ast.unparse(each) != "property"]
        if decorators:
            self.problem(decorators[0], "a decorated function cannot be compiled")
        target = [self.me] if self.me is not None else []
        all_names = [*target, *_CONTEXT, *own]
        self.generated = function_definition(name, [each for each in all_names if each], body or [ast.Pass()])

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
        callee = self.program.function(
            function, layout, tuple(kind for _, kind in arguments), what, discarded=discarded
        )
        self.callees.append(callee)
        context: list[ast.expr] = [] if target is None else [target]
        context += [ast.Name(each, ast.Load()) for each in _CONTEXT]
        made = call(callee.generated.name, *context, *(value for value, _ in arguments))
        return made, callee.result or Kind.NONE

    def _block(self, statements: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
        """The translation, and whether what follows is reached."""
        out: list[ast.stmt] = []
        continues = True
        for statement in statements:
            translated: list[ast.stmt] = []
            try:
                translated, continues = self._statement(statement)
            except Stop as stop:
                self.problem(statement, str(stop))
            out += [ast.copy_location(each, statement) for each in translated]
            if not continues:
                break
        return out, continues

    def _statement(self, node: ast.stmt) -> tuple[list[ast.stmt], bool]:
        match node:
            case ast.Expr():
                return self._expression_alone(node), True
            case ast.Assign():
                return self._assignment(node), True
            case ast.AnnAssign():
                if node.value is None:
                    return [], True
                value, kind = self.expression(node.value)
                return self._stored(node.target, value, kind), True
            case ast.AugAssign():
                changed = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
                value, kind = self.expression(changed)
                return self._stored(node.target, value, kind), True
            case ast.Return():
                return self._return(node), False
            case ast.If():
                return self._if(node)
            case ast.While():
                return self._while(node), True
            case ast.For():
                return self._for(node), True
            case ast.Pass():
                return [node], True
            case ast.Break() | ast.Continue():
                return [node], False
            case _:
                name = type(node).__name__
                raise Stop(NOT_AVAILABLE.get(name, f"{name} is not available in bar code"))

    def _expression_alone(self, node: ast.Expr) -> list[ast.stmt]:
        if isinstance(node.value, ast.Constant):
            return []  # a docstring
        if not isinstance(node.value, ast.Call):
            self.expression(node.value)
            raise Stop("this expression does nothing")
        value, _ = self.call(node.value, discarded=True)
        return [ast.Expr(value)]

    def _assignment(self, node: ast.Assign) -> list[ast.stmt]:
        value, kind = self.expression(node.value)
        if isinstance(kind, Window | Layout) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            return self._alias(node.targets[0].id, value, kind)
        if len(node.targets) == 1:
            return self._stored(node.targets[0], value, kind)
        if not is_number(kind):
            raise Stop("a = b = … is for numbers")
        held = f"held_{node.lineno}__"
        out: list[ast.stmt] = [ast.Assign([ast.Name(held, ast.Store())], value)]
        for target in node.targets:
            out += self._stored(target, ast.Name(held, ast.Load()), kind)
        return out

    def _alias(self, name: str, value: ast.expr, kind: Value) -> list[ast.stmt]:
        """A local name for a window or an indicator stands for it wherever it is used."""
        known = self.aliases.get(name)
        if name in self.kinds or (known is not None and ast.unparse(known[0]) != ast.unparse(value)):
            raise Stop(f"{name} already has another meaning: a window or an indicator gets a name of its own")
        self.aliases[name] = (value, kind)
        return []

    def _stored(self, target: ast.expr, value: ast.expr, kind: Value) -> list[ast.stmt]:
        return [ast.Assign([self._target(target, kind)], self._fitted(target, value, kind))]

    def _fitted(self, target: ast.expr, value: ast.expr, kind: Value) -> ast.expr:
        """A bool that goes where whole numbers are kept becomes one."""
        if kind is Kind.BOOL and isinstance(target, ast.Attribute | ast.Subscript):
            stored = self.expression(_loaded(target))[1]
            if stored in (Kind.INT, Kind.FLOAT):
                return call("int__", value)
        return value

    def _target(self, node: ast.expr, kind: Value) -> ast.expr:
        match node:
            case ast.Name():
                return self._local(node, kind)
            case ast.Tuple():
                if not isinstance(kind, Several) or len(kind.elements) != len(node.elts):
                    raise Stop(f"{shown(kind)} cannot be taken apart into {len(node.elts)} names")
                parts = zip(node.elts, kind.elements, strict=True)
                return ast.Tuple([self._target(element, part) for element, part in parts], ast.Store())
            case ast.Attribute():
                return self._field_target(node, kind)
            case ast.Subscript():
                item, element = self.item(node, ast.Store())
                if isinstance(self.expression(node.value)[1], Several):
                    raise Stop("a tuple cannot be changed")
                self._check_kept(element, kind, "this window")
                return item
            case _:
                raise Stop("this cannot be assigned to")

    def _local(self, node: ast.Name, kind: Value) -> ast.expr:
        if kind is Kind.NONE:
            raise Stop(f"{node.id} gets the result of something that returns nothing")
        if isinstance(kind, Text):
            raise Stop(NOT_AVAILABLE["JoinedStr"])
        if isinstance(kind, Window | Layout) or node.id in self.aliases or node.id == self.me:
            raise Stop(f"{node.id} already has another meaning: a window or an indicator gets a name of its own")
        if node.id.endswith("__"):
            raise Stop(f"{node.id}: names that end with __ are for the compiler")
        self.kinds[node.id] = self.join(node, node.id, self.kinds.get(node.id), kind)
        self.assigned.add(node.id)
        return ast.Name(node.id, ast.Store())

    def _field_target(self, node: ast.Attribute, kind: Value) -> ast.expr:
        owner, owner_kind = self.expression(node.value)
        if isinstance(owner_kind, View):
            raise Stop(f"the {owner_kind.name} is read-only")
        if not isinstance(owner_kind, Layout):
            raise Stop(f"{shown(owner_kind)} has no .{node.attr}")
        name = f"{owner_kind.of.__name__}.{node.attr}"
        if node.attr in owner_kind.readonly:
            raise Stop(f"{node.attr} is a parameter and read-only: copy it to a field in init()")
        is_strategy = issubclass(owner_kind.of, Strategy)
        if is_strategy and node.attr in api.PROPERTIES:
            raise Stop(f"self.{node.attr} is kept by the engine and read-only")
        stored = owner_kind.field(node.attr)
        if stored is None:
            where = "init()" if is_strategy else "__init__()"
            raise Stop(f"{name} is not there before the first bar: create it in {where}")
        if isinstance(stored, Window | Layout):
            raise Stop(f"{name} is {shown(stored)} and cannot be replaced while bars are delivered")
        self._check_kept(stored, kind, name)
        return ast.Attribute(owner, node.attr, ast.Store())

    def _check_kept(self, stored: Value, kind: Value, name: str) -> None:
        if not is_number(kind):
            raise Stop(f"{name} is {shown(stored)}, this is {shown(kind)}")
        if stored is Kind.INT and kind is Kind.FLOAT:
            raise Stop(f"{name} holds whole numbers, this is float: begin with a float (0.0), or use int() or round()")
        if stored is Kind.BOOL and kind is not Kind.BOOL:
            raise Stop(f"{name} is True or False, this is {shown(kind)}")

    def _return(self, node: ast.Return) -> list[ast.stmt]:
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.result = self.join(node, "the result", self.result, Kind.NONE)
            return [ast.Return(None)]
        value, kind = self.expression(node.value)
        if isinstance(kind, Window | Layout | Text):
            raise Stop(f"{shown(kind)} cannot be returned: return numbers")
        if self.discarded and not any(isinstance(part, ast.Call) for part in ast.walk(node.value)):
            self.result = self.join(node, "the result", self.result, Kind.NONE)
            return [ast.Return(None)]
        self.result = self.join(node, "the result", self.result, kind)
        if kind is Kind.NONE:
            return [ast.Expr(value), ast.Return(None)]
        return [ast.Return(value)]

    def _if(self, node: ast.If) -> tuple[list[ast.stmt], bool]:
        test = self.condition(node.test)
        before = set(self.assigned)
        body, first_continues = self._block(node.body)
        first = self.assigned
        self.assigned = set(before)
        other, second_continues = self._block(node.orelse)
        second = self.assigned
        if first_continues and second_continues:
            self.assigned = first & second
        else:
            self.assigned = first if first_continues else second
        return [ast.If(test, body or [ast.Pass()], other)], first_continues or second_continues

    def _while(self, node: ast.While) -> list[ast.stmt]:
        if node.orelse:
            raise Stop("while … else is not available in bar code")
        test = self.condition(node.test)
        return [ast.While(test, self._looped(node.body), [])]

    def _for(self, node: ast.For) -> list[ast.stmt]:
        iterated = node.iter
        if (
            node.orelse
            or not isinstance(node.target, ast.Name)
            or not isinstance(iterated, ast.Call)
            or ast.unparse(iterated.func) != "range"
            or iterated.keywords
            or not 1 <= len(iterated.args) <= 3
        ):
            raise Stop("a loop is `for name in range(…)`; over a window: for k in range(len(self.window))")
        bounds = [self.whole(argument, "range()") for argument in iterated.args]
        before = set(self.assigned)
        target = self._local(node.target, Kind.INT)
        body = self._looped(node.body)
        self.assigned = before
        return [ast.For(target, call("range__", *bounds), body, [])]

    def _looped(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """What a loop sets may never be set. A user's loop may never end: it looks whether it is to stop."""
        before = set(self.assigned)
        translated, _ = self._block(body)
        self.assigned = before
        look = [] if self.trusted else ast.parse(_LOOK).body
        return [*look, *translated] or [ast.Pass()]


def _loaded(target: ast.expr) -> ast.expr:
    """The same place, to be read."""
    read = ast.parse(ast.unparse(target), mode="eval").body
    for node in ast.walk(read):
        ast.copy_location(node, target)
    return read
