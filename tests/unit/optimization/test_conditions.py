"""Conditions between parameters, and the sets that satisfy them."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.optimization.conditions import parse_conditions, read_conditions
from server.optimization.selection import count_selected, selected
from server.optimization.space import Space, Steps


def info(name: str, of: Any, default: ParamValue, choices: list[str] | None = None) -> ParameterInfo:
    return ParameterInfo(
        name=name,
        type=of,
        default=default,
        min=None,
        max=None,
        step=None,
        unit="raw",
        choices=choices,
        description="",
    )


INFOS = [
    info("fastPeriod", "int", 10),
    info("slowPeriod", "int", 30),
    info("share", "float", 0.5),
    info("mode", "choice", "long", ["long", "short"]),
    info("exits", "bool", True),
]
SPACE = Space(
    names=[one.name for one in INFOS],
    values=[
        Steps(first=1, stride=1, scale=1, count=6, whole=True),
        [2, 4, 6],
        Steps(first=0, stride=5, scale=10, count=3, whole=False),
        ["long", "short"],
        [True, False],
    ],
)


def numbers(*texts: str) -> list[int]:
    """The sets that satisfy the conditions, as the space numbers them."""
    found = selected(SPACE, parse_conditions(texts, INFOS))
    assert found is not None
    return [int(number) for number in found]


def by_python(*texts: str) -> list[int]:
    """The same, one set after the other by Python itself."""
    sets = [SPACE.at(index) for index in range(SPACE.size)]
    return [index for index, one in enumerate(sets) if all(eval(text, {}, one) for text in texts)]


@pytest.mark.parametrize(
    "texts",
    [
        ("fastPeriod < slowPeriod",),
        ("fastPeriod * 2 <= slowPeriod", "share > 0"),
        ("mode == 'long' or exits",),
        ("not exits and mode != 'short'",),
        ("1 < fastPeriod < slowPeriod <= 6",),
        ("fastPeriod % 2 == 0",),
        ("-fastPeriod + slowPeriod >= 2 * (share - 0.5)",),
        ("exits == (fastPeriod > 3)",),
        ("True",),
    ],
)
def test_conditions_select_what_python_would(texts: tuple[str, ...]) -> None:
    assert numbers(*texts) == by_python(*texts)
    assert count_selected(SPACE, parse_conditions(texts, INFOS)) == (len(by_python(*texts)), True)


@given(
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["fastPeriod", "slowPeriod", "share", "2", "0.5"]),
    st.sampled_from(["+", "-", "*", "%"]),
    st.sampled_from(["fastPeriod", "slowPeriod", "3"]),
    st.sampled_from(["and", "or"]),
)
def test_random_conditions_select_what_python_would(compare: str, left: str, op: str, right: str, join: str) -> None:
    text = f"{left} {compare} fastPeriod {op} {right} {join} exits"
    assert numbers(text) == by_python(text)


def test_the_grid_is_complete_and_without_doubles() -> None:
    below, above = numbers("fastPeriod < slowPeriod"), numbers("not fastPeriod < slowPeriod")
    assert sorted(below + above) == list(range(SPACE.size))


def test_nothing_is_divided_by_zero() -> None:
    assert numbers("fastPeriod / share > 1e9") == [
        index for index in range(SPACE.size) if SPACE.at(index)["share"] == 0
    ]
    assert numbers("share / share >= 0 or share / share < 0") == by_python("share > 0")
    assert numbers("4 % (fastPeriod - 1) == 0") == by_python("fastPeriod > 1 and 4 % (fastPeriod - 1) == 0")


def test_products_do_not_wrap_around() -> None:
    assert numbers("fastPeriod * 4611686018427387904 > 0") == list(range(SPACE.size))


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("fastPeriod <", "invalid_request", "cannot be read"),
        ("fastperiod < 3", "unknown_parameter", "did you mean fastPeriod?"),
        ("fastPeriod + 1", "invalid_request", "is no comparison"),
        ("fastPeriod < mode", "invalid_request", "mode is a text, what it is compared with a number"),
        ("mode < 'long'", "invalid_request", "only numbers are smaller or larger"),
        ("exits + 1 > 0", "invalid_request", "exits is no number"),
        ("fastPeriod and exits", "invalid_request", "fastPeriod is no truth"),
        ("fastPeriod in (1, 2)", "invalid_request", "is no part of a condition"),
        ("fastPeriod is 3", "invalid_request", "there are < <= > >= == !="),
        ("__import__('os').getcwd() == 'x'", "invalid_request", "is no part of a condition"),
        ("fastPeriod ** 2 > 4", "invalid_request", "is no part of a condition"),
        ("(lambda: exits)()", "invalid_request", "is no part of a condition"),
        ("1 < " * 200 + "2", "invalid_request", "characters"),
        ("-" * 300 + "fastPeriod < 2", "invalid_request", "deep"),
        ("fastPeriod < 1e999", "invalid_request", "is no number that float64 holds"),
        (f"fastPeriod < {10**400}", "invalid_request", "is no number that float64 holds"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(text: str, code: str, told: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_conditions(["exits", text], INFOS)
    assert (caught.value.code, caught.value.errors[0].path) == (code, "conditions[1]")
    assert told in caught.value.detail


def test_a_condition_has_one_spelling_from_which_it_is_read_again() -> None:
    (once,) = parse_conditions(["(fastPeriod)<slowPeriod   and exits"], INFOS)
    (again,) = read_conditions([once.text])
    assert once.text == again.text == "fastPeriod < slowPeriod and exits"
    assert once.names == again.names == {"fastPeriod", "slowPeriod", "exits"}


def large(*lengths: int) -> Space:
    axes = [Steps(first=0, stride=1, scale=1, count=length, whole=True) for length in lengths]
    return Space(names=["fastPeriod", "slowPeriod", "share"][: len(lengths)], values=list(axes))


def test_axes_that_are_in_no_condition_are_not_looked_at() -> None:
    conditions = parse_conditions(["fastPeriod < slowPeriod"], INFOS)
    assert count_selected(large(1_000, 1_000, 10**6), conditions) == (499_500 * 10**6, True)


def test_very_many_combinations_are_estimated() -> None:
    conditions = parse_conditions(["fastPeriod < slowPeriod"], INFOS)
    sets, exact = count_selected(large(10**6, 10**6), conditions)
    assert not exact
    assert sets == pytest.approx(5e11, rel=0.02)
    with pytest.raises(InvalidRequest) as caught:
        selected(large(10**6, 10**6), conditions)
    assert caught.value.code == "too_many_combinations"


def test_more_sets_than_can_be_kept_are_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        selected(large(100, 100, 10**6), parse_conditions(["fastPeriod < slowPeriod"], INFOS))
    assert caught.value.errors[0].path == "conditions"


def test_without_conditions_all_sets_are_open() -> None:
    assert selected(SPACE, []) is None
    assert count_selected(SPACE, []) == (SPACE.size, True)


def test_sets_are_those_of_the_space() -> None:
    found = numbers("fastPeriod == 3 and mode == 'short'")
    wanted = [{"fastPeriod": 3, "mode": "short"}] * len(found)
    assert [{name: SPACE.at(number)[name] for name in ("fastPeriod", "mode")} for number in found] == wanted
    assert len(found) == len(list(itertools.product(range(3), range(3), range(2))))
    assert np.all(np.diff(found) > 0)
