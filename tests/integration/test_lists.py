"""Lists of runs: filters, order, pages."""

from typing import Any, Final

import pytest

from tests.integration.site import Site

FAST: Final = (3, 5, 8, 13, 21)


@pytest.fixture(scope="module")
def label(site: Site) -> str:
    """A label by which only these runs are found: five Completed ones with rising periods, then a Failed one."""
    name = f"listed-{site.another()}"
    for fast in FAST:
        site.run("backtests", site.fresh(label=f"{name} a", strategyParameters={"fastPeriod": fast}))
    site.run("backtests", site.fresh(label=f"{name} b", strategyName="Boom"), "Failed")
    return name


def fast_of(items: list[dict[str, Any]]) -> list[Any]:
    """The fast periods, None of a run without."""
    return [item["parameters"].get("fastPeriod") for item in items]


def listed(site: Site, label: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of the runs with this label."""
    return site.pages("/api/backtests", **{"q": label, "limit": 2, **query})


def test_the_newest_runs_come_first(site: Site, label: str) -> None:
    assert fast_of(listed(site, label)) == [None, *reversed(FAST)]


def test_a_cursor_leads_through_all_pages_in_any_order(site: Site, label: str) -> None:
    rising = listed(site, label, sort="netProfit", status="Completed")
    profits = [item["metrics"]["netProfit"] for item in rising]
    falling = listed(site, label, sort="-netProfit", status="Completed")
    assert profits == sorted(profits)
    assert falling == rising[::-1]


@pytest.mark.parametrize(
    "sort", ["submittedAt", "updatedAt", "strategyName", "status", "sharpeRatio", "-maxDrawdownPct"]
)
def test_whatever_the_order_every_run_is_listed_once(site: Site, label: str, sort: str) -> None:
    keys = [item["runKey"] for item in listed(site, label, sort=sort)]
    assert len(set(keys)) == len(keys) == 6


def test_items_are_the_flat_runs_with_a_few_metrics(site: Site, label: str) -> None:
    (item,) = listed(site, label, q=f"{label} b")
    status = site.status("backtests", item["runKey"])
    del status["result"]
    assert item == status | {"metrics": None}
    metrics = listed(site, label, status="Completed")[0]["metrics"]
    assert metrics["totalTrades"] > 0


def test_filters_narrow_a_list(site: Site, label: str) -> None:
    found = {
        name: len(listed(site, label, **query))
        for name, query in {
            "of all": {},
            "failed": {"status": "Failed"},
            "either": {"status": "Failed,Completed"},
            "of a strategy": {"strategy": "Boom"},
            "of a series": {"asset": "ACME", "exchange": "TEST", "timeFrame": "1h"},
            "of another asset": {"asset": "OTHER"},
            "since then": {"from": "2020-01-01"},
            "before that": {"to": "2020-01-01"},
        }.items()
    }
    assert found == {
        "of all": 6,
        "failed": 1,
        "either": 6,
        "of a strategy": 1,
        "of a series": 6,
        "of another asset": 0,
        "since then": 6,
        "before that": 0,
    }


def test_a_run_that_waits_is_listed_with_its_place(site: Site) -> None:
    gates = [site.at_gate() for _ in range(2)]
    request = site.fresh(label=f"waits {site.another()}")
    key = site.submit("backtests", request)["runKey"]
    (item,) = listed(site, request["label"])
    assert (item["runKey"], item["status"], item["queuePosition"]) == (key, "Pending", 1)
    for running, gate in gates:
        gate.touch()
        site.ended("backtests", running)
    site.ended("backtests", key)
