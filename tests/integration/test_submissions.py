"""What a submission becomes."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from server.contract.identity import RUN_KEY_PATTERN
from tests.integration.site import Site


def test_a_submission_answers_at_once_with_key_total_and_where_to_go_on(site: Site) -> None:
    answer = site.post("backtests", site.fresh())
    body = answer.json()
    assert answer.status_code == 202
    assert RUN_KEY_PATTERN.match(body["runKey"])
    assert body["runKey"].startswith("SmaCrossover_1.0.0_20240101-20241231_")
    assert body["totalBars"] == 3_000
    assert body["links"]["status"] == f"/api/backtests/{body['runKey']}/status" == answer.headers["location"]
    assert answer.headers["retry-after"] == "1"
    assert not body["isDedup"]
    site.ended("backtests", body["runKey"])


def test_the_same_submission_is_computed_once(site: Site) -> None:
    request, gate = site.gated()
    first = site.submit("backtests", request)
    again = site.submit("backtests", request)
    assert (again["runKey"], again["dedup"], again["attempt"]) == (first["runKey"], "inFlight", 1)
    gate.touch()
    site.ended("backtests", first["runKey"])
    cached = site.submit("backtests", request)
    assert (cached["dedup"], cached["status"], cached["attempt"]) == ("cached", "Completed", 1)


def test_fifty_identical_submissions_at_once_start_one_run(site: Site) -> None:
    request, gate = site.gated()
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: site.submit("backtests", request), range(50)))
    assert {answer["runKey"] for answer in answers} == {answers[0]["runKey"]}
    assert sorted(answer["dedup"] for answer in answers) == ["inFlight"] * 49 + ["none"]
    assert {answer["attempt"] for answer in answers} == {1}
    gate.touch()
    assert site.ended("backtests", answers[0]["runKey"])["attempt"] == 1


def test_force_computes_a_completed_run_again(site: Site) -> None:
    request = site.fresh()
    done = site.run("backtests", request)
    forced = site.submit("backtests", request | {"force": True})
    assert (forced["runKey"], forced["attempt"], forced["dedup"]) == (done["runKey"], 2, "none")
    again = site.until("backtests", done["runKey"], resultAttempt=2)
    assert again["result"]["metrics"] == done["result"]["metrics"]


def test_after_a_failure_the_next_attempt_starts(site: Site) -> None:
    request = site.fresh(strategyName="Boom")
    failed = site.run("backtests", request, "Failed")
    again = site.submit("backtests", request)
    assert (again["runKey"], again["attempt"], again["dedup"]) == (failed["runKey"], 2, "none")
    site.until("backtests", failed["runKey"], attempt=2, status="Failed")


def test_a_dry_run_says_what_would_be_and_starts_nothing(site: Site) -> None:
    request = site.fresh()
    would = site.post("backtests", request, dryRun="true")
    assert would.status_code == 200
    key = would.json()["runKey"]
    assert site.http.get(f"/api/backtests/{key}/status").status_code == 404
    assert site.submit("backtests", request)["runKey"] == key
    site.ended("backtests", key)
    assert site.submit("backtests", request, dryRun="true")["dedup"] == "cached"


def test_what_does_not_decide_the_result_is_no_part_of_the_key(site: Site) -> None:
    request = site.fresh()
    key = site.submit("backtests", request, dryRun="true")["runKey"]
    same = [
        request | {"label": "mine", "priority": "high", "force": True, "timeoutSeconds": 60},
        request | {"initialCash": float(request["initialCash"]), "timeFrame": "1:00:00"},
        request | {"strategyParameters": {"fastPeriod": 10, "slowPeriod": 30}},
        request | {"startTime": "2024-01-01T01:00:00+01:00"},
        {name: value for name, value in request.items() if name != "commissionPerTrade"}
        | {"commission": {"model": "rate", "value": 0.001}},
    ]
    assert [site.submit("backtests", other, dryRun="true")["runKey"] for other in same] == [key] * len(same)


def test_a_number_may_be_written_in_any_way(site: Site) -> None:
    request = site.settings(initialCash="CASH", commissionPerTrade="RATE")
    keys = set()
    for cash, rate in (("10000", "0.001"), ("10000.0", "1e-3"), ("1e4", "0.0010"), ("1.0E+4", "1.0e-03")):
        body = json.dumps(request).replace('"CASH"', cash).replace('"RATE"', rate)
        headers = {"Content-Type": "application/json"}
        keys.add(site.http.post("/api/backtests?dryRun=true", content=body, headers=headers).json()["runKey"])
    assert len(keys) == 1


def test_what_decides_the_result_changes_the_key(site: Site) -> None:
    request = site.fresh()
    others = [
        request,
        request | {"slippageTicks": 1},
        request | {"closeAtEnd": True},
        request | {"riskFreeRate": 0.02},
        request | {"account": {"type": "margin"}},
        request | {"strategyParameters": {"fastPeriod": 11}},
        request | {"endTime": "2024-12-30T23:59:59Z"},
        request | {"commissionPerTrade": 0.002},
    ]
    keys = [site.submit("backtests", other, dryRun="true")["runKey"] for other in others]
    assert len(set(keys)) == len(others)


def test_an_edited_strategy_is_another_run_and_the_old_result_stays(site: Site) -> None:
    request = site.fresh(strategyName="Edited")
    file = site.gates.parent / "strategies" / "edited.py"
    code = "from server.strategies import Bar, Strategy\n\n\nclass Edited(Strategy):\n    version = '1'\n\n"
    code += "    def init(self) -> None:\n        pass\n\n    def on_bar(self, bar: Bar) -> None:\n        ACT\n"
    file.write_text(code.replace("ACT", "pass"))
    before = site.run("backtests", request)
    file.write_text(code.replace("ACT", "self.buy(1) if bar.i == 1 else None"))
    after = site.run("backtests", request)
    assert after["runKey"] != before["runKey"]
    assert after["result"]["metrics"]["totalFills"] == 1
    assert site.status("backtests", before["runKey"])["result"]["metrics"]["totalFills"] == 0


def test_a_backtest_does_not_wait_behind_the_rest_of_a_sweep(site: Site) -> None:
    sweep = site.submit(
        "optimizations",
        site.fresh(
            axes={"fastPeriod": {"min": 2, "max": 41, "step": 1}, "slowPeriod": {"min": 50, "max": 99, "step": 1}}
        ),
    )
    site.until("optimizations", sweep["runKey"], status="Running")
    done = site.run("backtests", site.fresh())
    assert done["status"] == "Completed"
    assert site.status("optimizations", sweep["runKey"])["status"] == "Running"
    site.http.post(f"/api/optimizations/{sweep['runKey']}/cancel")
    site.ended("optimizations", sweep["runKey"], "Cancelled")


def test_a_backtest_waits_for_no_more_than_a_trial_of_a_slow_sweep(site: Site) -> None:
    axes = {"salt": {"min": 1, "max": 40}}
    sweep = site.submit("optimizations", site.fresh(strategyName="Slow", endTime="2024-01-21T20:00:00Z", axes=axes))
    while site.http.get("/api/system").json()["workers"]["busy"] < 2:
        pass
    began = time.monotonic()
    site.run("backtests", site.fresh())
    # A trial takes more than a second here; a chunk of them, whose cost nobody knew, would take ten.
    assert time.monotonic() - began < 8
    site.cancel("optimizations", sweep["runKey"])
    site.ended("optimizations", sweep["runKey"], "Cancelled")


def test_runs_wait_in_order_of_priority_and_age(site: Site) -> None:
    gates = [site.gated() for _ in range(2)]
    running = [site.submit("backtests", request)["runKey"] for request, _ in gates]
    for key in running:
        site.until("backtests", key, status="Running")
    plain = [site.submit("backtests", site.fresh())["runKey"] for _ in range(2)]
    urgent = site.submit("backtests", site.fresh(priority="high"))["runKey"]
    places = [site.status("backtests", key)["queuePosition"] for key in (urgent, *plain)]
    assert places == [1, 2, 3]
    for _, gate in gates:
        gate.touch()
    for key in (*running, *plain, urgent):
        site.ended("backtests", key)
    assert site.status("backtests", urgent)["queuePosition"] is None
