"""Values as they are typed."""

from typing import Any

import click
import pytest

from server.cli.values import axis, moment, named, value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e-3", 0.001),
        ("true", True),
        ("false", False),
        ("long", "long"),
        ('"12"', "12"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("", ""),
    ],
)
def test_a_parameter_is_what_it_looks_like(text: str, meant: Any) -> None:
    found = value(text)
    assert (found, type(found)) == (meant, type(meant))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5:50:5", {"min": 5, "max": 50, "step": 5}),
        ("5:50", {"min": 5, "max": 50}),
        ("0.1:0.5:0.1", {"min": 0.1, "max": 0.5, "step": 0.1}),
        ("-5:5", {"min": -5, "max": 5}),
        ("5,10,20", {"values": [5, 10, 20]}),
        ("long, short", {"values": ["long", "short"]}),
        ("5,", {"values": [5]}),
        ("true,false", {"values": [True, False]}),
        ("5", {"fixed": 5}),
        ("long", {"fixed": "long"}),
        ('"1:00"', {"fixed": "1:00"}),
        ('"a","b"', {"values": ["a", "b"]}),
    ],
)
def test_an_axis_is_a_range_a_list_or_one_value(text: str, meant: dict[str, Any]) -> None:
    assert axis(text) == meant


@pytest.mark.parametrize("text", ["", "5:a", "5:", ":", "1:2:3:4", "1,,2", ",", "1:nan"])
def test_an_axis_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        axis(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024-01-31", "2024-01-31T00:00:00.000Z", "2024-01-31T23:59:59.999Z"),
        ("2024-01-31T12:00", "2024-01-31T12:00:00.000Z", "2024-01-31T12:00:00.000Z"),
        ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00.000Z", "2024-01-31T12:00:00.000Z"),
        ("2024-01-31T12:00:00+02:00", "2024-01-31T10:00:00.000Z", "2024-01-31T10:00:00.000Z"),
    ],
)
def test_a_day_begins_at_midnight_and_ends_with_its_last_millisecond(text: str, start: str, end: str) -> None:
    assert (moment(text), moment(text, end=True)) == (start, end)


@pytest.mark.parametrize("text", ["yesterday", "2024-13-01", "", "9999-12-31T23:59:59-23:59"])
def test_what_is_no_time_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match="2024-01-31"):
        moment(text)


def test_names_are_taken_in_snake_case_too() -> None:
    assert named(value, ["fast_period=5", "slowPeriod = 20"], "-p") == {"fastPeriod": 5, "slowPeriod": 20}


def test_a_value_may_hold_an_equals_sign() -> None:
    assert named(value, ["rule=a=b"], "-p") == {"rule": "a=b"}


@pytest.mark.parametrize("typed", [["fastPeriod"], ["=5"], [""], ["fastPeriod=1", "fast_period=2"]])
def test_a_name_that_is_missing_or_given_twice_is_named(typed: list[str]) -> None:
    with pytest.raises(click.UsageError, match="-p"):
        named(value, typed, "-p")


def test_a_bad_axis_is_named_with_its_option() -> None:
    with pytest.raises(click.UsageError, match=r"-x 'fastPeriod=1:b': a range is min:max"):
        named(axis, ["fastPeriod=1:b"], "-x")
