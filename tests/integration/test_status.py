"""How a run is looked at, stopped, listed and forgotten."""

import time
from concurrent.futures import ThreadPoolExecutor

from server.contract.results import BacktestResult
from server.contract.status import BacktestStatus, decode_status
from tests.integration.listener import listening
from tests.integration.site import Site


def test_a_status_is_one_flat_object_that_clients_decode(site: Site) -> None:
    done = site.run("backtests", site.fresh(label="flat"))
    raw = site.http.get(f"/api/backtests/{done['runKey']}/status")
    status = decode_status(raw.content)
    assert isinstance(status, BacktestStatus)
    assert isinstance(status.result, BacktestResult)
    assert (status.label, status.status, status.processed_bars, status.total_bars) == (
        "flat",
        "Completed",
        3_000,
        3_000,
    )
    assert status.result.metrics.final_equity == status.equity
    assert raw.headers["cache-control"] == "no-store"
    assert "retry-after" not in raw.headers


def test_an_unchanged_status_is_304_and_a_wait_ends_with_the_change(site: Site) -> None:
    key, gate = site.at_gate()
    path = f"/api/backtests/{key}/status"
    first = site.http.get(path)
    assert first.headers["retry-after"]
    seen = {"If-None-Match": first.headers["etag"]}
    assert site.http.get(path, headers=seen).status_code == 304
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(site.http.get, path, headers=seen | {"Prefer": "wait=20"})
        began = time.monotonic()
        gate.touch()
        answer = waiting.result()
    assert answer.status_code == 200
    assert answer.headers["etag"] != first.headers["etag"]
    assert time.monotonic() - began < 10
    site.ended("backtests", key)


def test_a_wait_that_nothing_ends_is_304_when_its_time_is_over(site: Site) -> None:
    key, gate = site.at_gate()
    path = f"/api/backtests/{key}/status"
    seen = {"If-None-Match": site.http.get(path).headers["etag"], "Prefer": "wait=1"}
    began = time.monotonic()
    answer = site.http.get(path, headers=seen)
    assert (answer.status_code, answer.headers["preference-applied"]) == (304, "wait=1")
    assert 0.9 < time.monotonic() - began < 5
    gate.touch()
    site.ended("backtests", key)


def test_a_wait_on_what_has_ended_answers_at_once(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    path = f"/api/backtests/{key}/status"
    etag = site.http.get(path).headers["etag"]
    began = time.monotonic()
    assert site.http.get(path, headers={"If-None-Match": etag, "Prefer": "wait=20"}).status_code == 304
    assert site.http.get(path, headers={"Prefer": "wait=20"}).status_code == 200
    assert time.monotonic() - began < 5


def test_progress_is_told_while_a_run_goes_on(site: Site) -> None:
    key, gate = site.at_gate(at=50)
    status = site.status("backtests", key)
    assert (status["status"], status["phase"], status["mode"]) == ("Running", "simulating", "interpreted")
    assert (status["processed"], status["processedBars"], status["total"], status["totalBars"]) == (
        50,
        50,
        3_000,
        3_000,
    )
    assert status["barTime"] == "2024-01-03T01:00:00.000Z"
    assert status["startedAt"] is not None
    assert status["result"] is None
    gate.touch()
    assert site.ended("backtests", key)["processed"] == 3_000


def test_the_curve_grows_while_a_run_goes_on(site: Site) -> None:
    key, gate = site.at_gate(at=50)
    curve = site.http.get(f"/api/backtests/{key}/equity").json()
    assert curve["total"] == len(curve["points"]) == 50
    assert curve["points"][-1][1] == site.status("backtests", key)["equity"]
    trades = site.http.get(f"/api/backtests/{key}/trades").json()
    assert (trades["items"], trades["nextCursor"], trades["totalCount"], trades["resultAttempt"]) == ([], None, 0, 1)
    gate.touch()
    site.ended("backtests", key)


def test_cancel_stops_a_running_backtest_within_a_bar(site: Site) -> None:
    key = site.submit("backtests", site.fresh(strategyName="Slow"))["runKey"]
    site.until("backtests", key, phase="simulating")
    began = time.monotonic()
    assert site.cancel("backtests", key).json() == {"runKey": key, "status": "Running", "cancelRequested": True}
    ended = site.ended("backtests", key, "Cancelled")
    assert time.monotonic() - began < 1
    assert ended["cancelRequested"]
    assert ended["result"] is None
    assert ended["processed"] < 3_000


def test_a_strategy_that_does_not_heed_a_cancel_is_killed(site: Site) -> None:
    key, _ = site.at_gate()
    site.cancel("backtests", key)
    assert site.ended("backtests", key, "Cancelled")["processed"] == 20


def test_cancel_may_be_repeated_until_the_run_has_ended(site: Site) -> None:
    key, _ = site.at_gate()
    answers = [site.cancel("backtests", key) for _ in range(2)]
    assert [answer.json()["cancelRequested"] for answer in answers] == [True, True]
    site.ended("backtests", key, "Cancelled")
    site.problem(site.cancel("backtests", key), 409, "already_terminal")


def test_what_is_completed_cannot_be_cancelled(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    problem = site.problem(site.cancel("backtests", key), 409, "already_terminal")
    assert "Completed" in problem["detail"]


def test_a_waiting_run_is_cancelled_without_having_run(site: Site) -> None:
    gates = [site.at_gate() for _ in range(2)]
    key = site.submit("backtests", site.fresh())["runKey"]
    assert site.status("backtests", key)["queuePosition"] == 1
    assert site.cancel("backtests", key).json()["status"] == "Cancelled"
    cancelled = site.status("backtests", key)
    assert (cancelled["status"], cancelled["startedAt"], cancelled["processed"]) == ("Cancelled", None, 0)
    for running, gate in gates:
        gate.touch()
        site.ended("backtests", running)


def test_a_submission_behind_a_cancelled_attempt_is_the_next_one_and_shows_after_it(site: Site) -> None:
    request, gate = site.gated()
    key = site.submit("backtests", request)["runKey"]
    site.until("backtests", key, processed=20)
    site.cancel("backtests", key)
    second = site.submit("backtests", request)
    assert (second["attempt"], second["dedup"]) == (2, "none")
    hidden, visible = site.status("backtests", key, attempt=2), site.status("backtests", key)
    assert (hidden["attempt"], hidden["status"]) == (2, "Pending")
    assert (visible["attempt"], visible["cancelRequested"]) == (1, True)
    site.until("backtests", key, attempt=2, processed=20)
    gate.touch()
    done = site.until("backtests", key, attempt=2, status="Completed")
    assert (done["resultAttempt"], done["cancelRequested"]) == (2, False)


def test_cancel_reaches_the_attempt_that_waits_too(site: Site) -> None:
    request, _ = site.gated()
    key = site.submit("backtests", request)["runKey"]
    site.until("backtests", key, processed=20)
    site.cancel("backtests", key)
    site.submit("backtests", request)
    site.cancel("backtests", key)
    ended = site.until("backtests", key, attempt=2, status="Cancelled")
    assert ended["startedAt"] is None


def test_attempts_cancelled_while_they_wait_are_told_in_turn_and_the_last_one_runs(site: Site) -> None:
    request, gate = site.gated()
    key = site.submit("backtests", request)["runKey"]
    site.until("backtests", key, processed=20)
    with listening(site) as listener:
        listener.answer({"type": "subscribe", "id": 1, "topic": "runs"})
        attempts = []
        for _ in range(3):
            site.cancel("backtests", key)
            attempts.append(site.submit("backtests", request)["attempt"])
        assert attempts == [2, 3, 4]
        gate.touch()
        ends = [listener.final(key)["state"]["status"] for _ in range(4)]
    assert ends == ["Cancelled", "Cancelled", "Cancelled", "Completed"]
    assert site.status("backtests", key)["resultAttempt"] == 4


def test_a_cancelled_attempt_beside_a_stored_result_leaves_the_result(site: Site) -> None:
    request, gate = site.gated()
    gate.touch()
    done = site.run("backtests", request)
    gate.unlink()
    key = done["runKey"]
    site.submit("backtests", request | {"force": True})
    site.until("backtests", key, attempt=2, processed=20)
    site.cancel("backtests", key)
    after = site.until("backtests", key, attempt=2, status="Cancelled")
    assert (after["resultAttempt"], after["result"]) == (1, None)
    stored = site.http.get(f"/api/backtests/{key}").json()
    assert stored["result"]["metrics"] == done["result"]["metrics"]
    assert site.http.get(f"/api/backtests/{key}/trades").json()["resultAttempt"] == 1


def test_a_deleted_run_is_gone_with_its_files(site: Site) -> None:
    request = site.fresh()
    key = site.run("backtests", request)["runKey"]
    folder = site.served.home / "results" / key
    assert folder.is_dir()
    assert site.http.delete(f"/api/backtests/{key}").status_code == 204
    assert not folder.exists()
    site.problem(site.http.get(f"/api/backtests/{key}/status"), 404, "run_not_found")
    site.problem(site.http.delete(f"/api/backtests/{key}"), 404, "run_not_found")
    again = site.submit("backtests", request)
    assert (again["attempt"], again["dedup"]) == (1, "none")
    assert site.ended("backtests", key)["rev"][0] > 0


def test_a_running_run_is_cancelled_by_its_deletion(site: Site) -> None:
    key, _ = site.at_gate()
    assert site.http.delete(f"/api/backtests/{key}").status_code == 204
    site.problem(site.http.get(f"/api/backtests/{key}"), 404, "run_not_found")
    assert not (site.served.home / "results" / key).exists()


def test_a_run_is_not_found_under_the_other_kind(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    for answer in (
        site.http.get(f"/api/optimizations/{key}"),
        site.http.get(f"/api/optimizations/{key}/status"),
        site.http.get(f"/api/optimizations/{key}/trials"),
        site.cancel("optimizations", key),
        site.http.delete(f"/api/optimizations/{key}"),
    ):
        site.problem(answer, 404, "run_not_found")
    assert site.http.get(f"/api/backtests/{key}").status_code == 200
