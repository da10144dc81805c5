"""Translates arithmetic, comparisons and choices."""

import ast
from typing import Final

from server.engine.compile.kinds import FLOATS, Kind, Several, Text, Value, is_number, shown
from server.engine.compile.naming import Naming
from server.engine.compile.nodes import Translated, call, converted, exact
from server.engine.compile.problems import Stop

_CHECKED: Final = {ast.Add: "add__", ast.Sub: "sub__", ast.Mult: "mul__"}
_SHIFTS: Final = {ast.LShift: "shifted_left__", ast.RShift: "shifted_right__"}
_DIVISIONS: Final = {ast.FloorDiv: "floordiv_i__", ast.Mod: "modulo_i__"}
"""Their edge is a divisor of -1, which is seen where it is written out."""
_WHOLE_ONLY: Final = (ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)


class Operations(Naming):
    """Adds what numbers are put together with."""

    def _choice(self, node: ast.IfExp) -> Translated:
        test = self.condition(node.test)
        first, first_kind = self.expression(node.body)
        second, second_kind = self.expression(node.orelse)
        kind = self.join(node, "this expression", first_kind, second_kind)
        if not (is_number(kind) or isinstance(kind, Several)):
            raise Stop(f"if … else chooses between numbers, this is {shown(kind)}: write an if of its own")
        return ast.IfExp(test, converted(first, first_kind, kind), converted(second, second_kind, kind)), kind

    def _binary(self, node: ast.BinOp) -> Translated:
        left = self.number(node.left, ast.unparse(node))
        right = self.number(node.right, ast.unparse(node))
        if isinstance(node.op, ast.Pow):
            raise Stop("** may differ in the last bit between Python and compiled code: write x * x, or use math.sqrt")
        if isinstance(node.op, ast.MatMult):
            raise Stop("@ is not available in bar code")
        floating = left[1] in FLOATS or right[1] in FLOATS
        if floating and isinstance(node.op, _WHOLE_ONLY):
            raise Stop(f"{ast.unparse(node)} needs whole numbers")
        return _of_floats(node.op, left, right) if floating else _of_whole_numbers(node.op, left, right)

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
        if kinds == set(FLOATS):
            kinds = {Kind.MIXED}
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
        if any(kind in FLOATS for _, kind in parts):
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


def _of_whole_numbers(operator: ast.operator, left: Translated, right: Translated) -> Translated:
    """Python's whole numbers have no end: what leaves 64 bits, or the digits of a float, raises."""
    (first, first_kind), (second, second_kind) = left, right
    kind = type(operator)
    functions: dict[type[ast.operator], str] = {**_CHECKED, **_SHIFTS}
    if not isinstance(second, ast.Constant):
        functions |= _DIVISIONS
    if kind in functions:
        return call(functions[kind], first, second), Kind.INT
    if kind is ast.Div:
        return ast.BinOp(exact(first), operator, exact(second)), Kind.FLOAT
    both = first_kind is Kind.BOOL and second_kind is Kind.BOOL and isinstance(operator, _WHOLE_ONLY)
    return ast.BinOp(first, operator, second), Kind.BOOL if both else Kind.INT


def _of_floats(operator: ast.operator, left: Translated, right: Translated) -> Translated:
    """Without a float for certain both may be whole numbers in Python, and then so is what they come to."""
    if Kind.FLOAT in (left[1], right[1]):
        return ast.BinOp(left[0], operator, right[0]), Kind.FLOAT
    first, second = (exact(part) if kind is Kind.INT else part for part, kind in (left, right))
    result = ast.BinOp(first, operator, second)
    if isinstance(operator, ast.Div):
        return result, Kind.FLOAT
    return call("exact_f__", result) if type(operator) in _CHECKED else result, Kind.MIXED
