"""Sweeps: counts that live, trials that last, failures that stay their own."""

import csv
import io
import time
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.contract.media import PARQUET
from server.contract.results import METRIC_NAMES
from tests.integration.site import Site

AXES: Final = {"fastPeriod": {"min": 2, "max": 8, "step": 2}, "slowPeriod": {"values": [10, 20, 30]}}
WIDE: Final = {"fastPeriod": {"min": 2, "max": 41, "step": 1}, "slowPeriod": {"min": 50, "max": 79, "step": 1}}
WIDE_SIZE: Final = 1_200


def trials_of(site: Site, key: str, **query: Any) -> list[dict[str, Any]]:
    """Every trial, page by page."""
    return site.pages(f"/api/optimizations/{key}/trials", **{"limit": 5, **query})


def value_of(trial: dict[str, Any], name: str) -> Any:
    """A parameter or a metric of a trial."""
    return trial["parameters"].get(name, (trial["metrics"] or {}).get(name))


def without_run(trial: dict[str, Any]) -> dict[str, Any]:
    """A trial without what differs from run to run."""
    return {name: value for name, value in trial.items() if name not in ("durationMs", "reused")}


@pytest.fixture(scope="module")
def swept(site: Site) -> dict[str, Any]:
    """A finished sweep over `AXES`, best net profit first."""
    return site.run("optimizations", site.fresh(axes=AXES, sortBy="netProfit"))


@pytest.fixture(scope="module")
def picky(site: Site) -> dict[str, Any]:
    """A finished sweep of which every third trial raised."""
    axes = {"number": {"min": 1, "max": 9}}
    return site.run("optimizations", site.fresh(strategyName="Picky", axes=axes, sortBy="sharpeRatio"))


def test_a_submission_tells_how_many_combinations_there_are(site: Site) -> None:
    answer = site.post("optimizations", site.fresh(axes=AXES))
    body = answer.json()
    assert answer.status_code == 202
    assert (body["kind"], body["totalCombinations"], body["dedup"]) == ("optimization", 12, "none")
    assert answer.headers["location"] == f"/api/optimizations/{body['runKey']}/status"
    site.ended("optimizations", body["runKey"])


def test_every_combination_is_counted_and_ranked(swept: dict[str, Any]) -> None:
    assert (swept["completedCombinations"], swept["failedCombinations"], swept["skipped"]) == (12, 0, 0)
    result = swept["result"]
    assert (result["trialsTotal"], result["completed"], result["failed"]) == (12, 12, 0)
    profits = [trial["metrics"]["netProfit"] for trial in result["trials"]]
    assert profits == sorted(profits, reverse=True)
    leaders = [(leader["trialKey"], leader["parameters"], leader["value"]) for leader in swept["top"]]
    assert leaders == [
        (trial["trialKey"], trial["parameters"], trial["metrics"]["netProfit"]) for trial in result["trials"][:10]
    ]
    assert swept["best"] == swept["top"][0] == result["best"]


def test_a_metric_of_which_less_is_better_leads_with_the_least(site: Site) -> None:
    done = site.run("optimizations", site.fresh(axes=AXES, sortBy="turnover"))
    values = [trial["metrics"]["turnover"] for trial in done["result"]["trials"]]
    assert values == sorted(values)
    assert done["best"]["value"] == values[0]


def test_the_grid_is_the_product_of_the_axes(site: Site, swept: dict[str, Any]) -> None:
    grid = {
        (trial["parameters"]["fastPeriod"], trial["parameters"]["slowPeriod"])
        for trial in trials_of(site, swept["runKey"])
    }
    assert grid == {(fast, slow) for fast in (2, 4, 6, 8) for slow in (10, 20, 30)}
    assert swept["axes"]["quantity"] == {"fixed": 1.0}


def test_choices_and_fractions_can_be_axes(site: Site) -> None:
    axes = {"number": {"fixed": 4}, "quantity": {"min": 0.1, "max": 0.5}}
    done = site.run("optimizations", site.fresh(strategyName="Picky", axes=axes))
    quantities = [trial["parameters"]["quantity"] for trial in trials_of(site, done["runKey"], sort="quantity")]
    assert quantities == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_trials_are_what_the_same_backtests_give_alone(site: Site) -> None:
    settings = site.fresh()
    sweep = site.run("optimizations", settings | {"axes": AXES})
    trials = trials_of(site, sweep["runKey"])
    assert len({trial["trialKey"] for trial in trials}) == 12
    for trial in trials:
        alone = site.run("backtests", settings | {"strategyParameters": trial["parameters"]})
        assert alone["result"]["metrics"] == trial["metrics"]


def test_a_backtest_is_not_run_again_as_a_trial(site: Site) -> None:
    settings = site.fresh()
    parameters = {"fastPeriod": 4, "slowPeriod": 20}
    alone = site.run("backtests", settings | {"strategyParameters": parameters})
    sweep = site.run("optimizations", settings | {"axes": AXES})
    assert sweep["reused"] == sweep["result"]["reused"] == 1
    (reused,) = [trial for trial in trials_of(site, sweep["runKey"]) if trial["reused"]]
    assert reused["parameters"] == alone["result"]["parameters"]
    assert reused["trialKey"] == alone["result"]["trialKey"]
    assert reused["metrics"] == alone["result"]["metrics"]


def test_a_finer_grid_runs_only_what_the_coarse_one_did_not(site: Site) -> None:
    settings = site.fresh(sortBy="netProfit")
    coarse = site.run("optimizations", settings | {"axes": AXES})
    finer = {"fastPeriod": {"min": 2, "max": 8, "step": 1}, "slowPeriod": {"min": 10, "max": 30, "step": 5}}
    cost = site.http.post("/api/optimizations/evaluate", json=settings | {"axes": finer}).json()
    assert cost["reusedTrials"] == 12
    done = site.run("optimizations", settings | {"axes": finer})
    assert (done["totalCombinations"], done["reused"]) == (35, 12)
    trials = trials_of(site, done["runKey"], sort="index")
    assert [trial["index"] for trial in trials] == list(range(35))
    known = {trial["trialKey"]: trial["metrics"] for trial in trials_of(site, coarse["runKey"])}
    assert {trial["trialKey"]: trial["metrics"] for trial in trials if trial["reused"]} == known
    anew = site.run("optimizations", settings | {"axes": finer, "force": True})
    assert (anew["attempt"], anew["reused"]) == (2, 0)
    assert [without_run(trial) for trial in trials_of(site, done["runKey"], sort="index")] == [
        without_run(trial) for trial in trials
    ]


def test_trials_of_a_deleted_sweep_are_run_again(site: Site) -> None:
    settings = site.fresh()
    first = site.run("optimizations", settings | {"axes": AXES})
    site.http.delete(f"/api/optimizations/{first['runKey']}").raise_for_status()
    assert site.run("optimizations", settings | {"axes": AXES})["reused"] == 0


@pytest.mark.parametrize("name", ["sharpeRatio", "netProfit", "totalTrades", "fastPeriod", "slowPeriod"])
def test_trials_are_sorted_by_metric_and_parameter_both_ways(site: Site, swept: dict[str, Any], name: str) -> None:
    rising, falling = (trials_of(site, swept["runKey"], sort=sort) for sort in (name, f"-{name}"))
    values = [value_of(trial, name) for trial in rising]
    assert values == sorted(values)
    assert [value_of(trial, name) for trial in falling] == values[::-1]
    assert {trial["index"] for trial in rising} == {trial["index"] for trial in falling} == set(range(12))


def test_by_default_the_best_trials_come_first(site: Site, swept: dict[str, Any]) -> None:
    assert [trial["trialKey"] for trial in trials_of(site, swept["runKey"])] == [
        trial["trialKey"] for trial in swept["result"]["trials"]
    ]


def test_trials_are_filtered_by_bounds(site: Site, swept: dict[str, Any]) -> None:
    trials = swept["result"]["trials"]
    profit, drawdown = trials[7]["metrics"]["netProfit"], trials[3]["metrics"]["maxDrawdownPct"]
    found = trials_of(site, swept["runKey"], minNetProfit=profit, maxDrawdownPct=-drawdown)
    assert found == [
        trial
        for trial in trials
        if trial["metrics"]["netProfit"] >= profit and trial["metrics"]["maxDrawdownPct"] >= drawdown
    ]
    assert 1 <= len(found) <= 8


def test_trials_stream_as_csv(site: Site, swept: dict[str, Any]) -> None:
    path = f"/api/optimizations/{swept['runKey']}/trials"
    answer = site.http.get(path, headers={"Accept": "text/csv"}, params={"sort": "-netProfit"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [(row["trialKey"], float(row["netProfit"]), int(row["fastPeriod"]), row["status"]) for row in rows] == [
        (trial["trialKey"], trial["metrics"]["netProfit"], trial["parameters"]["fastPeriod"], "Completed")
        for trial in swept["result"]["trials"]
    ]


def test_trials_stream_as_parquet(site: Site, swept: dict[str, Any]) -> None:
    path = f"/api/optimizations/{swept['runKey']}/trials"
    answer = site.http.get(path, headers={"Accept": PARQUET}, params={"sort": "-netProfit"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, PARQUET)
    assert f"{swept['runKey']}.parquet" in answer.headers["content-disposition"]
    table = pq.read_table(pa.BufferReader(answer.content))
    assert table["trialKey"].to_pylist() == [trial["trialKey"] for trial in swept["result"]["trials"]]
    assert table["netProfit"].to_pylist() == [trial["metrics"]["netProfit"] for trial in swept["result"]["trials"]]


def test_the_best_trials_have_the_curves_of_their_backtests(site: Site) -> None:
    settings = site.fresh()
    done = site.run("optimizations", settings | {"axes": AXES, "sortBy": "netProfit", "keepCurves": 2})
    path = f"/api/optimizations/{done['runKey']}/trials"
    first, second, third = done["result"]["trials"][:3]
    curve = site.http.get(f"{path}/{first['trialKey']}/equity").json()
    alone = site.run("backtests", settings | {"strategyParameters": first["parameters"]})
    whole = site.http.get(f"/api/backtests/{alone['runKey']}/equity", params={"points": 2000}).json()
    assert curve == whole
    few = site.http.get(f"{path}/{second['trialKey']}/equity", params={"points": 10}).json()
    assert (len(few["points"]) <= 10, few["total"]) == (True, curve["total"])
    for other in (third["trialKey"], "nothing", "..%2Fresult"):
        site.problem(site.http.get(f"{path}/{other}/equity"), 404, "not_found")
    assert not done["result"]["warnings"]


def test_one_trial_is_told_by_its_key(site: Site, swept: dict[str, Any], picky: dict[str, Any]) -> None:
    third = swept["result"]["trials"][2]
    assert site.http.get(f"/api/optimizations/{swept['runKey']}/trials/{third['trialKey']}").json() == third
    path = f"/api/optimizations/{picky['runKey']}/trials"
    (group,) = picky["result"]["failures"]
    assert "a multiple of three" in site.http.get(f"{path}/{group['exampleTrialKey']}").json()["errorStackTrace"]
    site.problem(site.http.get(f"{path}/nobody"), 404, "not_found")


def test_the_surface_holds_each_cell_of_two_parameters(site: Site, swept: dict[str, Any]) -> None:
    path = f"/api/optimizations/{swept['runKey']}/surface"
    answer = site.http.get(path, params={"x": "fastPeriod", "y": "slowPeriod", "metric": "netProfit"})
    told = answer.json()
    assert answer.status_code == 200, answer.text
    assert (told["xValues"], told["yValues"]) == ([2, 4, 6, 8], [10, 20, 30])
    assert (told["trials"], told["total"], told["resultAttempt"]) == (12, 12, 1)
    cells = {
        (trial["parameters"]["fastPeriod"], trial["parameters"]["slowPeriod"]): trial["metrics"]["netProfit"]
        for trial in swept["result"]["trials"]
    }
    assert cells == {
        (fast, slow): told["values"][row][column]
        for row, slow in enumerate(told["yValues"])
        for column, fast in enumerate(told["xValues"])
    }
    assert told["max"] == swept["best"]["value"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"y": "slow"}, "y"),
        ({"metric": "profits"}, "metric"),
        ({"fold": "worst"}, "fold"),
        ({"fixed": "[]"}, "fixed"),
        ({"fixed": '{"quantity":2.5}'}, "fixed.quantity"),
    ],
)
def test_a_surface_of_what_is_not_there_is_refused(
    site: Site, swept: dict[str, Any], query: dict[str, str], path: str
) -> None:
    answer = site.http.get(
        f"/api/optimizations/{swept['runKey']}/surface", params={"x": "fastPeriod", "y": "slowPeriod"} | query
    )
    code = answer.json()["code"]
    assert code in ("invalid_request", "unknown_parameter", "parameter_out_of_bounds")
    site.problem(answer, 400, code, path)


def test_a_sample_has_whole_trials_and_the_distribution_counts_them(site: Site, swept: dict[str, Any]) -> None:
    path = f"/api/optimizations/{swept['runKey']}"
    trials = swept["result"]["trials"]
    told = site.http.get(f"{path}/sample", params={"metrics": "netProfit,totalTrades"}).json()
    assert told["trialKey"] == [trial["trialKey"] for trial in trials]
    assert told["values"][1] == [trial["metrics"]["totalTrades"] for trial in trials]
    assert told["parameters"]["slowPeriod"] == [trial["parameters"]["slowPeriod"] for trial in trials]
    assert (told["defined"], told["trials"], told["total"], told["resultAttempt"]) == (12, 12, 12, 1)
    few = site.http.get(f"{path}/sample", params={"metrics": "netProfit", "points": 3}).json()
    assert few["trialKey"] == [trials[place]["trialKey"] for place in (0, 6, 11)]
    spread = site.http.get(f"{path}/distribution", params={"metric": "netProfit", "bins": 5}).json()
    assert (sum(spread["counts"]), len(spread["counts"]), spread["max"]) == (12, 5, swept["best"]["value"])


@pytest.mark.parametrize(
    ("what", "query", "path"),
    [
        ("sample", {"metrics": "profits"}, "metrics"),
        ("sample", {"metrics": ",".join(METRIC_NAMES[:9])}, "metrics"),
        ("sample", {"points": "1"}, "points"),
        ("distribution", {"metric": "fastPeriod"}, "metric"),
        ("distribution", {"bins": "0"}, "bins"),
    ],
)
def test_a_spread_of_what_is_no_metric_is_refused(
    site: Site, swept: dict[str, Any], what: str, query: dict[str, str], path: str
) -> None:
    answer = site.http.get(f"/api/optimizations/{swept['runKey']}/{what}", params=query)
    site.problem(answer, 400, "invalid_request", path)


def test_the_status_holds_as_many_trials_as_asked_for(site: Site, swept: dict[str, Any]) -> None:
    counts = [
        len(site.status("optimizations", swept["runKey"], trials=trials)["result"]["trials"])
        for trials in ("0", "1", "5", "all")
    ]
    assert counts == [0, 1, 5, 12]


def test_a_trial_that_raises_is_recorded_and_the_rest_go_on(site: Site, picky: dict[str, Any]) -> None:
    assert (picky["completedCombinations"], picky["failedCombinations"]) == (6, 3)
    assert "a multiple of three" in picky["lastError"]
    failed = trials_of(site, picky["runKey"], status="Failed")
    assert {trial["parameters"]["number"] for trial in failed} == {3, 6, 9}
    for trial in failed:
        assert "a multiple of three" in trial["errorMessage"]
        assert 'boom.py", line 28, in init' in trial["errorStackTrace"]
        assert trial["metrics"] is None
    completed = trials_of(site, picky["runKey"], status="Completed")
    assert {trial["parameters"]["number"] for trial in completed} == {1, 2, 4, 5, 7, 8}
    told = [(trial["errorMessage"], trial["errorStackTrace"]) for trial in picky["result"]["trials"]]
    assert told == [(None, None)] * 6 + [(trial["errorMessage"], trial["errorStackTrace"]) for trial in failed]


def test_failures_are_grouped_by_message(site: Site, picky: dict[str, Any]) -> None:
    (group,) = picky["result"]["failures"]
    failed = trials_of(site, picky["runKey"], status="Failed")
    assert group["count"] == 3
    assert group["message"] == failed[0]["errorMessage"]
    assert group["exampleTrialKey"] in {trial["trialKey"] for trial in failed}


def test_failed_trials_come_last_in_any_order(site: Site, picky: dict[str, Any]) -> None:
    for sort in ("netProfit", "-netProfit"):
        statuses = [trial["status"] for trial in trials_of(site, picky["runKey"], sort=sort)]
        assert statuses == ["Completed"] * 6 + ["Failed"] * 3


def test_a_sweep_of_which_every_trial_fails_has_failed(site: Site) -> None:
    done = site.run("optimizations", site.fresh(strategyName="Picky", axes={"number": {"values": [3, 6]}}), "Failed")
    assert "a multiple of three" in done["errorMessage"]
    assert "boom.py" in done["errorStackTrace"]


def test_a_trial_that_takes_too_long_is_timed_out_and_the_rest_go_on(site: Site) -> None:
    gates = [site.another() for _ in range(3)]
    for gate in gates[1:]:
        (site.gates / str(gate)).touch()
    axes: dict[str, Any] = {"gate": {"values": list(gates)}}
    done = site.run("optimizations", site.fresh(strategyName="Gated", axes=axes, trialTimeoutSeconds=1))
    timed_out = trials_of(site, done["runKey"], status="TimedOut")
    assert [trial["parameters"]["gate"] for trial in timed_out] == gates[:1]
    assert (done["completedCombinations"], done["failedCombinations"]) == (2, 1)


def test_a_trial_that_ends_its_worker_fails_alone(site: Site) -> None:
    axes = {"number": {"min": 1, "max": 6}}
    done = site.run("optimizations", site.fresh(strategyName="Fatal", axes=axes))
    (failed,) = trials_of(site, done["runKey"], status="Failed")
    assert failed["parameters"]["number"] == 3
    assert "exit code 3" in failed["errorMessage"]
    assert (done["completedCombinations"], done["failedCombinations"]) == (5, 1)


def test_counts_rise_and_leaders_show_while_it_runs(site: Site) -> None:
    key = site.submit("optimizations", site.fresh(axes=WIDE, compile="off"))["runKey"]
    status = site.until("optimizations", key, status="Running")
    seen = []
    while not (status["best"] and status["completedCombinations"]):
        status = site.status("optimizations", key)
        seen.append(status["completedCombinations"])
    assert seen == sorted(seen)
    assert status["top"][0] == status["best"]
    grid = site.http.get(
        f"/api/optimizations/{key}/surface", params={"x": "fastPeriod", "y": "slowPeriod", "metric": "netProfit"}
    ).json()
    assert 0 < sum(sum(row) for row in grid["counts"]) <= grid["trials"] < grid["total"] == WIDE_SIZE
    page = site.http.get(f"/api/optimizations/{key}/trials", params={"limit": 3, "sort": "-netProfit"}).json()
    profits = [trial["metrics"]["netProfit"] for trial in page["items"]]
    assert profits == sorted(profits, reverse=True)
    assert 0 < page["totalCount"] < WIDE_SIZE
    site.cancel("optimizations", key)
    site.ended("optimizations", key, "Cancelled")


def test_a_cancelled_sweep_keeps_its_trials_and_goes_on_where_it_was(site: Site) -> None:
    slowly = {"compile": "off", "sortBy": "netProfit"}
    request = site.fresh(axes=WIDE | {"slowPeriod": {"min": 50, "max": 54, "step": 1}}, **slowly)
    key = site.submit("optimizations", request)["runKey"]
    status = site.until("optimizations", key, status="Running")
    while status["completedCombinations"] < 20:
        status = site.status("optimizations", key)
    site.cancel("optimizations", key)
    cancelled = site.ended("optimizations", key, "Cancelled")
    kept = trials_of(site, key, limit=100)
    assert len(kept) == cancelled["completedCombinations"] >= 20
    site.submit("optimizations", request)
    done = site.until("optimizations", key, attempt=2, status="Completed")
    assert (done["completedCombinations"], done["reused"]) == (200, len(kept))
    reused = {trial["trialKey"]: trial["metrics"] for trial in trials_of(site, key, limit=100) if trial["reused"]}
    assert reused == {trial["trialKey"]: trial["metrics"] for trial in kept}


def test_maximum_parallelism_is_no_part_of_what_is_computed(site: Site) -> None:
    request = site.fresh(axes=AXES)
    done = site.run("optimizations", request)
    again = site.submit("optimizations", request | {"maxParallelism": 1})
    assert (again["runKey"], again["dedup"]) == (done["runKey"], "cached")


def test_evaluate_tells_the_cost_and_starts_nothing(site: Site) -> None:
    request = site.fresh(axes=AXES)
    before = site.http.get("/api/optimizations").json()["totalCount"]
    answer = site.http.post("/api/optimizations/evaluate", json=request).json()
    assert (answer["totalCombinations"], answer["uniqueCombinations"], answer["exact"]) == (12, 12, True)
    assert (answer["exceedsMaxCombinations"], answer["maxCombinations"]) == (False, 500_000)
    assert site.http.get("/api/optimizations").json()["totalCount"] == before


def test_evaluate_counts_what_is_too_many_to_run(site: Site) -> None:
    axes = WIDE | {"quantity": {"min": 1, "max": 1_000, "step": 1}}
    answer = site.http.post("/api/optimizations/evaluate", json=site.fresh(axes=axes)).json()
    assert answer["totalCombinations"] == WIDE_SIZE * 1_000
    assert answer["exceedsMaxCombinations"]


def test_evaluate_tells_the_time_of_a_strategy_that_never_ran_once_it_was_measured(site: Site) -> None:
    request = site.fresh(strategyName="Slow", axes={}, compile="off")

    def told() -> float | None:
        seconds: float | None = site.http.post("/api/optimizations/evaluate", json=request).json()["estimatedSeconds"]
        return seconds

    assert told() is None, "the first question waits for no measurement"
    while (seconds := told()) is None:
        time.sleep(0.02)  # the distance between two questions: nobody is told of a measurement
    assert seconds > 0


def test_evaluate_counts_a_million_million_combinations(site: Site) -> None:
    axes = {
        "fastPeriod": {"min": 2, "max": 200, "step": 1},
        "slowPeriod": {"min": 5, "max": 507, "step": 1},
        "quantity": {"min": 1, "max": 10_000_000, "step": 1},
    }
    request = site.fresh(axes=axes, conditions=["fastPeriod < slowPeriod and quantity > 5_000_000"])
    answer = site.http.post("/api/optimizations/evaluate", json=request).json()
    assert answer["totalCombinations"] == 100_097 * 10**7
    assert not answer["exact"]
    assert answer["uniqueCombinations"] == pytest.approx(80_200 * 5 * 10**6, rel=0.05)
    assert answer["exceedsMaxCombinations"]


def test_trials_that_miss_a_bound_are_kept_and_do_not_lead(site: Site) -> None:
    done = site.run("optimizations", site.fresh(axes=AXES))
    trials = trials_of(site, done["runKey"], limit=100, sort="-totalTrades")
    counts = [trial["metrics"]["totalTrades"] for trial in trials]
    least = counts[2]
    filtered = site.run("optimizations", site.fresh(axes=AXES, filters={"minTotalTrades": least}))
    result = filtered["result"]
    assert result["filtered"] == sum(count < least for count in counts)
    leading = [trial["parameters"] for trial, count in zip(trials, counts, strict=True) if count >= least]
    shown = [one["parameters"] for one in filtered["top"]]
    assert len(shown) == len(leading)
    path = f"/api/optimizations/{done['runKey']}/trials"
    page = site.http.get(path, params={"minTotalTrades": least, "limit": 1, "sort": "index"}).json()
    assert page["totalCount"] == len(leading)
    rest = site.http.get(
        path, params={"minTotalTrades": least, "limit": 100, "sort": "index", "cursor": page["nextCursor"]}
    ).json()
    assert len(rest["items"]) == len(leading) - 1
    other = site.http.get(path, params={"minTotalTrades": least + 1, "cursor": page["nextCursor"], "sort": "index"})
    assert (other.status_code, other.json()["errors"][0]["path"]) == (400, "cursor")
    assert [trial["parameters"] for trial in result["trials"]][: len(shown)] == shown
    assert all(parameters in leading for parameters in shown)
    assert filtered["completedCombinations"] == len(trials)


def test_a_fitness_of_weighted_metrics_decides_who_leads(site: Site) -> None:
    weights = {"maxDrawdownPct": 1.0, "totalTrades": -0.01}
    done = site.run("optimizations", site.fresh(axes=AXES, fitness={"weights": weights}))
    trials = trials_of(site, done["runKey"], limit=100)
    expected = [one["metrics"]["maxDrawdownPct"] - 0.01 * one["metrics"]["totalTrades"] for one in trials]
    assert [one["fitness"] for one in trials] == pytest.approx(expected)
    assert expected == sorted(expected, reverse=True)
    assert done["best"]["value"] == trials[0]["fitness"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"fitness": {"weights": {"sharpRatio": 1}}}, "fitness.weights.sharpRatio"),
        ({"fitness": {"weights": {}}}, "fitness.weights"),
        ({"budget": 5}, "budget"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_by_name(site: Site, changes: dict[str, Any], path: str) -> None:
    answer = site.http.post("/api/optimizations", json=site.fresh(axes=AXES, **changes))
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_a_random_search_runs_its_budget_and_the_same_seed_the_same_trials(site: Site) -> None:
    request = site.fresh(axes=WIDE, method="random", budget=15, seed=3)
    done = site.run("optimizations", request)
    assert (done["totalCombinations"], done["completedCombinations"]) == (15, 15)
    again = site.run("optimizations", request | {"force": True})
    first, second = (
        {trial["trialKey"]: trial["metrics"] for trial in trials_of(site, done["runKey"], limit=100)}
        for done in (done, again)
    )
    assert first == second
    assert len(first) == 15


def test_a_sweep_that_had_its_time_is_complete_and_never_an_answer(site: Site) -> None:
    axes = WIDE | {"slowPeriod": {"min": 50, "max": 249, "step": 1}}
    request = site.fresh(axes=axes, timeBudgetSeconds=0.2, compile="off")
    done = site.run("optimizations", request)
    assert done["stopReason"] == "timeBudget"
    assert done["skipped"] > 0
    assert done["completedCombinations"] + done["failedCombinations"] + done["skipped"] == done["totalCombinations"]
    assert site.submit("optimizations", request)["dedup"] == "none"


@pytest.mark.parametrize("method", ["grid", "random"])
def test_rules_end_a_sweep_at_the_same_trial_on_one_worker_and_on_all(site: Site, method: str) -> None:
    request = site.fresh(axes=WIDE, method=method, sortBy="netProfit", stopRules={"noImprovementTrials": 50})
    done = site.run("optimizations", request)
    again = site.run("optimizations", request | {"force": True, "maxParallelism": 1})
    assert (done["stopReason"], again["reused"]) == ("noImprovement", 0)
    assert done["completedCombinations"] + done["failedCombinations"] + done["skipped"] == done["totalCombinations"]
    assert again["skipped"] == done["skipped"] > 0
    assert again["best"] == done["best"]


def test_conditions_leave_sets_out_of_grids_and_searches(site: Site) -> None:
    request = site.fresh(axes=WIDE, conditions=["fastPeriod * 2 < 21"])
    answer = site.http.post("/api/optimizations/evaluate", json=request).json()
    assert (answer["totalCombinations"], answer["exact"]) == (WIDE_SIZE, True)
    done = site.run("optimizations", request)
    trials = trials_of(site, done["runKey"], limit=100)
    assert done["totalCombinations"] == answer["uniqueCombinations"] == len(trials) > 0
    assert all(trial["parameters"]["fastPeriod"] <= 10 for trial in trials)
    assert len({trial["trialKey"] for trial in trials}) == len(trials)
    drawn = site.run("optimizations", site.fresh(axes=WIDE, conditions=["fastPeriod > 20"], method="random", budget=5))
    assert all(trial["parameters"]["fastPeriod"] > 20 for trial in trials_of(site, drawn["runKey"], limit=100))


def test_conditions_that_nothing_satisfies_are_refused(site: Site) -> None:
    answer = site.http.post("/api/optimizations", json=site.fresh(axes=AXES, conditions=["fastPeriod < 0"]))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "no_combinations")
    assert [error["path"] for error in problem["errors"]] == ["conditions"]


@pytest.mark.parametrize("method", ["tpe", "genetic"])
def test_a_search_that_learns_runs_its_budget_and_decides_by_its_seed(site: Site, method: str) -> None:
    request = site.fresh(axes=WIDE, method=method, budget=39, seed=1, sortBy="netProfit")
    done = site.run("optimizations", request)
    assert (done["totalCombinations"], done["completedCombinations"]) == (39, 39)
    trials = trials_of(site, done["runKey"], limit=100, sort="index")
    assert [trial["index"] for trial in trials] == list(range(39))
    again = site.run("optimizations", request | {"force": True, "maxParallelism": 1})
    assert again["reused"] == 0
    assert [trial["parameters"] for trial in trials_of(site, again["runKey"], limit=100, sort="index")] == [
        trial["parameters"] for trial in trials
    ]


def test_several_objectives_have_a_front(site: Site) -> None:
    aims = [{"metric": "netProfit", "direction": "max"}, {"metric": "turnover", "direction": "min"}]
    done = site.run("optimizations", site.fresh(axes=WIDE, method="nsga2", budget=36, objectives=aims))
    trials = {trial["trialKey"]: trial["metrics"] for trial in trials_of(site, done["runKey"], limit=100)}
    front = done["result"]["paretoFront"]
    assert 0 < len(front) <= len(trials) == 36
    best = max(trials, key=lambda key: trials[key]["netProfit"])
    assert trials[best]["netProfit"] in {trials[key]["netProfit"] for key in front}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"method": "nsga2"}, "objectives"),
        ({"objectives": [{"metric": "netProfit", "direction": "max"}]}, "objectives"),
        (
            {
                "method": "nsga2",
                "objectives": [{"metric": "netProfit", "direction": "max"}, {"metric": "turn", "direction": "min"}],
            },
            "objectives[1].metric",
        ),
    ],
)
def test_objectives_that_make_no_sense_are_refused_by_name(site: Site, changes: dict[str, Any], path: str) -> None:
    answer = site.http.post("/api/optimizations", json=site.fresh(axes=AXES, **changes))
    assert (answer.status_code, [error["path"] for error in answer.json()["errors"]]) == (400, [path])
