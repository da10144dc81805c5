"""The event log: written when a run asks for it, read line by line."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.integration.site import Site

TRADES_OFTEN = {"fastPeriod": 2, "slowPeriod": 5}


def events(site: Site, key: str, **query: Any) -> list[dict[str, Any]]:
    """The events that a query gives."""
    answer = site.http.get(f"/api/backtests/{key}/events", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(scope="module")
def done(site: Site) -> dict[str, Any]:
    """The status of a backtest that kept its events."""
    return site.run("backtests", site.fresh(strategyParameters=TRADES_OFTEN, eventLog=True))


@pytest.fixture(scope="module")
def log(site: Site, done: dict[str, Any]) -> list[dict[str, Any]]:
    """All of them."""
    return events(site, done["runKey"])


def test_a_log_tells_the_whole_run_in_order(done: dict[str, Any], log: list[dict[str, Any]]) -> None:
    assert done["result"]["hasEventLog"]
    assert [event["sq"] for event in log] == list(range(1, len(log) + 1))
    assert (log[0]["_t"], log[-1]["_t"]) == ("run.start", "run.end")
    counts = Counter(event["_t"] for event in log)
    assert counts["bar"] == log[-1]["d"]["totalBarsProcessed"] == 3_000
    assert counts["ord.fill"] == counts["pos"] == done["result"]["metrics"]["totalFills"] > 100
    assert log[-1]["d"]["finalEquity"] == done["result"]["metrics"]["finalEquity"]


def test_events_are_picked_by_type_time_and_number(site: Site, done: dict[str, Any], log: list[dict[str, Any]]) -> None:
    key = done["runKey"]
    fills = events(site, key, types="ord.fill,pos")
    assert fills == [event for event in log if event["_t"] in ("ord.fill", "pos")]
    day = events(site, key, **{"from": "2024-02-01", "to": "2024-02-01"}, types="bar")
    assert [event["ts"] for event in day] == [1_706_745_600_000 + hour * 3_600_000 for hour in range(24)]
    assert events(site, key, limit=7) == log[:7]
    assert events(site, key, types="ord.fill", limit=5) == [event for event in fills if event["_t"] == "ord.fill"][:5]
    later = events(site, key, **{"from": "2024-03-01T00:00:00Z"})
    assert later == [event for event in log if event["ts"] >= 1_709_251_200_000]
    assert events(site, key, types="warn") == []


def test_a_stored_run_without_a_log_gets_one_by_a_new_attempt(site: Site) -> None:
    request = site.fresh(strategyParameters=TRADES_OFTEN)
    first = site.run("backtests", request)
    assert not first["result"]["hasEventLog"]
    answer = site.http.get(f"/api/backtests/{first['runKey']}/events")
    assert '"eventLog": true' in site.problem(answer, 404, "not_found")["detail"]
    asked = request | {"eventLog": True}
    assert site.submit("backtests", asked, dryRun="true")["attempt"] == 2
    submission = site.submit("backtests", asked)
    assert (submission["runKey"], submission["attempt"], submission["dedup"]) == (first["runKey"], 2, "none")
    second = site.until("backtests", first["runKey"], status="Completed", resultAttempt=2)
    assert second["result"]["metrics"] == first["result"]["metrics"]
    assert len(events(site, first["runKey"], types="bar")) == 3_000
    for again in (asked, request):
        cached = site.submit("backtests", again)
        assert (cached["attempt"], cached["dedup"]) == (2, "cached")


def test_a_log_that_the_run_under_way_does_not_keep_waits_for_its_end(site: Site) -> None:
    request, gate = site.gated()
    key = site.submit("backtests", request)["runKey"]
    site.until("backtests", key, processed=20)
    waiting = site.submit("backtests", request | {"eventLog": True})
    assert (waiting["attempt"], waiting["status"], waiting["dedup"]) == (2, "Pending", "none")
    assert site.submit("backtests", request)["attempt"] == 1
    joined = site.submit("backtests", request | {"eventLog": True})
    assert (joined["attempt"], joined["dedup"]) == (2, "inFlight")
    answer = site.http.get(f"/api/backtests/{key}/events")
    assert "once it has ended" in site.problem(answer, 404, "not_found")["detail"]
    gate.touch()
    site.until("backtests", key, status="Completed", attempt=2)
    assert events(site, key, types="run.end")


def test_the_log_of_a_failure_ends_with_it(site: Site) -> None:
    key = site.run("backtests", site.fresh(strategyName="Boom", eventLog=True), "Failed")["runKey"]
    last = events(site, key)[-1]
    assert (last["_t"], last["d"]["message"]) == ("err", "RuntimeError: boom at 500 (at bar 500)")
    assert "boom.py" in last["d"]["stackTrace"]


def test_a_cancelled_run_leaves_no_log(site: Site) -> None:
    key, _ = site.at_gate(eventLog=True)
    folder = site.served.home / "results" / key / "1"
    assert (folder / "events.live.ndjson").exists()
    site.cancel("backtests", key)
    site.ended("backtests", key, "Cancelled")
    assert list(folder.iterdir()) == []
    site.problem(site.http.get(f"/api/backtests/{key}/events"), 404, "not_found")


def test_a_run_whose_process_ended_leaves_no_half_of_a_log(site: Site) -> None:
    key = site.run("backtests", site.fresh(strategyName="Exits", eventLog=True), "Failed")["runKey"]
    assert list((site.served.home / "results" / key / "1").iterdir()) == []
