"""Walk-forward optimizations: each window chooses in sample, and is judged on what comes after."""

from typing import Any, Final

import pytest

from tests.integration.site import Site
from tests.integration.test_optimizations import AXES, trials_of

WALK: Final = {"windows": 3, "outOfSamplePct": 25, "objective": "netProfit"}
SETS: Final = 12


def asked(site: Site, **changes: Any) -> dict[str, Any]:
    return site.fresh(axes=AXES, method="walkForward", walkForward=WALK) | changes


def backtest(site: Site, request: dict[str, Any], start: str, end: str, parameters: dict[str, Any]) -> dict[str, Any]:
    settings = {name: one for name, one in request.items() if name not in ("axes", "method", "walkForward")}
    run = site.run("backtests", settings | {"startTime": start, "endTime": end, "strategyParameters": parameters})
    result: dict[str, Any] = run["result"]
    return result


@pytest.fixture(scope="module")
def request_(site: Site) -> dict[str, Any]:
    return asked(site)


@pytest.fixture(scope="module")
def walked(site: Site, request_: dict[str, Any]) -> dict[str, Any]:
    """A finished one."""
    return site.run("optimizations", request_)


def test_every_combination_runs_in_every_window(site: Site, walked: dict[str, Any]) -> None:
    assert (walked["totalCombinations"], walked["completedCombinations"]) == (3 * SETS, 3 * SETS)
    trials = trials_of(site, walked["runKey"], sort="index", limit=100)
    assert [trial["index"] for trial in trials] == list(range(3 * SETS))
    assert len({trial["trialKey"] for trial in trials}) == 3 * SETS
    assert [trial["parameters"] for trial in trials[:SETS]] == [
        trial["parameters"] for trial in trials[SETS : 2 * SETS]
    ]


def test_a_window_chooses_its_best_trial_which_is_the_backtest_of_its_period(
    site: Site, request_: dict[str, Any], walked: dict[str, Any]
) -> None:
    trials = trials_of(site, walked["runKey"], sort="index", limit=100)
    for window in walked["result"]["walkForward"]["windows"]:
        of_window = trials[window["index"] * SETS : (window["index"] + 1) * SETS]
        best = max(of_window, key=lambda trial: trial["metrics"]["netProfit"])
        assert window["parameters"] == best["parameters"]
        assert window["inSampleValue"] == best["metrics"]["netProfit"]
    alone = backtest(site, request_, window["inSampleStart"], window["inSampleEnd"], window["parameters"])
    assert (alone["trialKey"], alone["metrics"]) == (best["trialKey"], best["metrics"])


def test_what_was_chosen_is_judged_by_the_backtest_of_the_period_after(
    site: Site, request_: dict[str, Any], walked: dict[str, Any]
) -> None:
    for window in walked["result"]["walkForward"]["windows"]:
        alone = backtest(site, request_, window["outOfSampleStart"], window["outOfSampleEnd"], window["parameters"])
        assert (window["trialKey"], window["metrics"]) == (alone["trialKey"], alone["metrics"])
        assert window["outOfSampleValue"] == alone["metrics"]["netProfit"]


def test_the_windows_are_one_run_out_of_sample(walked: dict[str, Any]) -> None:
    walk = walked["result"]["walkForward"]
    growth = 1.0
    for window in walk["windows"]:
        growth *= 1.0 + window["metrics"]["totalReturnPct"] / 100.0
    assert walk["metrics"]["totalReturnPct"] == pytest.approx(100.0 * (growth - 1.0))
    assert walk["metrics"]["totalTrades"] == sum(window["metrics"]["totalTrades"] for window in walk["windows"])
    assert walk["equity"]["points"][-1][1] == pytest.approx(walk["metrics"]["finalEquity"])
    times = [point[0] for point in walk["equity"]["points"]]
    assert times == sorted(times)
    assert walked["result"]["robustness"] is None


def test_one_window_is_measured_as_its_backtest(site: Site) -> None:
    request = asked(site, walkForward={"windows": 1, "outOfSamplePct": 40}, riskFreeRate=0.02)
    walk = site.run("optimizations", request)["result"]["walkForward"]
    metrics = walk["windows"][0]["metrics"]
    assert {name: pytest.approx(metrics[name]) for name in walk["metrics"]} == walk["metrics"]
    assert walk["efficiency"] == walk["windows"][0]["efficiency"]


def test_it_ends_with_the_same_answer_on_one_worker_and_takes_over_nothing_when_forced(
    site: Site, request_: dict[str, Any], walked: dict[str, Any]
) -> None:
    again = site.run("optimizations", request_ | {"force": True, "maxParallelism": 1})
    assert again["reused"] == 0
    assert again["result"]["walkForward"] == walked["result"]["walkForward"]


def test_trials_are_taken_over_from_sweeps_over_the_same_windows(site: Site, walked: dict[str, Any]) -> None:
    request = walked["result"]["settings"] | {"strategyName": "SmaCrossover", "axes": AXES}
    first = walked["result"]["walkForward"]["windows"][0]
    period = {"startTime": first["inSampleStart"], "endTime": first["inSampleEnd"]}
    assert site.run("optimizations", request | period)["reused"] == SETS
    other = request | {"method": "walkForward", "walkForward": WALK | {"objective": "sharpeRatio"}}
    again = site.run("optimizations", other)
    assert (again["reused"], again["completedCombinations"]) == (3 * SETS, 3 * SETS)


def test_an_evaluation_counts_the_trials_of_all_windows(site: Site) -> None:
    request = asked(site, maxCombinations=3 * SETS - 1)
    answer = site.http.post("/api/optimizations/evaluate", json=request).json()
    assert (answer["totalCombinations"], answer["exceedsMaxCombinations"]) == (SETS, True)
    site.problem(site.post("optimizations", request), 400, "too_many_combinations", "axes")


def test_windows_without_a_trial_that_may_lead_hold_cash(site: Site) -> None:
    done = site.run("optimizations", asked(site, filters={"minTotalTrades": 100_000}))
    walk = done["result"]["walkForward"]
    assert [window["parameters"] for window in walk["windows"]] == [None] * 3
    assert (walk["metrics"], walk["equity"], walk["efficiency"]) == (None, None, None)
    assert any("no trial could be chosen in the windows 1, 2, 3" in text for text in done["result"]["warnings"])
