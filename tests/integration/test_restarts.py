"""Servers that stop, are killed and start again: what was promised is kept."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.conftest import OpenSite
from tests.integration.listener import listening, refusal
from tests.integration.serving import clean_environment
from tests.integration.site import Site

WORKERS_GONE_S: Final = 2.0
STOPPED_S: Final = 15.0
WIDE: Final = {"salt": {"min": 1, "max": 40}}
TWICE: Final = {"method": "walkForward", "walkForward": {"windows": 2, "outOfSamplePct": 25}}
SLOW: Final = {"strategyName": "Slow", "endTime": "2024-01-02T00:00:00Z"}


def descendants(pid: int) -> set[int]:
    """The processes that a process started, and those that these started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    """Those that still run; one that only waits to be reaped does not."""
    living = set()
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        if status.rpartition(")")[2].split()[0] != "Z":
            living.add(pid)
    return living


def all_gone(pids: set[int], within_s: float) -> bool:
    """Whether processes have ended in time."""
    deadline = time.monotonic() + within_s
    while alive(pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)  # a process that is no child of ours tells nobody when it ends
    return True


def check_store(home: Path) -> None:
    """The database must be whole."""
    connection = sqlite3.connect(home / "forge.sqlite3")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def without_volatile(status: dict[str, Any]) -> dict[str, Any]:
    """What must be the same after a restart."""
    return {name: value for name, value in status.items() if name not in ("queuePosition",)}


def test_results_keys_and_data_outlast_a_restart(open_site: OpenSite) -> None:
    with open_site() as first:
        request = first.settings()
        backtest = first.run("backtests", request)
        sweep = first.run("optimizations", first.settings(axes={"fastPeriod": {"min": 2, "max": 9}}))
        failed = first.run("backtests", first.settings(strategyName="Boom"), "Failed")
        before = [
            first.http.get(path).content
            for path in (
                "/api/datasets",
                f"/api/backtests/{backtest['runKey']}/equity",
                f"/api/backtests/{backtest['runKey']}/trades",
                f"/api/optimizations/{sweep['runKey']}/trials",
            )
        ]
        would_be = first.submit("backtests", first.settings(initialCash=7), dryRun="true")["runKey"]
        assert first.served.stop() == 0
    with open_site(fill=False) as second:
        assert second.submit("backtests", second.settings(initialCash=7), dryRun="true")["runKey"] == would_be
        assert without_volatile(second.status("backtests", backtest["runKey"])) == without_volatile(backtest)
        assert without_volatile(second.status("optimizations", sweep["runKey"])) == without_volatile(sweep)
        assert second.status("backtests", failed["runKey"])["errorStackTrace"] == failed["errorStackTrace"]
        after = [
            second.http.get(path).content
            for path in (
                "/api/datasets",
                f"/api/backtests/{backtest['runKey']}/equity",
                f"/api/backtests/{backtest['runKey']}/trades",
                f"/api/optimizations/{sweep['runKey']}/trials",
            )
        ]
        assert after == before
        again = second.submit("backtests", request)
        assert (again["runKey"], again["dedup"]) == (backtest["runKey"], "cached")


def test_a_killed_server_takes_its_workers_with_it_and_its_runs_up_again(open_site: OpenSite) -> None:
    with open_site() as first:
        done = first.run("backtests", first.fresh())
        request, gate = first.gated()
        interrupted = first.submit("backtests", request)["runKey"]
        first.until("backtests", interrupted, processed=20)
        other, _ = first.at_gate()
        waiting = [first.submit("backtests", first.fresh(priority=priority)) for priority in ("low", "normal")]
        revisions = {key: first.status("backtests", key)["rev"] for key in (interrupted, other)}
        started = descendants(first.served.process.pid)
        assert len(started) >= 2
        first.kill()
        assert all_gone(started, WORKERS_GONE_S)
    check_store(first.served.home)
    gate.touch()
    with open_site(fill=False) as second:
        for key in (interrupted, other):
            failed = second.status("backtests", key)
            assert (failed["status"], failed["errorMessage"]) == ("Failed", "server restarted")
            assert failed["rev"] > revisions[key]
        for submission in waiting:
            assert second.ended("backtests", submission["runKey"])["attempt"] == 1
        assert second.status("backtests", done["runKey"])["result"] == done["result"]
        again = second.submit("backtests", request)
        assert (again["runKey"], again["attempt"], again["dedup"]) == (interrupted, 2, "none")
        assert second.until("backtests", interrupted, attempt=2, status="Completed")["resultAttempt"] == 2


def test_an_attempt_that_waited_behind_a_cancelled_one_runs_after_a_kill(open_site: OpenSite) -> None:
    with open_site(FORGE_CANCEL_GRACE="30") as first:
        request, gate = first.gated()
        key = first.submit("backtests", request)["runKey"]
        first.until("backtests", key, processed=20)
        first.cancel("backtests", key)
        assert first.submit("backtests", request)["attempt"] == 2
        first.kill()
    gate.touch()
    with open_site(fill=False) as second:
        done = second.until("backtests", key, attempt=2, status="Completed")
        assert (done["resultAttempt"], done["cancelRequested"]) == (2, False)


def test_a_waiting_attempt_that_was_cancelled_does_not_run_after_a_kill(open_site: OpenSite) -> None:
    with open_site(FORGE_CANCEL_GRACE="30") as first:
        request, gate = first.gated()
        key = first.submit("backtests", request)["runKey"]
        first.until("backtests", key, processed=20)
        first.cancel("backtests", key)
        first.submit("backtests", request)
        first.cancel("backtests", key)
        first.kill()
    gate.touch()
    with open_site(fill=False) as second:
        ended = second.until("backtests", key, attempt=2, status="Cancelled")
        assert ended["startedAt"] is None


@pytest.mark.parametrize(("method", "trials"), [({}, 40), (TWICE, 80)])
def test_a_killed_servers_sweep_goes_on_and_ends_with_the_same_answer(
    open_site: OpenSite, method: dict[str, Any], trials: int
) -> None:
    with open_site() as first:
        request = first.fresh(**SLOW, axes=WIDE, sortBy="netProfit", **method)
        key = first.submit("optimizations", request)["runKey"]
        status = first.until("optimizations", key, status="Running")
        while first.http.get(f"/api/optimizations/{key}/trials").json()["totalCount"] < 10:
            status = first.status("optimizations", key)
        first.kill()
    with open_site(fill=False) as second:
        done = second.until("optimizations", key, attempt=2, status="Completed")
        assert 10 <= done["reused"] < trials
        assert (done["completedCombinations"], done["failedCombinations"]) == (trials, 0)
        assert done["rev"] > status["rev"]
        resumed = [without_run(trial) for trial in second.pages(f"/api/optimizations/{key}/trials", limit=100)]
        second.http.delete(f"/api/optimizations/{key}")
        whole = second.run("optimizations", request)
        assert whole["result"]["walkForward"] == done["result"]["walkForward"]
        afresh = [without_run(trial) for trial in second.pages(f"/api/optimizations/{key}/trials", limit=100)]
        assert resumed == afresh


def without_run(trial: dict[str, Any]) -> dict[str, Any]:
    """What of a trial does not tell how it came about."""
    return {name: value for name, value in trial.items() if name not in ("durationMs", "reused")}


def test_a_stopped_server_says_so_to_everybody_and_ends_in_time(open_site: OpenSite) -> None:
    with open_site(FORGE_DRAIN_TIMEOUT="0.3", FORGE_WORKERS="1") as site:
        key, _ = site.at_gate()
        waiting = site.submit("backtests", site.fresh(priority="low"))["runKey"]
        with listening(site) as many, listening(site, f"/ws/runs/{key}") as one:
            many.next()
            one.next()
            began = time.monotonic()
            site.served.process.send_signal(signal.SIGTERM)
            many.rest()
            one.rest()
            assert (many.close_code, one.close_code) == (1012, 1012)
        assert site.served.process.wait(STOPPED_S) == 0
        assert time.monotonic() - began < STOPPED_S
    check_store(site.served.home)
    with open_site(fill=False) as again:
        assert again.status("backtests", key)["errorMessage"] == "server restarted"
        again.ended("backtests", waiting)


def test_a_server_that_drains_finishes_what_runs_and_takes_nothing_new(open_site: OpenSite) -> None:
    with open_site(FORGE_DRAIN_TIMEOUT="20") as site:
        key, gate = site.at_gate()
        site.served.process.send_signal(signal.SIGTERM)
        while (ready := site.http.get("/health/ready")).status_code == 200:
            pass
        site.problem(ready, 503, "draining")
        refused = site.post("backtests", site.fresh())
        site.problem(refused, 503, "draining")
        assert int(refused.headers["retry-after"]) > 0
        assert refusal(site, "/ws")[0] == 503
        assert site.http.get("/health/live").status_code == 200
        assert site.status("backtests", key)["status"] == "Running"
        gate.touch()
        assert site.served.process.wait(STOPPED_S) == 0
    with open_site(fill=False) as again:
        assert again.status("backtests", key)["status"] == "Completed"


def test_a_home_has_one_server(site: Site) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "server", "serve"],
        env=clean_environment(PORT="0", FORGE_HOME=str(site.served.home)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode != 0
    assert str(site.served.process.pid) in second.stderr
    assert "Traceback" not in second.stderr
    assert site.run("backtests", site.fresh())["status"] == "Completed"
