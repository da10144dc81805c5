"""The same request gives the same files, byte for byte, however many workers there are and whatever else they do."""

import json
import time
from typing import Any, Final

import pytest

from tests.integration.conftest import OpenSite
from tests.integration.site import END_LIMIT_S, Site, bars_csv

TABLES: Final = ("equity.npy", "trades.npy", "orders.npy", "fills.npy")
VARYING: Final = {"attempt", "startedAt", "completedAt", "durationMs", "simulateMs", "mode"}
"""When, how long, and in which form: a server that has just begun has no compiled form yet."""
SERIES: Final = ("ACME", "PAIR")
CHANGES: Final[dict[str, dict[str, Any]]] = {
    "market orders": {"strategyParameters": {"fastPeriod": 2, "slowPeriod": 5}},
    "stop orders": {"strategyName": "DonchianBreakout", "strategyParameters": {"entryPeriod": 5, "exitPeriod": 3}},
    "brackets": {"strategyName": "AtrTrend", "strategyParameters": {"trendPeriod": 8}, "slippageTicks": 1},
    "two assets": {
        "strategyName": "PairSpread",
        "strategyParameters": {"period": 20},
        "account": {"type": "margin", "leverage": 3, "maintenanceRate": 0.05},
        "closeAtEnd": True,
        "eventLog": True,
    },
}


def request(name: str) -> dict[str, Any]:
    """A request that trades often."""
    asked: dict[str, Any] = {
        "startTime": "2024-01-01T00:00:00Z",
        "endTime": "2024-12-31T00:00:00Z",
        "strategyName": "SmaCrossover",
        "initialCash": 10_000,
        "commissionPerTrade": 0.001,
    }
    series = [{"assetName": asset, "exchange": "TEST", "timeFrame": "1h"} for asset in SERIES]
    asked |= {"dataSubscriptions": series} if name == "two assets" else series[0]
    return asked | CHANGES[name]


def files(site: Site, key: str, attempt: int) -> dict[str, bytes]:
    """What an attempt left behind, result.json without what may vary."""
    folder = site.served.home / "results" / key / str(attempt)
    left = {name: (folder / name).read_bytes() for name in TABLES}
    result = json.loads((folder / "result.json").read_text())
    result["warnings"] = [warning for warning in result["warnings"] if not warning.startswith("interpreted:")]
    left["result.json"] = json.dumps({name: told for name, told in result.items() if name not in VARYING}).encode()
    return left


def ran(site: Site, requests: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Runs all of them anew, as many at once as there are workers; key and attempt of each."""
    keys = [site.submit("backtests", asked | {"force": True})["runKey"] for asked in requests]
    ended = [site.ended("backtests", key) for key in keys]
    return [(key, status["resultAttempt"]) for key, status in zip(keys, ended, strict=True)]


def compiled(site: Site, asked: dict[str, Any]) -> tuple[str, int]:
    """Runs a request until its attempt is played in machine code, for which a fresh server takes some seconds."""
    deadline = time.monotonic() + END_LIMIT_S
    while time.monotonic() < deadline:
        ((key, attempt),) = ran(site, [asked])
        result = json.loads((site.served.home / "results" / key / str(attempt) / "result.json").read_text())
        if result["mode"] == "compiled":
            return key, attempt
    raise AssertionError(f"{asked['strategyName']} was never compiled")


@pytest.mark.timeout(120)
def test_a_request_gives_the_same_bytes_on_one_worker_and_on_two(open_site: OpenSite) -> None:
    requests = [request(name) for name in CHANGES]
    found: dict[str, list[dict[str, bytes]]] = {}
    for workers, times in (("1", 2), ("2", 2)):
        with open_site(FORGE_WORKERS=workers, FORGE_COMPILE="auto") as site:
            site.bring(bars_csv(seed=9), assetName="PAIR")
            for number in range(times):
                asked = requests if number == 0 else list(reversed(requests))
                for key, attempt in ran(site, asked):
                    found.setdefault(key, []).append(files(site, key, attempt))
    assert len(found) == len(requests)
    for key, runs in found.items():
        assert len(runs) == 4
        result = json.loads(runs[0]["result.json"])
        assert result["metrics"]["totalFills"] > 20, key
        for other in runs[1:]:
            assert {name: other[name] == runs[0][name] for name in other} == dict.fromkeys(other, True), key


@pytest.mark.timeout(120)
def test_the_files_of_a_form_are_those_of_the_other(open_site: OpenSite) -> None:
    with open_site(FORGE_COMPILE="auto") as site:
        site.bring(bars_csv(seed=9), assetName="PAIR")
        for name in CHANGES:
            (interpreted,) = ran(site, [request(name) | {"compile": "off"}])
            first, second = files(site, *interpreted), files(site, *compiled(site, request(name)))
            assert [first[table] == second[table] for table in TABLES] == [True] * len(TABLES), name
