"""Translates one function, statement by statement."""

import ast
from types import FunctionType
from typing import Final

from server.engine.compile import api
from server.engine.compile.calls import Calls
from server.engine.compile.kinds import (
    FLOATS,
    Kind,
    Layout,
    Several,
    Text,
    Unknown,
    Value,
    View,
    Window,
    is_number,
    shown,
)
from server.engine.compile.nodes import Translated, call, converted, function_definition, stopped
from server.engine.compile.problems import Stop
from server.engine.compile.scope import is_shipped
from server.engine.compile.words import NOT_AVAILABLE
from server.strategies.strategy import Strategy

_ROUNDS: Final = 8
"""A local name that is set to kinds which follow from each other settles in two or three."""
_LOOK: Final = "if interrupted__(book__.account):\n    raise TimeoutError('interrupted')"
_CONTEXT: Final = ("book__", "floats__", "ints__")
_OTHER_MEANING: Final = "already has another meaning: a window or an indicator gets a name of its own"


class Function(Calls):
    """One function, method or property for one kind of each argument: its generated form after `translate`."""

    def translate(
        self, name: str, arguments: tuple[Value, ...], *, discarded: bool = False, handler: bool = False
    ) -> None:
        """Fills `generated`, `result`, `callees` and `problems`; `discarded` where nobody reads the result.

        `handler`: the engine calls it.
        """
        self.returns_nothing = handler
        self.discarded = discarded and self.trusted
        node = self.source.node
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        own = names[1:] if self.layout is not None else names
        unusual = node.args.vararg or node.args.kwarg or node.args.posonlyargs
        self.result: Value | None = None
        self.kinds = dict(zip(own, arguments, strict=False))
        for _ in range(_ROUNDS):
            before = (dict(self.kinds), self.result)
            self.problems.clear()
            self.callees: list[Function] = []
            self.assigned = set(own)
            self.spoiled.clear()
            body, continues = self._block(node.body)
            if continues:
                self.result = self.join(node, "the result", self.result, Kind.NONE)
            if (self.kinds, self.result) == before:
                break
        if unusual:
            self.problem(node, "*args, **kwargs and arguments by position alone are not available in bar code")
        for reserved in own:
            if reserved.endswith("__"):
                self.problem(node, f"{reserved}: names that end with __ are for the compiler")
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
        if callee.problems:
            raise Stop("")  # told there
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
                self.stopped(statement, stop)
                self._spoil(statement)
            out += [ast.copy_location(each, statement) for each in translated]
            if not continues:
                break
        return out, continues

    def stopped(self, node: ast.AST, stop: Stop) -> None:
        """Notes why the translation of `node` stopped."""
        self.problem(stop.node or node, str(stop))

    def _spoil(self, statement: ast.stmt) -> None:
        """What a statement would have set is not told to be undefined: the reason is told already."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in self.assigned:
                self.spoiled.add(node.id)

    def _condition(self, node: ast.expr) -> ast.expr:
        """A condition; where it cannot be translated, what depends on it still is, for its problems."""
        try:
            return self.condition(node)
        except Stop as stop:
            self.stopped(node, stop)
            return ast.Constant(value=False)

    def _statement(self, node: ast.stmt) -> tuple[list[ast.stmt], bool]:
        match node:
            case ast.Expr():
                return self._expression_alone(node), True
            case ast.Assign():
                return self._assigned(node.targets, node.value), True
            case ast.AnnAssign():
                if node.value is None:
                    return [], True
                return self._assigned([node.target], node.value), True
            case ast.AugAssign():
                return self._changed(node), True
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
            raise stopped(node.value, "this expression does nothing")
        value, _ = self.call(node.value, discarded=True)
        return [ast.Expr(value)]

    def _assigned(self, targets: list[ast.expr], node: ast.expr) -> list[ast.stmt]:
        value, kind = self.expression(node)
        first = targets[0]
        if isinstance(kind, Window | Layout) and len(targets) == 1 and isinstance(first, ast.Name):
            return self._alias(first, value, kind)
        if len(targets) == 1:
            return self._stored(first, value, kind)
        if not is_number(kind):
            raise Stop("a = b = … is for numbers")
        held = f"held_{node.lineno}_{node.col_offset}__"
        out: list[ast.stmt] = [ast.Assign([ast.Name(held, ast.Store())], value)]
        for target in targets:
            out += self._stored(target, ast.Name(held, ast.Load()), kind)
        return out

    def _changed(self, node: ast.AugAssign) -> list[ast.stmt]:
        if any(isinstance(part, ast.Call) for part in ast.walk(node.target)):  # written twice it would be called twice
            raise stopped(node.target, "this calls a function: give its result a name on a line before")
        changed = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
        value, kind = self.expression(changed)
        return self._stored(node.target, value, kind)

    def _alias(self, name: ast.Name, value: ast.expr, kind: Value) -> list[ast.stmt]:
        """A local name for a window or an indicator stands for it wherever it is used."""
        known = self.aliases.get(name.id)
        if name.id in self.kinds or (known is not None and ast.unparse(known[0]) != ast.unparse(value)):
            raise stopped(name, f"{name.id} {_OTHER_MEANING}")
        self.aliases[name.id] = (value, kind)
        self.assigned.add(name.id)
        return []

    def _stored(self, target: ast.expr, value: ast.expr, kind: Value) -> list[ast.stmt]:
        place = self._target(target, kind)
        return [ast.Assign([place], self._fitted(target, value, kind))]

    def _fitted(self, target: ast.expr, value: ast.expr, kind: Value) -> ast.expr:
        """The value as the kind of number that its target keeps; of several, one by one where they are written out."""
        match target:
            case ast.Name():
                return converted(value, kind, self.kinds[target.id])
            case ast.Attribute() | ast.Subscript():
                return converted(value, kind, self.expression(_loaded(target))[1])
            case ast.Tuple() if isinstance(value, ast.Tuple) and isinstance(kind, Several):
                parts = zip(target.elts, value.elts, kind.elements, strict=True)
                return ast.Tuple([self._fitted(*part) for part in parts], ast.Load())
            case _:
                return value

    def _target(self, node: ast.expr, kind: Value) -> ast.expr:
        try:
            return self._target_of(node, kind)
        except Stop as stop:
            stop.node = stop.node or node
            raise

    def _target_of(self, node: ast.expr, kind: Value) -> ast.expr:
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
                owner, owner_kind = self.expression(node.value)
                if isinstance(owner_kind, Several):
                    raise Stop("a tuple cannot be changed")
                if isinstance(owner, ast.Attribute):
                    self._check_own(self.owners.get(ast.unparse(owner.value)))
                    self._keep(self.owners.get(ast.unparse(owner.value)), owner.attr, element, kind)
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
            raise Stop(f"{node.id} {_OTHER_MEANING}")
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
        self._check_own(owner_kind)
        stored = owner_kind.field(node.attr)
        if isinstance(stored, Unknown):
            raise Stop("")
        if stored is None:
            where = "init()" if is_strategy else "__init__()"
            raise Stop(f"{name} is not there before the first bar: create it in {where}")
        if isinstance(stored, Window | Layout):
            raise Stop(f"{name} is {shown(stored)} and cannot be replaced while bars are delivered")
        self._check_kept(stored, kind, name)
        self._keep(owner_kind, node.attr, stored, kind)
        return ast.Attribute(owner, node.attr, ast.Store())

    def _check_own(self, owner: Layout | None) -> None:
        """Refuses to change the fields of a shipped indicator, whose windows are used without a look at their ends."""
        if owner is not None and not self.trusted and is_shipped(owner):
            raise Stop(f"what {owner.of.__name__} keeps is changed by its own methods alone")

    def _keep(self, owner: Layout | None, name: str, stored: Value, kind: Value) -> None:
        """Notes which floats of the user's keep whole numbers; shipped indicators keep prices, which are small."""
        if owner is not None and not self.trusted and stored in FLOATS and kind is not Kind.FLOAT:
            self.program.mixed.add((owner.of, name))

    def _check_kept(self, stored: Value, kind: Value, name: str) -> None:
        if not is_number(kind):
            raise Stop(f"{name} is {shown(stored)}, this is {shown(kind)}")
        if stored is Kind.INT and kind in FLOATS:
            raise Stop(f"{name} holds whole numbers, this is float: begin with a float (0.0), or use int() or round()")
        if stored is Kind.BOOL and kind is not Kind.BOOL:
            raise Stop(f"{name} is True or False, this is {shown(kind)}")

    def _return(self, node: ast.Return) -> list[ast.stmt]:
        try:
            return self._returned(node)
        except Stop as stop:
            self.stopped(node, stop)
            return [ast.Return(None)]

    def _returned(self, node: ast.Return) -> list[ast.stmt]:
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
        if self.returns_nothing:
            raise Stop("a handler returns nothing: write the call on a line of its own, then return")
        return [ast.Return(converted(value, kind, self.result))]

    def _if(self, node: ast.If) -> tuple[list[ast.stmt], bool]:
        test = self._condition(node.test)
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
        test = self._condition(node.test)
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
        bounds: list[ast.expr] = []
        try:
            bounds += [self.whole(argument, "range()") for argument in iterated.args]
        except Stop as stop:
            self.stopped(iterated, stop)
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
