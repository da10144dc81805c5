"""Data sets as an axis: every trial is the backtest over its own data set."""

from typing import Any, Final

import pytest

from tests.integration.site import Site

HOURS: Final = {"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"}
FOURS: Final = HOURS | {"timeFrame": "4:00:00"}
NAMES: Final = {"ACME/TEST/1h": HOURS, "ACME/TEST/4h": FOURS}
OWN: Final = {"fastPeriod": {"values": [4, 8]}, "slowPeriod": {"values": [10, 20]}}


def without_series(request: dict[str, Any]) -> dict[str, Any]:
    """A request that names no series."""
    return {name: value for name, value in request.items() if name not in HOURS}


def over(*series: dict[str, Any], **axes: Any) -> dict[str, Any]:
    return {"dataSubscription": {"values": list(series)}, **(axes or OWN)}


def trials_of(site: Site, key: str, **query: Any) -> list[dict[str, Any]]:
    return site.pages(f"/api/optimizations/{key}/trials", limit=100, sort="index", **query)


@pytest.mark.parametrize("compiled", ["auto", "off"])
def test_trials_are_what_the_backtests_on_their_data_sets_give(site: Site, compiled: str) -> None:
    settings = without_series(site.fresh(compile=compiled))
    sweep = site.run("optimizations", settings | {"axes": over(HOURS, FOURS)})
    trials = trials_of(site, sweep["runKey"])
    assert [trial["index"] for trial in trials] == list(range(8))
    assert len({trial["trialKey"] for trial in trials}) == 8
    assert [trial["parameters"]["dataSubscription"] for trial in trials] == ["ACME/TEST/1h"] * 4 + ["ACME/TEST/4h"] * 4
    for trial in trials:
        own = {name: value for name, value in trial["parameters"].items() if name != "dataSubscription"}
        series = NAMES[trial["parameters"]["dataSubscription"]]
        alone = site.run("backtests", settings | series | {"strategyParameters": own})
        assert alone["result"]["metrics"] == trial["metrics"]
        assert alone["result"]["trialKey"] == trial["trialKey"]


def test_a_result_tells_of_every_data_set(site: Site) -> None:
    sweep = site.run("optimizations", without_series(site.fresh()) | {"axes": over(HOURS, FOURS)})
    result = sweep["result"]
    assert [(used["timeFrame"], used["rows"] > 0) for used in result["data"]] == [("1h", True), ("4h", True)]
    assert result["axes"]["dataSubscription"] == {"values": [HOURS, FOURS]}
    assert not HOURS.keys() & result["settings"].keys()
    assert result["totalBars"] == 4 * sum(used["rows"] for used in result["data"])
    assert result["robustness"]["trials"] in (4, 8)
    path = f"/api/optimizations/{sweep['runKey']}/trials/{sweep['best']['trialKey']}/equity"
    assert site.http.get(path).json()["points"]


def test_a_random_search_draws_from_all_data_sets(site: Site) -> None:
    axes = over(HOURS, FOURS, fastPeriod={"min": 2, "max": 40, "step": 1})
    request = without_series(site.fresh(method="random", budget=20, seed=3)) | {"axes": axes}
    done = site.run("optimizations", request)
    trials = trials_of(site, done["runKey"])
    assert len(trials) == done["totalCombinations"] == 20
    assert {trial["parameters"]["dataSubscription"] for trial in trials} == set(NAMES)
    assert {trial["status"] for trial in trials} == {"Completed"}


def test_a_condition_may_name_a_data_set(site: Site) -> None:
    conditions = ["dataSubscription == 'ACME/TEST/4h' or fastPeriod == 4"]
    request = without_series(site.fresh(conditions=conditions)) | {"axes": over(HOURS, FOURS)}
    cost = site.http.post("/api/optimizations/evaluate", json=request).json()
    assert (cost["totalCombinations"], cost["uniqueCombinations"]) == (8, 6)
    done = site.run("optimizations", request)
    trials = [trial["parameters"] for trial in trials_of(site, done["runKey"])]
    assert [(one["dataSubscription"][-2:], one["fastPeriod"]) for one in trials] == [("1h", 4)] * 2 + [
        ("4h", 4)
    ] * 2 + [("4h", 8)] * 2


def test_work_is_shared_with_backtests_and_sweeps_of_one_data_set(site: Site) -> None:
    settings = without_series(site.fresh())
    parameters = {"fastPeriod": 8, "slowPeriod": 20}
    alone = site.run("backtests", settings | FOURS | {"strategyParameters": parameters})
    sweep = site.run("optimizations", settings | {"axes": over(HOURS, FOURS)})
    (reused,) = [trial for trial in trials_of(site, sweep["runKey"]) if trial["reused"]]
    assert reused["trialKey"] == alone["result"]["trialKey"]
    assert reused["parameters"]["dataSubscription"] == "ACME/TEST/4h"
    inner = site.run("optimizations", settings | FOURS | {"axes": OWN})
    assert inner["reused"] == 4
    assert all("dataSubscription" not in trial["parameters"] for trial in trials_of(site, inner["runKey"]))
    turned = settings | {"axes": over(FOURS, HOURS)}
    assert site.http.post("/api/optimizations/evaluate", json=turned).json()["reusedTrials"] == 8
    assert site.run("optimizations", turned)["reused"] == 8


def test_a_data_set_given_twice_is_run_once(site: Site) -> None:
    axes = over(HOURS, HOURS | {"timeFrame": "60m"})
    assert site.run("optimizations", without_series(site.fresh()) | {"axes": axes})["totalCombinations"] == 4


@pytest.mark.parametrize(
    ("axis", "code", "path"),
    [
        ({"values": []}, "no_combinations", ""),
        ({"fixed": "ACME"}, "invalid_request", ""),
        ({"values": ["ACME"]}, "invalid_request", ".values[0]"),
        ({"values": [HOURS, HOURS | {"assetName": "ACNE"}]}, "unknown_dataset", ".values[1].assetName"),
        ({"values": [HOURS, HOURS | {"timeFrame": "7m"}]}, "unknown_dataset", ".values[1].timeFrame"),
        ({"values": [HOURS] * 65}, "invalid_request", ""),
    ],
)
def test_what_is_wrong_with_the_axis_is_told_at_its_value(site: Site, axis: Any, code: str, path: str) -> None:
    request = without_series(site.settings()) | {"axes": {"dataSubscription": axis}}
    site.problem(site.post("optimizations", request), 400, code, f"axes.dataSubscription{path}")


def test_the_axis_takes_the_place_of_the_main_series(site: Site) -> None:
    site.problem(site.post("optimizations", site.settings(axes=over(HOURS))), 400, "invalid_request", "assetName")
