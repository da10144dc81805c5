"""Axes become spaces, or errors that name the axis."""

import pytest
from msgspec import convert

from server.contract.catalogue import ParameterInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import Axis
from server.optimization.axes import MAX_VALUES, grid, limit_values
from server.optimization.space import Space

PARAMETERS = [
    ParameterInfo(name="fastPeriod", type="int", default=10, min=2, max=200, step=5),
    ParameterInfo(name="anyPeriod", type="int", default=3),
    ParameterInfo(name="threshold", type="float", default=0.5, min=0, max=1),
    ParameterInfo(name="mode", type="choice", default="long", choices=["long", "short"]),
    ParameterInfo(name="exits", type="bool", default=True),
]


def space_of(**axes: object) -> Space:
    return grid(PARAMETERS, convert(axes, dict[str, Axis]))


def values_of(name: str, axis: object) -> list[object]:
    space = space_of(**{name: axis})
    return list(space.values[space.names.index(name)])


def refused(**axes: object) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        space_of(**axes)
    return caught.value


def test_without_axes_there_is_the_set_of_defaults() -> None:
    space = space_of()
    assert space.size == 1
    assert space.at(0) == {"fastPeriod": 10, "anyPeriod": 3, "threshold": 0.5, "mode": "long", "exits": True}


def test_a_range_of_whole_numbers_takes_the_parameters_step_and_includes_max() -> None:
    assert values_of("fastPeriod", {"min": 5, "max": 20}) == [5, 10, 15, 20]


def test_a_range_stops_before_a_max_that_no_step_hits() -> None:
    assert values_of("fastPeriod", {"min": 5, "max": 19, "step": 4}) == [5, 9, 13, 17]


def test_whole_numbers_without_any_step_go_by_one() -> None:
    assert values_of("anyPeriod", {"min": -1, "max": 2}) == [-1, 0, 1, 2]


def test_decimal_steps_do_not_drift() -> None:
    assert values_of("threshold", {"min": 0.1, "max": 0.7, "step": 0.1}) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert values_of("threshold", {"min": 0, "max": 1, "step": 0.25}) == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_decimals_beyond_float_precision_are_still_the_nearest_floats() -> None:
    assert values_of("threshold", {"min": 1e-17, "max": 3e-17, "step": 1e-17}) == [1e-17, 2e-17, 3e-17]


def test_values_keep_their_order_and_run_once() -> None:
    assert values_of("fastPeriod", {"values": [50, 20, 50.0]}) == [50, 20]
    assert values_of("mode", {"values": ["short", "long"]}) == ["short", "long"]
    assert values_of("exits", {"values": [False, True]}) == [False, True]


def test_a_fixed_axis_has_one_value() -> None:
    assert values_of("mode", {"fixed": "short"}) == ["short"]


def test_an_unknown_axis_is_named_with_what_was_meant() -> None:
    error = refused(fastPerod={"fixed": 3})
    assert error.code == "unknown_parameter"
    assert error.errors[0].path == "axes.fastPerod"
    assert "fastPeriod" in error.detail


@pytest.mark.parametrize(
    ("axis", "part"),
    [
        ({"min": 1, "max": 10}, "min"),
        ({"min": 5, "max": 201}, "max"),
        ({"values": [5, 1]}, "values[1]"),
        ({"fixed": 201}, "fixed"),
    ],
)
def test_values_out_of_the_parameters_bounds_are_refused(axis: object, part: str) -> None:
    error = refused(fastPeriod=axis)
    assert (error.code, error.errors[0].path) == ("parameter_out_of_bounds", f"axes.fastPeriod.{part}")


@pytest.mark.parametrize(
    ("name", "axis", "part"),
    [
        ("fastPeriod", {}, ""),
        ("fastPeriod", {"min": 5}, ".max"),
        ("fastPeriod", {"max": 5}, ".min"),
        ("fastPeriod", {"step": 5}, ".min"),
        ("fastPeriod", {"min": 20, "max": 5}, ".max"),
        ("fastPeriod", {"min": 5, "max": 20, "values": [5]}, ""),
        ("fastPeriod", {"fixed": 5, "values": [5]}, ""),
        ("fastPeriod", {"min": 5, "max": 20, "step": 0.5}, ".step"),
        ("fastPeriod", {"min": 5.5, "max": 20}, ".min"),
        ("fastPeriod", {"values": ["five"]}, ".values[0]"),
        ("fastPeriod", {"fixed": True}, ".fixed"),
        ("threshold", {"min": 0, "max": 1}, ".step"),
        ("threshold", {"values": [{"assetName": "A", "exchange": "B", "timeFrame": "1h"}]}, ".values[0]"),
        ("mode", {"min": 0, "max": 1}, ""),
        ("exits", {"fixed": 1}, ".fixed"),
    ],
)
def test_a_malformed_or_mistyped_axis_is_refused_where_it_is_wrong(name: str, axis: object, part: str) -> None:
    error = refused(**{name: axis})
    assert (error.code, error.errors[0].path) == ("invalid_request", f"axes.{name}{part}")


def test_an_axis_without_values_is_no_combination() -> None:
    error = refused(fastPeriod={"values": []})
    assert (error.code, error.errors[0].path) == ("no_combinations", "axes.fastPeriod")


def test_data_sets_are_the_first_and_slowest_axis() -> None:
    space = grid(PARAMETERS, {"exits": Axis(values=[True, False])}, ["A/X/1h", "B/X/1h"])
    assert [(one["dataSubscription"], one["exits"]) for one in map(space.at, range(4))] == [
        ("A/X/1h", True),
        ("A/X/1h", False),
        ("B/X/1h", True),
        ("B/X/1h", False),
    ]
    assert [space.market_of(index) for index in range(4)] == [0, 0, 1, 1]
    assert space.inner == space_of(exits={"values": [True, False]})


def test_every_axis_at_fault_is_named() -> None:
    error = refused(fastPeriod={"fixed": 1}, mode={"fixed": "both"}, nothing={"fixed": 1}, exits={"fixed": True})
    assert [field.path for field in error.errors] == ["axes.fastPeriod.fixed", "axes.mode.fixed", "axes.nothing"]


@pytest.mark.parametrize("high", [MAX_VALUES, 1e300])
def test_an_axis_of_too_many_values_is_refused_at_once(high: float) -> None:
    parameters = [ParameterInfo(name="a", type="float", default=0.0)]
    with pytest.raises(InvalidRequest) as caught:
        limit_values(grid(parameters, {"a": Axis(min=0, max=high, step=1)}))
    assert (caught.value.code, caught.value.errors[0].path) == ("invalid_request", "axes.a")
    assert len(caught.value.detail) < 200


def test_axes_share_the_room_for_values() -> None:
    parameters = [ParameterInfo(name=name, type="int", default=0) for name in "ab"]
    axis = Axis(min=1, max=MAX_VALUES // 2, step=1)
    limit_values(grid(parameters, {"a": axis, "b": axis}))
    with pytest.raises(InvalidRequest):
        limit_values(grid(parameters, {"a": axis, "b": Axis(min=1, max=MAX_VALUES // 2 + 1, step=1)}))
