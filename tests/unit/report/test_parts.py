"""The parts of reports: markup, months, ticks, and how a run is done again."""

import json
import shlex
from typing import Any

import numpy as np
import pytest

from server.engine.months import month_ends
from server.engine.tables import EQUITY_DTYPE
from server.report.again import again, curl_command, forge_command
from server.report.markup import Html, element, section, table
from server.report.months import MonthEnd, month_table
from server.report.settings import axis_text
from server.report.ticks import instants, round_values
from server.report.words import exact, number, span, spoken
from tests.unit.report.reports import REQUEST, Read

DAY_MS = 86_400_000


def test_text_is_escaped_and_markup_is_not() -> None:
    inner = element("b", "1 < 2")
    assert element("p", inner, " & ", Html("<i></i>"), class_='a"b') == (
        '<p class="a&quot;b"><b>1 &lt; 2</b> &amp; <i></i></p>'
    )
    assert section("Nothing", "") == ""
    assert "&lt;" in table(["<"], [["<"]])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (5, "5"),
        (0.25, "0.25"),
        (-1234.5, "−1,234.5"),
        (1e-8, "0.00000001"),
        ("long", "long"),
        (None, "–"),
    ],
)
def test_a_parameter_has_the_digits_that_it_carries(value: Any, text: str) -> None:
    assert exact(value) == text


def test_numbers_and_names_are_written_for_readers() -> None:
    assert [number(-0.004), number(-1.5), number(2.0, signed=True)] == ["0.00", "−1.50", "+2.00"]
    assert [span(0.25), span(12), span(1_500), span(125_000), span(3_725_000)] == [
        *("0.25 ms", "12 ms", "1.5 s", "2:05", "1:02:05"),
    ]
    assert spoken("fastPeriod") == "Fast period"


def test_months_are_told_by_the_equity_at_their_ends() -> None:
    curve = np.zeros(4, dtype=EQUITY_DTYPE)
    curve["ts"] = [30 * DAY_MS, 31 * DAY_MS, 58 * DAY_MS, 365 * DAY_MS]
    curve["equity"] = [1.0, 2.0, 3.0, 4.0]
    assert month_ends(curve) == [(1970, 1, 1.0), (1970, 2, 3.0), (1971, 1, 4.0)]
    assert month_ends(curve[:0]) == []


def test_a_month_is_a_return_of_what_was_there_before_it() -> None:
    ends = [MonthEnd(2023, 11, 110.0), MonthEnd(2023, 12, 99.0), MonthEnd(2024, 2, 99.0)]
    text = Read(month_table(ends, 100.0)).text
    assert text.endswith("202310.0%−10.0%−1.0%20240.0%0.0%")


def test_what_lost_all_has_no_further_returns() -> None:
    text = Read(month_table([MonthEnd(2023, 1, 0.0), MonthEnd(2023, 2, 0.0)], 100.0)).text
    assert text.endswith("2023−100.0%−100.0%")


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0.0, 10.0, [0, 2, 4, 6, 8, 10]),
        (9_900.0, 10_480.0, [9_900, 10_000, 10_100, 10_200, 10_300, 10_400]),
        (3.0, 3.0, [3]),
    ],
)
def test_an_axis_has_round_numbers(low: float, high: float, values: list[float]) -> None:
    assert round_values(low, high, 6) == pytest.approx(values)


def test_a_time_axis_names_years_months_or_days() -> None:
    year = 365 * DAY_MS
    assert [label for _, label in instants(0, 6 * year, 8)] == ["1970", "1971", "1972", "1973", "1974", "1975"]
    assert [label for _, label in instants(0, 200 * DAY_MS, 9)] == [
        "1970",
        *(f"{m} 1970" for m in ("Feb", "Mar", "Apr", "May", "Jun", "Jul")),
    ]
    assert [label for _, label in instants(0, 4 * DAY_MS, 9)] == ["01 Jan", "02 Jan", "03 Jan", "04 Jan", "05 Jan"]


def test_a_command_says_the_whole_request() -> None:
    request = REQUEST | {
        "strategyParameters": {"fastPeriod": 5, "mode": "a b", "risk": 0.00001, "word": "true"},
        "label": "it's",
        "account": {"type": "margin", "leverage": 2.0},
        "closeAtEnd": True,
        "seed": 0,
        "priority": "normal",
    }
    command = forge_command("backtest", request)
    assert command is not None
    words = shlex.split(command.replace("\\\n", ""))
    assert words[:3] == ["forge", "submit", "SmaCrossover"]
    assert [words[at + 1] for at, word in enumerate(words) if word == "-p"] == [
        *("fastPeriod=5", "mode=a b", "risk=0.00001", 'word="true"'),
    ]
    for option, value in (("--cash", "10000"), ("--commission", "0.001"), ("--leverage", "2"), ("--label", "it's")):
        assert words[words.index(option) + 1] == value
    assert "--close-at-end" in words
    assert "--priority" not in words


def test_axes_are_said_as_they_are_typed() -> None:
    axes = {
        "fast": {"min": 2, "max": 8, "step": 2},
        "slow": {"values": [20, 30]},
        "one": {"values": [7]},
        "mode": {"fixed": "12"},
    }
    command = forge_command("optimization", REQUEST | {"axes": axes, "walkForward": {"windows": 3, "anchored": True}})
    assert command is not None
    words = shlex.split(command.replace("\\\n", ""))
    assert [words[at + 1] for at, word in enumerate(words) if word == "-x"] == [
        *("fast=2:8:2", "slow=20,30", "one=7,", 'mode="12"'),
    ]
    assert "--anchored" in words
    assert words[words.index("--windows") + 1] == "3"


@pytest.mark.parametrize(
    "more",
    [
        {"commission": {"model": "perOrder", "value": 1.0}},
        {"strategyVersion": "1.0.0"},
        {"account": {"type": "margin", "maintenanceRate": 0.1}},
        {"axes": {"dataSubscription": {"values": [{"assetName": "A"}]}}},
    ],
)
def test_what_forge_has_no_option_for_is_left_to_curl(more: dict[str, Any]) -> None:
    assert forge_command("optimization", {"axes": {}} | REQUEST | more) is None


def test_a_request_of_very_many_values_is_no_command_line_and_not_told_value_by_value() -> None:
    axis = {"values": list(range(50_000))}
    request = REQUEST | {"axes": {"fast": axis}}
    assert curl_command("optimization", request, "http://here").endswith("--data @request.json")
    text = axis_text(axis)
    assert text.startswith("0, 1, 2, ")
    assert text.endswith("48, 49 and 49,950 more")
    whole = again("optimization", request, "http://here", "/report")
    assert "Copy the request below into request.json first." in whole
    assert len(whole) < 320_000, "it is said once"


def test_curl_sends_the_very_request() -> None:
    request = REQUEST | {"label": 'it\'s "so"'}
    words = shlex.split(curl_command("backtest", request, "http://here").replace("\\\n", ""))
    assert words[3] == "http://here/api/backtests"
    assert json.loads(words[-1]) == request
