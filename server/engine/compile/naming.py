"""Translates literals, names, fields and items."""

import ast
import math
from types import FunctionType
from typing import Any

from server.engine.compile import api
from server.engine.compile.kinds import FLOATS, Layout, Several, Text, Unknown, View, Window, kind_of_number, shown
from server.engine.compile.nodes import Translated, call, length_of, near, stopped
from server.engine.compile.problems import Stop
from server.engine.compile.scope import Scope
from server.engine.compile.source import globals_set_in
from server.engine.compile.words import NOT_AVAILABLE
from server.strategies.strategy import Strategy


class Naming(Scope):
    """Adds what stands for one value by itself."""

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
            return ast.Attribute(owner, node.attr, ast.Load()), self.program.kept(layout, node.attr, kind)
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
        arena = "floats__" if kind.element in FLOATS else "ints__"
        offset = ast.BinOp(ast.Attribute(owner.value, owner.attr, ast.Load()), ast.Add(), place)
        return ast.Subscript(ast.Name(arena, ast.Load()), call("uint64__", offset), context), kind.element
