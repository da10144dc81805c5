"""Translates calls: built-in functions, those of math, methods of the strategy, the user's own."""

import ast
import builtins
import inspect
import math
from collections.abc import Sequence
from functools import reduce
from types import FunctionType
from typing import Any, Final

from server.engine.compile import api
from server.engine.compile.expressions import Expressions
from server.engine.compile.kinds import (
    FLOATS,
    Kind,
    Layout,
    Several,
    Text,
    View,
    Window,
    is_number,
    joined,
    kind_of_number,
    shown,
)
from server.engine.compile.nodes import Translated, as_float, call, converted, length_of, near, stopped
from server.engine.compile.problems import Stop
from server.engine.compile.words import ALLOCATING, NOT_AVAILABLE, TEXTUAL
from server.strategies.errors import is_users_file
from server.strategies.indicators import Indicator
from server.strategies.strategy import Strategy

_MATH: Final = {
    "sqrt": ("sqrt_f__", Kind.FLOAT),
    "exp": ("exp_f__", Kind.FLOAT),
    "expm1": ("expm1_f__", Kind.FLOAT),
    "log": ("log_f__", Kind.FLOAT),
    "log1p": ("log1p_f__", Kind.FLOAT),
    "floor": ("floor_f__", Kind.INT),
    "ceil": ("ceil_f__", Kind.INT),
    "fabs": ("math__.fabs", Kind.FLOAT),
    "isnan": ("math__.isnan", Kind.BOOL),
    "isinf": ("math__.isinf", Kind.BOOL),
    "sin": ("sin_f__", Kind.FLOAT),
    "cos": ("cos_f__", Kind.FLOAT),
    "tan": ("tan_f__", Kind.FLOAT),
    "atan": ("math__.atan", Kind.FLOAT),
    "atan2": ("math__.atan2", Kind.FLOAT),
    "tanh": ("math__.tanh", Kind.FLOAT),
    "copysign": ("math__.copysign", Kind.FLOAT),
}
_TWO: Final = ("atan2", "copysign")
_BUILTINS: Final = ("len", "min", "max", "abs", "int", "float", "bool", "round")
_PURE: Final = frozenset((*_BUILTINS, *_MATH))


class Calls(Expressions):
    """Adds calls to what is read of expressions."""

    def call(self, node: ast.Call, *, discarded: bool = False) -> Translated:
        """Any call; `discarded` where nobody reads its result."""
        if any(keyword.arg is None for keyword in node.keywords) or any(
            isinstance(argument, ast.Starred) for argument in node.args
        ):
            raise Stop(NOT_AVAILABLE["Starred"])
        match node.func:
            case ast.Name():
                return self._named(node, node.func.id)
            case ast.Attribute():
                return self._method(node, node.func, discarded=discarded)
            case _:
                raise Stop("only functions and methods are called in bar code, by their names")

    def _named(self, node: ast.Call, name: str) -> Translated:
        found = self.source.names.get(name)
        if name in self.kinds or name in self.aliases:
            raise stopped(node.func, f"{name} is no function here: a local name hides it")
        if found is not None and found is getattr(math, name, None):
            return self._mathematical(node, name)
        if isinstance(found, FunctionType) and name not in ALLOCATING:
            arguments = self._bound(node, found, skip=0, what=name)
            return self.called(node, found, None, None, arguments, name)
        if isinstance(found, type) and issubclass(found, Indicator):
            raise Stop(f"{name}() makes an indicator: make it in init()")
        if name in ALLOCATING:
            raise Stop(f"{name}() allocates: use it in init()")
        if name in TEXTUAL:
            raise Stop(f"{name}() is not available in bar code")
        if node.keywords:
            raise Stop(f"{name}() takes no keywords in bar code")
        match name:
            case "len":
                return self._length(node)
            case "min" | "max":
                return self._extreme(node, name)
            case "abs" | "int" | "float" | "bool" | "round":
                return self._conversion(node, name)
            case _:
                known = hasattr(builtins, name) or found is not None
                meant = near(name, [*_BUILTINS, *self.source.names])
                raise Stop(f"{name}() is not available in bar code" if known else f"{name} is not defined{meant}")

    def _length(self, node: ast.Call) -> Translated:
        owner, kind = self.expression(self._only(node, "len"))
        if isinstance(kind, Several):
            return ast.Constant(value=len(kind.elements)), Kind.INT
        if not isinstance(kind, Window) or not isinstance(owner, ast.Attribute):
            raise Stop("len() is of a window")
        return length_of(owner), Kind.INT

    def _extreme(self, node: ast.Call, name: str) -> Translated:
        if len(node.args) < 2:
            raise Stop(f"{name}() takes two numbers or more in bar code")
        parts = [self.number(argument, f"{name}()") for argument in node.args]
        kind = reduce(joined, (kind for _, kind in parts), None)
        kind = kind if kind in FLOATS else Kind.INT
        result, *others = [converted(part, kind_of_part, kind) for part, kind_of_part in parts]
        for other in others:
            result = call(f"{name}_{'f' if kind in FLOATS else 'i'}__", result, other)
        return result, kind

    def _conversion(self, node: ast.Call, name: str) -> Translated:
        only = self._only(node, name)
        if name == "float" and isinstance(only, ast.Constant) and isinstance(only.value, str):
            return self._float_of_text(only.value), Kind.FLOAT
        value, kind = self.number(only, f"{name}()")
        match name:
            case "abs" if kind in FLOATS:
                return call("abs__", value), kind
            case "abs":
                return call("abs_i__", converted(value, kind, Kind.INT)), Kind.INT
            case "float":
                return as_float(value, kind), Kind.FLOAT
            case "bool":
                return call("bool__", value), Kind.BOOL
            case _ if kind in FLOATS:
                return call(f"{name}_f__", value), Kind.INT
            case _:
                return call("int__", value), Kind.INT

    def _float_of_text(self, text: str) -> ast.expr:
        try:
            return self.literal(float(text))
        except ValueError:
            raise Stop(f"float({text!r}) is no number") from None

    def _only(self, node: ast.Call, name: str) -> ast.expr:
        if len(node.args) != 1:
            hint = "; for decimals write round(x * 100) / 100" if name == "round" else ""
            raise Stop(f"{name}() takes one argument in bar code{hint}")
        return node.args[0]

    def _method(self, node: ast.Call, function: ast.Attribute, *, discarded: bool) -> Translated:
        module = self.is_module(function.value)
        if module is math:
            return self._mathematical(node, function.attr)
        if module is not None:
            found = getattr(module, function.attr, None)
            if not (isinstance(found, FunctionType) and is_users_file(found.__code__.co_filename)):
                raise Stop(f"{ast.unparse(function)}() cannot be compiled: use windows and math, or do it in init()")
            what = ast.unparse(function)
            return self.called(node, found, None, None, self._bound(node, found, skip=0, what=what), what)
        if isinstance(function.value, ast.Call) and ast.unparse(function.value.func) == "super":
            raise Stop("super() is not available in bar code: call the other method by a name of its own")
        owner, kind = self.expression(function.value)
        if not isinstance(kind, Layout):
            raise Stop(f"{shown(kind)} has no method {function.attr}")
        method = getattr(kind.of, function.attr, None)
        what = f"{kind.of.__name__}.{function.attr}"
        engines = issubclass(kind.of, Strategy) and method is getattr(Strategy, function.attr, None)
        if engines and function.attr in api.METHODS:
            return self._api(node, function.attr, api.METHODS[function.attr])
        if isinstance(inspect.getattr_static(kind.of, function.attr, None), staticmethod | classmethod):
            raise Stop(f"{what} is no plain method: write a function of the module")
        if not isinstance(method, FunctionType):
            names = [name for name in dir(kind.of) if not name.startswith("_")]
            raise Stop(f"{kind.of.__name__} has no method {function.attr}{near(function.attr, names)}")
        if engines:
            raise Stop(f"self.{function.attr}() is called by the engine, not by bar code")
        if not inspect.signature(method).parameters:
            raise Stop(f"{what}() has no self")
        arguments = self._bound(node, method, skip=1, what=what)
        return self.called(node, method, kind, owner, arguments, what, discarded=discarded)

    def _mathematical(self, node: ast.Call, name: str) -> Translated:
        if name not in _MATH:
            raise Stop(f"math.{name}() is not available in bar code; there are {', '.join(sorted(_MATH))}")
        wanted = 2 if name in _TWO else 1
        if len(node.args) != wanted or node.keywords:
            raise Stop(f"math.{name}() takes {wanted} argument{'s' * (wanted > 1)} in bar code")
        text, result = _MATH[name]
        arguments = [self.number(argument, f"math.{name}()") for argument in node.args]
        if name in ("floor", "ceil") and arguments[0][1] not in FLOATS:
            return call("int__", arguments[0][0]), Kind.INT
        function = ast.parse(text, mode="eval").body
        return ast.Call(function, [as_float(value, kind) for value, kind in arguments], []), result

    def _api(self, node: ast.Call, name: str, method: api.Method) -> Translated:
        names = [argument.name for argument in method.arguments]
        keyword_only = names[1:] if name in ("buy", "sell") else []
        given = _given(node, names, keyword_only, f"self.{name}()")
        texts: dict[str, str] = {}
        self._check_order(given, method.order, f"self.{name}()")
        for argument in method.arguments:
            value = given.get(argument.name)
            left_out = isinstance(value, ast.Constant) and value.value is None and argument.kind is Kind.FLOAT
            if value is None or (left_out and argument.default is not None):
                if argument.default is None:
                    raise Stop(f"self.{name}(): {argument.name} is missing")
                texts[argument.name] = argument.default
            else:
                texts[argument.name] = self._argument(value, argument, name)
        if method.arguments is api.METHODS["buy"].arguments:
            texts |= self._size(texts, name)
            if texts["time_in_force"] != "0":
                self.program.uses_time = True
            defaults = {argument.name: argument.default for argument in method.arguments if argument.name != "asset"}
            if all(texts[each] == default for each, default in defaults.items() if each != "quantity"):
                method = api.MARKET_ORDERS[name]
        return ast.parse(method.text.format(**texts), mode="eval").body, method.result

    def _argument(self, node: ast.expr, argument: api.Argument, name: str) -> str:
        what = f"self.{name}({argument.name}=)"
        if argument.text:
            return self._text(node, what)
        if argument.kind is Kind.INT:
            return ast.unparse(self.whole(node, what))
        value = ast.unparse(as_float(*self.number(node, what)))
        return f"ticks__({value})" if argument.price else value

    def _text(self, node: ast.expr, what: str) -> str:
        """The number of a text that is known when the bar code is compiled."""
        _, kind = self.expression(node)
        if not isinstance(kind, Text):
            raise stopped(node, f"{what} is a text that stands in the code, this is {shown(kind)}")
        return str(self.program.number_of(kind.value))

    def _size(self, texts: dict[str, str], name: str) -> dict[str, str]:
        given = [size for size in api.SIZES if texts[size]]
        if len(given) != 1:
            raise Stop(f"self.{name}() takes exactly one of a quantity, share=, amount= and risk=")
        return {"sizing": str(api.SIZES[given[0]]), "size": texts[given[0]]}

    def _bound(self, node: ast.Call, function: FunctionType, *, skip: int, what: str) -> list[Translated]:
        """The arguments of a user's function in the order of its parameters, defaults filled in."""
        parameters = list(inspect.signature(function).parameters.values())[skip:]
        if any(parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in parameters):
            raise Stop(f"{what}() takes *args or **kwargs, which are not available in bar code")
        names = [parameter.name for parameter in parameters]
        only = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
        given = _given(node, names, only, f"{what}()")
        bound: list[Translated] = []
        self._check_order(given, names, f"{what}()")
        for parameter in parameters:
            value: Translated
            if parameter.name in given:
                value = self.expression(given[parameter.name])
            else:
                value = self._default(parameter.default, parameter.name, what)
            if not (is_number(value[1]) or isinstance(value[1], Several | View)):
                raise stopped(
                    given.get(parameter.name, node),
                    f"{what}(): {shown(value[1])} cannot be handed on as {parameter.name}; hand on numbers, or the bar",
                )
            bound.append(value)
        return bound

    def _check_order(self, given: dict[str, ast.expr], order: Sequence[str], what: str) -> None:
        """Refuses arguments that call functions, where compiled code would evaluate them in another order."""
        known = [name for name in given if not isinstance(given[name], ast.Constant)]
        calling = any(self._may_act(given[name]) for name in known)
        if calling and known != sorted(known, key=list(order).index):
            raise Stop(f"{what}: arguments that call functions get names of their own on lines before")

    def _may_act(self, node: ast.expr) -> bool:
        """Whether an expression calls what could change something."""
        return any(
            isinstance(part, ast.Call) and ast.unparse(part.func).removeprefix("math.") not in _PURE
            for part in ast.walk(node)
        )

    def _default(self, value: Any, name: str, what: str) -> Translated:
        if value is inspect.Parameter.empty:
            raise Stop(f"{what}(): {name} is missing")
        kind = kind_of_number(value)
        if kind is None:
            raise Stop(f"{what}(): the default of {name} is no number")
        return self.literal(value), kind


def _given(node: ast.Call, names: list[str], keyword_only: list[str], what: str) -> dict[str, ast.expr]:
    """The arguments of a call by name."""
    positional = [name for name in names if name not in keyword_only]
    if len(node.args) > len(positional):
        raise Stop(f"{what} takes {len(positional)} arguments by position, {len(node.args)} are given")
    given = dict(zip(positional, node.args, strict=False))
    for keyword in node.keywords:
        name = keyword.arg or ""
        if name not in names:
            raise Stop(f"{what} has no argument {name}{near(name, names)}; it takes {', '.join(names)}")
        if name in given:
            raise Stop(f"{what}: {name} is given twice")
        given[name] = keyword.value
    return given
