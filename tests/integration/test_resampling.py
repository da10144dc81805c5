"""Runs in a longer time frame than their bars are stored in."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.site import Site, bars_csv

Settings = Callable[..., dict[str, Any]]


@pytest.fixture
def hourly(site: Site) -> Iterator[Settings]:
    """Settings of runs over 400 hourly bars of an asset of its own; what there is of it goes at the end."""
    asset = f"HOURLY{site.another()}"
    assert site.bring(bars_csv(400), assetName=asset).status_code == 201
    yield lambda **changes: site.fresh(assetName=asset, **changes)
    for info in reversed(known(site, asset)):
        site.http.delete(f"/api/datasets/{info['id']}")


def known(site: Site, asset: str) -> list[dict[str, Any]]:
    """The data sets of an asset."""
    return [info for info in site.http.get("/api/datasets").json()["items"] if info["assetName"] == asset]


def test_a_backtest_in_a_longer_time_frame_runs_over_resampled_bars(site: Site, hourly: Settings) -> None:
    request = hourly(timeFrame="4:00:00")
    status = site.run("backtests", request)
    assert (status["total"], status["processed"]) == (100, 100)
    fine, derived = known(site, request["assetName"])
    assert (derived["timeFrame"], derived["rows"], derived["source"]) == ("4h", 100, f"resampled from {fine['id']}")
    assert site.submit("backtests", {**request, "timeFrame": "4h"})["dedup"] == "cached"


def test_an_optimization_does_too(site: Site, hourly: Settings) -> None:
    request = hourly(timeFrame="2h", axes={"fastPeriod": {"min": 3, "max": 6, "step": 1}})
    assert site.http.post("/api/optimizations/evaluate", json=request).json()["totalCombinations"] == 4
    assert site.run("optimizations", request)["processed"] == 4


def test_of_many_who_ask_at_once_all_get_the_same_bars(site: Site, hourly: Settings) -> None:
    requests = [hourly(timeFrame="1d") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        submitted = list(pool.map(lambda request: site.submit("backtests", request), requests))
    assert {each["totalBars"] for each in submitted} == {17}
    assert [info["timeFrame"] for info in known(site, requests[0]["assetName"])] == ["1h", "1d"]


def test_a_time_frame_that_the_bars_do_not_divide_is_unknown(site: Site, hourly: Settings) -> None:
    for frame in ("30m", "90m"):
        site.problem(site.post("backtests", hourly(timeFrame=frame)), 400, "unknown_dataset", "timeFrame")


def test_what_was_resampled_goes_with_its_source(site: Site, hourly: Settings) -> None:
    request = hourly(timeFrame="4h")
    site.run("backtests", request)
    fine, _ = known(site, request["assetName"])
    assert site.http.delete(f"/api/datasets/{fine['id']}").status_code == 204
    assert known(site, request["assetName"]) == []
    site.problem(site.post("backtests", {**request, "force": True}), 400, "unknown_dataset", "assetName")


def test_a_correction_of_the_bars_makes_others_of_the_longer_frame(site: Site, hourly: Settings) -> None:
    request = hourly(timeFrame="4h")
    site.run("backtests", request)
    assert site.bring(bars_csv(404), assetName=request["assetName"]).status_code == 201
    again = site.submit("backtests", request)
    assert (again["dedup"], again["totalBars"]) == ("none", 101)
