"""Translates the expressions of one function: each to an expression of the generated code, and its kind."""

import ast

from server.engine.compile.kinds import Several
from server.engine.compile.nodes import Translated
from server.engine.compile.operations import Operations
from server.engine.compile.problems import Stop
from server.engine.compile.words import NOT_AVAILABLE


class Expressions(Operations):
    """Knows which expression is read how."""

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
