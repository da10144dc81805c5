"""The windows of a walk-forward optimization as a submission has them."""

from typing import Any, Final

import msgspec
import pytest

from server.contract.catalogue import ParameterInfo, StrategyInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import OptimizationRequest
from server.runs.prepare import prepare
from server.runs.prepared import PreparedOptimization
from server.runs.windows import Window
from server.strategies.source import FoundStrategy, StrategySource
from tests.unit.runs.shelf import HOUR_MS, Shelf

SOURCE: Final = StrategySource(
    name="Probe", version="1.0.0", source_hash="0" * 24, directory="", module="probe", class_name="Probe"
)
FAST: Final = ParameterInfo(name="fast", type="int", default=1)
INFO: Final = StrategyInfo(name="Probe", version="1.0.0", source_hash="0" * 24, parameters=[FAST])
FOUND: Final = FoundStrategy(info=INFO, source=SOURCE)
TWO: Final[dict[str, Any]] = {"windows": 2, "outOfSamplePct": 20}


def request(**changes: Any) -> dict[str, Any]:
    """Over hours 10 to 69 of a series that has 100, with a second to spare at either end."""
    return {
        "strategyName": "Probe",
        "startTime": "1970-01-01T09:59:59Z",
        "endTime": "1970-01-03T21:00:01Z",
        "initialCash": 10_000,
        "assetName": "AAA",
        "exchange": "X",
        "timeFrame": "1h",
        "axes": {"fast": {"min": 1, "max": 5}},
        "method": "walkForward",
        "walkForward": TWO,
    } | changes


def prepared(asked: dict[str, Any]) -> PreparedOptimization:
    """Of the fields those that are not None."""
    shelf = Shelf()
    shelf.put("AAA")
    shelf.put("BBB", from_hour=55)
    given = {name: one for name, one in asked.items() if one is not None}
    made = prepare(msgspec.convert(given, OptimizationRequest), FOUND, shelf)
    assert isinstance(made, PreparedOptimization)
    return made


def windows(asked: dict[str, Any]) -> list[Window]:
    found = prepared(asked).windows
    assert found is not None
    return found.windows


def refused(**changes: Any) -> tuple[str, str]:
    with pytest.raises(InvalidRequest) as caught:
        prepared(request(**changes))
    return caught.value.code, caught.value.errors[0].path


def test_periods_lie_end_to_end_and_fill_that_of_the_run() -> None:
    first, second = windows(request())
    start_ms, end_ms = (9 * 3_600 + 3_599) * 1_000, 69 * HOUR_MS + 1_000
    assert (first.in_sample.start_ms, second.out_of_sample.end_ms) == (start_ms, end_ms)
    for window in (first, second):
        assert window.out_of_sample.start_ms == window.in_sample.end_ms + 1
        assert window.out_of_sample.start_ms % HOUR_MS == 0
    assert second.out_of_sample.start_ms == first.out_of_sample.end_ms + 1
    assert [part.rows for window in (first, second) for part in (window.in_sample, window.out_of_sample)] == [
        [(10, 50)],
        [(50, 60)],
        [(20, 60)],
        [(60, 70)],
    ]


def test_every_set_is_a_trial_of_every_window() -> None:
    made = prepared(request(conditions=["fast > 2"]))
    assert made.total == 6
    assert made.bars == 40
    assert len(set(made.families)) == 2
    assert made.family not in made.families


def test_a_trial_is_that_of_a_sweep_over_the_same_period() -> None:
    made = prepared(request())
    period = {"startTime": "1970-01-01T20:00:00Z", "endTime": "1970-01-03T11:59:59.999Z"}
    alone = prepared(request(**period, method="grid", walkForward=None))
    assert made.families[1] == alone.family == alone.families[0]


def test_what_windows_are_asked_for_is_part_of_the_run_key() -> None:
    plain = prepared(request()).run_key
    assert prepared(request(walkForward=TWO | {"anchored": False, "objective": "sharpeRatio"})).run_key == plain
    for change in ({"anchored": True}, {"objective": "netProfit"}, {"windows": 3}, {"outOfSamplePct": 21}):
        assert prepared(request(walkForward=TWO | change)).run_key != plain


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"method": "grid"}, "walkForward"),
        ({"walkForward": None}, "walkForward"),
        ({"walkForward": TWO | {"objective": "sharpRatio"}}, "walkForward.objective"),
        ({"walkForward": TWO | {"windows": 2_000}}, "walkForward.windows"),
        ({"budget": 3}, "budget"),
        ({"timeBudgetSeconds": 3}, "timeBudgetSeconds"),
        ({"stopRules": {"targetMetric": 3}}, "stopRules"),
        ({"objectives": [{"metric": "netProfit", "direction": "max"}]}, "objectives"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changes: dict[str, Any], path: str) -> None:
    assert refused(**changes) == ("invalid_request", path)


def test_windows_that_the_bars_do_not_fill_are_refused() -> None:
    assert refused(walkForward=TWO | {"windows": 50}) == ("empty_period", "walkForward.windows")


def test_a_series_that_begins_behind_a_window_is_named() -> None:
    series = [{"assetName": name, "exchange": "X", "timeFrame": "1h"} for name in ("AAA", "BBB")]
    asked = {name: one for name, one in request().items() if name not in ("assetName", "exchange", "timeFrame")}
    with pytest.raises(InvalidRequest) as caught:
        prepared(asked | {"dataSubscriptions": series})
    assert (caught.value.code, caught.value.errors[0].path) == ("empty_period", "walkForward.windows")
    assert "BBB 1h of X" in caught.value.detail


def test_all_combinations_of_all_windows_are_limited() -> None:
    assert prepared(request(maxCombinations=10)).total == 10
    assert refused(maxCombinations=9)[0] == "too_many_combinations"
