"""Runs over several series and with cash flows, from the request to the result."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from tests.integration.site import Kind, Site, bars_csv

HOURS: Final = 300
FIRST_MS: Final = 1_704_067_200_000
HOUR_MS: Final = 3_600_000
FUNDING: Final = "time,rate\n2024-01-01T00:00:00Z,0.0001\n2024-01-13T00:00:00Z,-0.00005\n2025-06-01T00:00:00Z,0.001\n"


class Assets:
    """Series of assets that nobody else has."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._prefix = f"PAIR{site.another()}X"

    def bars(self, name: str, **query: Any) -> dict[str, str]:
        """Brings 300 hours of bars; the subscription."""
        csv = bars_csv(HOURS, seed=len(name), start_ms=FIRST_MS + query.pop("late", 0) * HOUR_MS)
        answer = self._site.bring(csv, assetName=self._prefix + name, **query)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return {key: answer.json()[key] for key in ("assetName", "exchange", "timeFrame")}

    def flows(self, name: str, kind: str, content: str = FUNDING, **query: str) -> httpx.Response:
        """Uploads cash flows."""
        named = {"assetName": self._prefix + name, "exchange": "TEST", "kind": kind, **query}
        return self._site.http.post(
            "/api/datasets", params=named, content=content, headers={"Content-Type": "text/csv"}
        )

    def remove(self) -> None:
        """Leaves nothing to other tests."""
        for item in self._site.http.get("/api/datasets").json()["items"]:
            if item["assetName"].startswith(self._prefix):
                self._site.http.delete(f"/api/datasets/{item['id']}")


@pytest.fixture
def assets(site: Site) -> Iterator[Assets]:
    """A fresh name for the assets of a test."""
    assets = Assets(site)
    yield assets
    assets.remove()


def over(site: Site, *series: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A request over these series."""
    request = site.fresh(**changes) | {"dataSubscriptions": list(series)}
    return {name: value for name, value in request.items() if name not in ("assetName", "exchange", "timeFrame")}


@pytest.mark.parametrize("kind", ["backtests", "optimizations"])
def test_a_run_over_two_assets_tells_of_both(site: Site, assets: Assets, kind: Kind) -> None:
    one, other = assets.bars("A"), assets.bars("BB")
    axes = {"axes": {"fastPeriod": {"values": [2, 3]}}} if kind == "optimizations" else {}
    request = over(site, one, other, **axes)
    submitted = site.submit(kind, request)
    if kind == "backtests":
        assert submitted["totalBars"] == 2 * HOURS
    ended = site.ended(kind, submitted["runKey"])
    assert ended["assetName"] == one["assetName"]
    result = ended["result"]
    assert [{name: used[name] for name in one} for used in result["data"]] == [one, other]
    assert [used["rows"] for used in result["data"]] == [HOURS, HOURS]
    assert result["settings"]["dataSubscriptions"] == [one, other]
    assert result["warnings"] == []
    if kind == "backtests":
        points = site.http.get(f"/api/backtests/{submitted['runKey']}/equity").json()["points"]
        assert points == sorted(points)
        assert points[0][0] >= FIRST_MS
    again = site.submit(kind, request)
    assert (again["runKey"], again["dedup"]) == (submitted["runKey"], "cached")


def test_everything_of_a_run_over_two_assets_names_the_right_one(site: Site, assets: Assets) -> None:
    """The first asset has bars of two hours and one, the second of one: three series, two assets."""
    one, other = assets.bars("A"), assets.bars("BB", tickSize="0.001")
    longer = one | {"timeFrame": "2h"}
    changes = {"strategyName": "Beside", "commissionPerTrade": 0, "eventLog": True, "initialCash": 50_000}
    changes["endTime"] = "2024-01-03T00:00:00Z"
    ended = site.run("backtests", over(site, longer, one, other, **changes))
    key, first, second = ended["runKey"], one["assetName"], other["assetName"]
    hours = 50  # the last bar of two hours opens at the end of the period
    assert ended["totalBars"] == ended["processed"] == hours // 2 + 2 * (hours - 1)
    assert ended["result"]["totalBars"] == ended["totalBars"]
    opens = {name: prices(seed) for name, seed in ((first, 1), (second, 2))}

    orders = site.pages(f"/api/backtests/{key}/orders", limit=100)
    assert [(order["assetName"], order["side"], order["status"]) for order in orders] == [
        (second, "buy", "Filled"),
        (second, "sell", "Filled"),
        (first, "buy", "Filled"),
        (second, "buy", "Rejected"),
    ]
    # ordered when the third, sixth and eighth bar of two hours is complete, filled at the next open
    fills = [(order["assetName"], fill) for order in orders for fill in order["fills"]]
    assert [(fill["time"][:13], fill["quantity"], fill["price"]) for _, fill in fills] == [
        (f"2024-01-01T{at:02}", quantity, opens[name][at])
        for at, quantity, name in ((6, 2, second), (12, 2, second), (16, 3, first))
    ]

    closed, still_open = site.pages(f"/api/backtests/{key}/trades", limit=100)
    assert (closed["assetName"], closed["bars"], closed["quantity"]) == (second, 6, 2)
    assert closed["profit"] == pytest.approx(2 * (opens[second][12] - opens[second][6]))
    assert (still_open["assetName"], still_open["exitReason"], still_open["quantity"]) == (first, "open", 3)
    assert closed["profit"] + still_open["profit"] == pytest.approx(ended["result"]["metrics"]["netProfit"])

    equity = site.http.get(f"/api/backtests/{key}/equity").json()
    assert equity["total"] == hours // 2
    times = [FIRST_MS + 2 * at * HOUR_MS for at in range(hours // 2)]
    assert [point[0] for point in equity["points"]] == times
    assert equity["points"][-1][1] == ended["result"]["metrics"]["finalEquity"]

    lines = site.http.get(f"/api/backtests/{key}/events").text.splitlines()
    told = [json.loads(line) for line in lines]
    assert [(e["_t"], e["d"]["assetName"]) for e in told if e["_t"] in ("ord.place", "ord.fill", "ord.reject")] == [
        ("ord.place", second),
        ("ord.fill", second),
        ("ord.place", second),
        ("ord.fill", second),
        ("ord.place", first),
        ("ord.fill", first),
        ("ord.place", second),
        ("ord.reject", second),
    ]
    bars = [(e["d"]["assetName"], e["d"]["timeFrame"]) for e in told if e["_t"] == "bar"]
    assert bars[:5] == [(first, "1h"), (second, "1h"), (first, "2h"), (first, "1h"), (second, "1h")]
    assert len(bars) == ended["totalBars"]

    chart = site.http.get(f"/api/backtests/{key}/bars").json()
    assert [row[0] for row in chart["rows"]] == times
    assert [(marker["ts"], marker["quantity"]) for marker in chart["markers"]] == [(FIRST_MS + 16 * HOUR_MS, 3)]
    beside = site.http.get(f"/api/backtests/{key}/bars", params={"series": 2}).json()
    assert [(marker["side"], marker["effect"]) for marker in beside["markers"]] == [("buy", "entry"), ("sell", "exit")]
    assert beside["rows"] != chart["rows"]
    none = site.http.get(f"/api/backtests/{key}/bars", params={"series": 3})
    site.problem(none, 400, "invalid_request", "series")


def prices(seed: int) -> list[float]:
    """The opens that `Assets.bars` brings."""
    return [float(line.split(",")[1]) for line in bars_csv(HOURS, seed=seed).splitlines()[1:]]


def test_another_order_is_another_run(site: Site, assets: Assets) -> None:
    one, other = assets.bars("A"), assets.bars("BB")
    cash = {"initialCash": 77_777}
    keys = [
        site.submit("backtests", over(site, *series, **cash), dryRun=True)["runKey"]
        for series in ((one, other), (other, one), (one,))
    ]
    assert len(set(keys)) == 3
    alone = site.settings(**one, **cash)
    assert site.submit("backtests", alone, dryRun=True)["runKey"] == keys[2]


def test_a_longer_time_frame_of_the_same_asset_is_made_for_a_run(site: Site, assets: Assets) -> None:
    one = assets.bars("A")
    result = site.run("backtests", over(site, one, one | {"timeFrame": "4:00:00"}))["result"]
    assert [(used["timeFrame"], used["rows"]) for used in result["data"]] == [("1h", HOURS), ("4h", HOURS // 4)]


def test_a_series_that_begins_later_is_warned_of(site: Site, assets: Assets) -> None:
    one, late = assets.bars("A"), assets.bars("BB", late=50)
    (warning,) = site.run("backtests", over(site, one, late))["result"]["warnings"]
    assert warning.startswith(f"{late['assetName']} 1h of TEST begins at 2024-01-03T02:00:00.000Z")


def test_series_that_cannot_be_run_together_are_named(site: Site, assets: Assets) -> None:
    one, euros, late = assets.bars("A"), assets.bars("BB", quote="EUR"), assets.bars("CCC", late=20_000)
    refused = site.post("backtests", over(site, one, euros))
    site.problem(refused, 400, "invalid_request", "dataSubscriptions[1]")
    refused = site.post("backtests", over(site, one, late))
    assert late["assetName"] in site.problem(refused, 400, "empty_period", "dataSubscriptions[1]")["detail"]


def test_cash_flows_are_brought_listed_and_deleted(site: Site, assets: Assets) -> None:
    answer = assets.flows("A", "funding")
    info = answer.json()
    assert answer.status_code == 201
    assert (info["kind"], info["timeFrame"], info["rows"], info["gapCount"]) == ("funding", "funding", 3, 0)
    assert info in site.http.get("/api/datasets").json()["items"]
    assert assets.flows("A", "funding").status_code == 200
    assert site.http.delete(answer.headers["location"]).status_code == 204
    bars = site.bring(bars_csv(5), assetName=f"PAIR{site.another()}").json()
    assert bars["kind"] == "bars"
    site.http.delete(f"/api/datasets/{bars['id']}")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"timeFrame": "1h"}, "timeFrame"),
        ({"tickSize": "0.01"}, "tickSize"),
        ({"lotSize": "1"}, "lotSize"),
        ({"multiplier": "1"}, "multiplier"),
        ({"kind": "rent"}, "kind"),
    ],
)
def test_what_cash_flows_have_not_is_refused(assets: Assets, site: Site, query: dict[str, str], path: str) -> None:
    site.problem(assets.flows("A", **{"kind": "funding", **query}), 400, "invalid_request", path)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2025-07-01,0.0000000001", "more than 9 decimals"),
        ("2025-07-01,ten", "no number"),
        ("2024-07-01,0.1", "earlier than line 4"),
    ],
)
def test_a_bad_cash_flow_is_refused_with_its_line(site: Site, assets: Assets, row: str, said: str) -> None:
    body = site.problem(assets.flows("A", "funding", f"{FUNDING}{row}\n"), 400, "bad_rows", "line 5")
    assert said in body["errors"][0]["message"]


def test_a_run_uses_the_newest_cash_flows_of_its_assets(site: Site, assets: Assets) -> None:
    one, other = assets.bars("A"), assets.bars("BB")
    for name in ("A", "BB"):
        assets.flows(name, "funding", FUNDING.replace("0.0001", "0.0002"))
    newest = [assets.flows(name, "funding").json() for name in ("A", "BB")]
    request = over(site, one, other, account={"type": "margin"})
    without = site.submit("backtests", request, dryRun=True)["runKey"]
    ended = site.run("backtests", request | {"cashFlows": ["funding"]})
    assert ended["runKey"] != without
    assert [used["cashFlows"] for used in ended["result"]["data"]] == [
        [{"kind": "funding", "datasetId": info["id"], "contentHash": info["contentHash"], "rows": 2}] for info in newest
    ]
    assert ended["result"]["settings"]["cashFlows"] == ["funding"]
    refused = site.post("backtests", request | {"cashFlows": ["funding", "dividends"]})
    assert one["assetName"] in site.problem(refused, 400, "unknown_dataset", "cashFlows[1]")["detail"]


def test_dividends_are_for_cash_accounts_too(site: Site, assets: Assets) -> None:
    one = assets.bars("A")
    assets.flows("A", "dividends", "date,amount\n2024-01-05,0.25\n")
    (used,) = site.run("backtests", site.fresh(**one, cashFlows=["dividends"]))["result"]["data"]
    assert [flows["kind"] for flows in used["cashFlows"]] == ["dividends"]
