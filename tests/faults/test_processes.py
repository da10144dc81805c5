"""Processes that are killed: each fails what it did, and nothing else."""

import os
import random
import signal
import sqlite3
import time
from pathlib import Path

from tests.faults.conftest import Crawl, Dose, OpenSite

AXES = {"fastPeriod": {"min": 2, "max": 21, "step": 1}, "slowPeriod": {"min": 30, "max": 49, "step": 1}}


def children(pid: int) -> set[int]:
    """Every process below one, zombies left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    below, found = {pid}, set[int]()
    while below:
        below = {child for child, parent in parents.items() if parent in below} - found
        found |= below
    return found


def test_a_killed_worker_fails_its_run_alone_and_the_pool_heals(open_site: OpenSite, dose: Dose) -> None:
    site = open_site()
    chance = random.Random(1)
    for _ in range(dose.kills):
        first, second = Crawl(site), Crawl(site)
        time.sleep(chance.uniform(0, 0.2))  # a moment that nobody chose
        began = time.monotonic()
        os.kill(first.pid, signal.SIGKILL)
        failed = site.ended("backtests", first.key, "Failed")
        assert time.monotonic() - began < 2 * dose.patience, "told too late"
        assert "SIGKILL" in failed["errorMessage"]
        assert site.status("backtests", second.key)["status"] == "Running"
        second.let_go()
        site.ended("backtests", second.key)
    assert site.run("backtests", site.fresh())["status"] == "Completed"
    assert site.http.get("/api/system").json()["workers"]["restarts"] == dose.kills


def test_a_sweep_outlives_killed_workers(open_site: OpenSite, dose: Dose) -> None:
    site = open_site()
    request = site.fresh(strategyName="Trial", axes={"number": {"min": 0, "max": 100 * dose.kills - 1}})
    key = site.submit("optimizations", request)["runKey"]
    site.until("optimizations", key, status="Running")
    victims, named = set[int](), site.gates / "trial.pid"
    while len(victims) < dose.kills and site.status("optimizations", key)["status"] == "Running":
        text = named.read_text() if named.exists() else ""
        if text and int(text) not in victims:
            victims.add(int(text))
            os.kill(int(text), signal.SIGKILL)
    done = site.ended("optimizations", key)
    assert victims, "the fault never fired"
    assert done["completedCombinations"] + done["failedCombinations"] == 100 * dose.kills
    assert done["failedCombinations"] <= len(victims) // 2


def test_a_killed_server_loses_nothing_that_it_acknowledged(open_site: OpenSite, dose: Dose) -> None:
    chance = random.Random(2)
    for round_ in range(dose.kills):
        site = open_site()
        done = site.run("backtests", site.fresh(initialCash=50_000 + round_))
        running = [Crawl(site, initialCash=60_000 + 10 * round_ + number) for number in range(2)]
        waiting = site.submit("backtests", site.fresh(initialCash=70_000 + round_))["runKey"]
        below = children(site.served.process.pid)
        time.sleep(chance.uniform(0, 0.3))  # a moment that nobody chose
        site.kill()
        began = time.monotonic()
        while any(Path(f"/proc/{pid}").exists() for pid in below):
            assert time.monotonic() - began < 3 * dose.patience, "workers outlive their server"
        with sqlite3.connect(site.served.home / "forge.sqlite3") as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        site = open_site(fill=False)
        assert site.status("backtests", done["runKey"])["result"] == done["result"]
        for crawl in running:
            failed = site.status("backtests", crawl.key)
            assert (failed["status"], failed["errorMessage"]) == ("Failed", "server restarted")
        site.ended("backtests", waiting)
        site.kill()


def test_a_sweep_of_a_killed_server_goes_on_and_ends_with_the_same_answer(open_site: OpenSite) -> None:
    site = open_site()
    request = site.fresh(axes=AXES, sortBy="netProfit")
    key = site.submit("optimizations", request)["runKey"]
    status = site.until("optimizations", key, status="Running")
    # Trials are final when their chunk is committed; those of chunks under way are only shown.
    while not site.http.get(f"/api/optimizations/{key}/trials").json()["totalCount"]:
        status = site.status("optimizations", key)
        assert status["status"] == "Running"
    site.kill()
    site = open_site(fill=False)
    resumed = site.until("optimizations", key, attempt=2, status="Completed")
    assert resumed["completedCombinations"] == 400
    assert resumed["reused"] > 0
    again = site.submit("optimizations", request | {"force": True})
    whole = site.until("optimizations", key, attempt=again["attempt"], status="Completed")
    assert whole["best"] == resumed["best"]
    assert whole["top"] == resumed["top"]
