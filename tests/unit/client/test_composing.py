"""Requests put together of what a line of Python names."""

from datetime import date
from typing import Any

import msgspec
import numpy as np
import pytest

from server.client import DatasetUnclear
from server.client.composing import axis_of, backtest_of, optimization_of
from server.client.series import Series
from server.contract.requests import Axis, BacktestRequest, Commission, OptimizationRequest

SERIES = Series("ACME", "TEST", "1h", "2024-01-01T00:00:00.000Z", "2024-12-31T23:00:00.000Z")


def test_what_is_no_setting_is_a_parameter() -> None:
    named = {"initial_cash": 5_000, "fast_period": np.int64(10), "slippage_ticks": 2, "isLong": True}
    request = backtest_of("Sma", SERIES, None, None, {"label": "a parameter"}, named)
    assert request == {
        "strategyName": "Sma",
        "assetName": "ACME",
        "exchange": "TEST",
        "timeFrame": "1h",
        "startTime": SERIES.first,
        "endTime": SERIES.last,
        "initialCash": 5_000,
        "slippageTicks": 2,
        "strategyParameters": {"label": "a parameter", "fastPeriod": 10, "isLong": True},
    }
    assert msgspec.convert(request, BacktestRequest).strategy_parameters["fastPeriod"] == 10


def test_a_period_is_given_by_days_or_instants() -> None:
    request = backtest_of("Sma", SERIES, "2024-02-01", date(2024, 2, 29), {}, {})
    assert (request["startTime"], request["endTime"]) == ("2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z")


def test_a_period_beyond_the_data_names_the_data() -> None:
    with pytest.raises(DatasetUnclear, match=r"no bars from 2025.*\n  ACME 1h on TEST, 2024-01-01 to 2024-12-31"):
        backtest_of("Sma", SERIES, "2025-01-01", None, {}, {})


def test_settings_are_named_as_in_python_down_to_the_metrics() -> None:
    named: dict[str, Any] = {
        "initial_cash": 1.0,
        "sort_by": "net_profit",
        "conditions": ["fast_period * 2 < slow_period", "entry_mode == 'a_b' or \"c_d\" == exit_mode"],
        "filters": {"min_total_trades": 30},
        "objectives": [{"metric": "max_drawdown_pct", "direction": "max"}],
        "commission": Commission(model="perOrder", value=1.0),
        "fast_period": (2, 10),
    }
    request = optimization_of("Sma", SERIES, None, None, {"slow_period": [20]}, named)
    decoded = msgspec.json.decode(msgspec.json.encode(request), type=OptimizationRequest)
    assert request["axes"] == {"slowPeriod": {"values": [20]}, "fastPeriod": {"min": 2, "max": 10}}
    assert decoded.conditions == ["fastPeriod * 2 < slowPeriod", "entryMode == 'a_b' or \"c_d\" == exitMode"]
    assert (decoded.sort_by, decoded.objectives[0].metric) == ("netProfit", "maxDrawdownPct")
    assert (decoded.filters.min_total_trades, decoded.commission) == (30, named["commission"])


def test_several_series_take_the_place_of_the_one() -> None:
    several = [{"asset_name": "A", "exchange": "B", "time_frame": "1h"}]
    request = backtest_of("Pairs", SERIES, None, None, {}, {"data_subscriptions": several})
    assert request["dataSubscriptions"] == [{"assetName": "A", "exchange": "B", "timeFrame": "1h"}]
    assert "assetName" not in request


@pytest.mark.parametrize(
    ("value", "axis"),
    [
        ((5, 50), {"min": 5, "max": 50}),
        ((0.5, 2.0, 0.5), {"min": 0.5, "max": 2.0, "step": 0.5}),
        (range(5, 50, 10), {"min": 5, "max": 45, "step": 10}),
        (range(9, 0, -3), {"values": [9, 6, 3]}),
        ([20, 50.5, True], {"values": [20, 50.5, True]}),
        (np.array([1.5, 2.5]), {"values": [1.5, 2.5]}),
        ("long", {"fixed": "long"}),
        (np.float64(3.5), {"fixed": 3.5}),
        ({"min": 1, "max": 2}, {"min": 1, "max": 2}),
        (Axis(fixed=1), Axis(fixed=1)),
    ],
)
def test_an_axis_is_told_by_its_form(value: Any, axis: Any) -> None:
    assert axis_of(value) == axis


@pytest.mark.parametrize("value", [(1,), (1, 2, 3, 4), ("a", "b")])
def test_a_tuple_that_bounds_no_range_is_refused(value: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="values are a list"):
        axis_of(value)
