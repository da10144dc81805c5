"""Machine code computes what Python computes, or says that it cannot: each function and operator against Python's."""

import functools
import itertools
import math
import operator
import struct
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit

from server.engine.compile import checked
from server.engine.compile.linkage import _OPTIONS
from server.engine.compile.modules import load_module
from server.engine.compile.pasting import kernel
from tests.machine_code import COMPILED

EDGES: Final = (0, 1, -1, 2, -2, 3, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), -(2**53) - 1)
INTS: Final = st.one_of(st.sampled_from(EDGES), st.integers(-20, 20), st.integers(-(2**63), 2**63 - 1))
ZEROS: Final = (0.0, -0.0, 5e-324, math.inf, -math.inf, math.nan)
EDGE_FLOATS: Final = (*ZEROS, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 3.0, -7.0, 1e18, 9.3e18, -9.3e18, 709.9, 1e308)
FLOATS: Final = st.one_of(
    st.sampled_from(EDGE_FLOATS),
    st.floats(-100, 100),
    st.integers(-100, 100).map(lambda n: n / 2),
    st.floats(),
)
compiled: Final[Callable[[Callable[..., Any]], Any]] = njit(**_OPTIONS | {"cache": False})
FAILURES: Final = (ArithmeticError, ValueError, IndexError)


class Failed:
    """Stands for the result of what raised."""


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result, or Failed."""
    try:
        return function(*arguments)
    except FAILURES:
        return Failed


def same(one: Any, other: Any) -> bool:
    """Whether two results are of one type and equal to the last bit; one NaN is as good as another."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or struct.pack("d", one) == struct.pack("d", other)
    return bool(one == other)


def agree(machine: Callable[..., Any], python: Callable[..., Any], *arguments: Any) -> None:
    """The same result; where machine code fails Python fails too, or has a whole number of more than 63 bits."""
    got, expected = outcome(machine, *arguments), outcome(python, *arguments)
    if got is Failed:
        assert expected is Failed or (type(expected) is int and not -92 * 10**17 < expected < 92 * 10**17)
    else:
        assert same(got, expected), (arguments, got, expected)


@functools.cache
def runtime() -> ModuleType:
    """The functions of server.engine.compile.runtime in machine code."""
    return load_module(COMPILED, f"kernel_{kernel().digest}", kernel().text)


def in_machine_code(name: str) -> Callable[..., Any]:
    """One function of the runtime."""
    return getattr(runtime(), name)  # type: ignore[no-any-return]


def _exact(x: int) -> int:
    if abs(x) > 2**53:
        raise OverflowError
    return x


def _exact_float(x: float) -> float:
    if abs(x) >= 2**53:
        raise OverflowError
    return x


def _index(index: int, length: int) -> int:
    if not 0 <= index < length:
        raise IndexError
    return index


ONE_FLOAT: Final[dict[str, Callable[[float], Any]]] = {
    "int_f": int,
    "floor_f": math.floor,
    "ceil_f": math.ceil,
    "round_f": round,
    "sqrt_f": math.sqrt,
    "log_f": math.log,
    "log1p_f": math.log1p,
    "exp_f": math.exp,
    "expm1_f": math.expm1,
    "sin_f": math.sin,
    "cos_f": math.cos,
    "tan_f": math.tan,
    "exact_f": _exact_float,
}
ONE_INT: Final[dict[str, Callable[[int], Any]]] = {"abs_i": abs, "exact": _exact}
TWO_INTS: Final[dict[str, Callable[[int, int], Any]]] = {
    "min_i": min,
    "max_i": max,
    "at": _index,
    "floordiv_i": operator.floordiv,
    "modulo_i": operator.mod,
}


@pytest.mark.parametrize("name", ONE_FLOAT)
@given(FLOATS)
def test_functions_of_a_float(name: str, x: float) -> None:
    agree(in_machine_code(name), ONE_FLOAT[name], x)


@pytest.mark.parametrize("name", ONE_FLOAT)
def test_functions_of_a_float_at_its_edges(name: str) -> None:
    for x in EDGE_FLOATS:
        agree(in_machine_code(name), ONE_FLOAT[name], x)


@given(FLOATS, FLOATS)
@example(0.0, -0.0)
@example(math.nan, 1.0)
@example(1.0, math.nan)
def test_the_extremes_of_floats(a: float, b: float) -> None:
    agree(in_machine_code("min_f"), min, a, b)
    agree(in_machine_code("max_f"), max, a, b)


@pytest.mark.parametrize("name", ONE_INT)
@given(INTS)
def test_functions_of_a_whole_number(name: str, x: int) -> None:
    got = outcome(in_machine_code(name), x)
    expected = outcome(ONE_INT[name], x)
    assert got is Failed if expected is Failed or abs(expected) >= 2**63 else same(got, expected)


@pytest.mark.parametrize("name", TWO_INTS)
@given(INTS, INTS)
@example(-(2**63), -1)
@example(1, 0)
def test_functions_of_two_whole_numbers(name: str, a: int, b: int) -> None:
    agree(in_machine_code(name), TWO_INTS[name], a, b)


@given(INTS, st.integers(-2, 200))
def test_shifts(x: int, by: int) -> None:
    agree(in_machine_code("shifted_left"), operator.lshift, x, by)
    agree(in_machine_code("shifted_right"), operator.rshift, x, by)


@compiled
def _add(a: int, b: int) -> Any:
    return checked.add(a, b)


@compiled
def _sub(a: int, b: int) -> Any:
    return checked.sub(a, b)


@compiled
def _mul(a: int, b: int) -> Any:
    return checked.mul(a, b)


@pytest.mark.parametrize(
    ("machine", "python"), [(_add, operator.add), (_sub, operator.sub), (_mul, operator.mul)], ids=["+", "-", "*"]
)
@given(INTS, INTS)
def test_whole_numbers_are_exact_or_the_operation_raises(machine: Any, python: Any, a: int, b: int) -> None:
    expected = python(a, b)
    got = outcome(machine, a, b)
    assert got == expected if -(2**63) <= expected < 2**63 else got is Failed


@compiled
def _float_add(a: float, b: float) -> float:
    return a + b


@compiled
def _float_mul(a: float, b: float) -> float:
    return a * b


@compiled
def _divide(a: float, b: float) -> float:
    return a / b


@compiled
def _floor_divide(a: float, b: float) -> float:
    return a // b


@compiled
def _remainder(a: float, b: float) -> float:
    return a % b


@compiled
def _ordered(a: float, b: float) -> int:
    return (a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) + 16 * (a > b) + 32 * (a >= b)


@compiled
def _truth(a: float) -> bool:
    return not a


OPERATORS: Final = {
    "+": (_float_add, operator.add),
    "*": (_float_mul, operator.mul),
    "/": (_divide, operator.truediv),
    "//": (_floor_divide, operator.floordiv),
    "%": (_remainder, operator.mod),
    "<": (_ordered, _ordered.py_func),
}


@pytest.mark.parametrize("name", OPERATORS)
@given(FLOATS, FLOATS)
def test_operators_of_floats(name: str, a: float, b: float) -> None:
    agree(*OPERATORS[name], a, b)


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_of_floats_at_their_edges(name: str) -> None:
    for a, b in itertools.product(EDGE_FLOATS, repeat=2):
        agree(*OPERATORS[name], a, b)


@pytest.mark.parametrize("name", TWO_INTS)
def test_functions_of_two_whole_numbers_at_their_edges(name: str) -> None:
    for a, b in itertools.product(EDGES, repeat=2):
        agree(in_machine_code(name), TWO_INTS[name], a, b)


@pytest.mark.parametrize("name", ["+", "*", "//", "%"])
@given(INTS, FLOATS)
def test_operators_of_a_whole_number_and_a_float(name: str, a: int, b: float) -> None:
    agree(*OPERATORS[name], a, b)
    agree(*OPERATORS[name], b, a)


@given(INTS.filter(lambda n: abs(n) <= 2**53), INTS.filter(lambda n: abs(n) <= 2**53))
def test_the_quotient_of_whole_numbers_that_floats_hold(a: int, b: int) -> None:
    agree(_divide, operator.truediv, a, b)


@given(INTS, st.sampled_from([1, 2, 3, 7, 2**40]))
def test_whole_numbers_divided_by_positive_ones(a: int, b: int) -> None:
    agree(_floor_divide, operator.floordiv, a, b)
    agree(_remainder, operator.mod, a, b)


@given(FLOATS)
def test_the_truth_of_a_float(a: float) -> None:
    agree(_truth, operator.not_, a)


@compiled
def _copysign(a: float, b: float) -> float:
    return math.copysign(a, b)


@compiled
def _atan2(a: float, b: float) -> float:
    return math.atan2(a, b)


@compiled
def _fabs(a: float) -> float:
    return math.fabs(a)


@compiled
def _atan(a: float) -> float:
    return math.atan(a)


@compiled
def _tanh(a: float) -> float:
    return math.tanh(a)


@given(FLOATS, FLOATS)
def test_functions_of_math_that_are_taken_as_they_are(a: float, b: float) -> None:
    for machine in (_copysign, _atan2):
        agree(machine, machine.py_func, a, b)
    for machine in (_fabs, _atan, _tanh):
        agree(machine, machine.py_func, a)
