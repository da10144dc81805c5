"""What a backtest leaves behind: its curve, its round trips, its orders."""

import csv
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.contract.base import format_instant
from server.contract.media import CSV, PARQUET
from tests.integration.site import Site


@pytest.fixture(scope="module")
def done(site: Site) -> dict[str, Any]:
    """The status of a backtest that traded often."""
    return site.run("backtests", site.fresh(strategyParameters={"fastPeriod": 2, "slowPeriod": 5}))


def test_the_curve_has_a_point_a_bar(site: Site, done: dict[str, Any]) -> None:
    curve = site.http.get(f"/api/backtests/{done['runKey']}/equity").json()
    times = [point[0] for point in curve["points"]]
    assert curve["total"] == len(times) == 3_000
    assert times == sorted(set(times))
    assert curve["points"][-1][1] == done["result"]["metrics"]["finalEquity"]
    assert min(point[2] for point in curve["points"]) == pytest.approx(done["result"]["metrics"]["maxDrawdownPct"])


def test_the_curve_keeps_its_extremes_however_few_points(site: Site, done: dict[str, Any]) -> None:
    path = f"/api/backtests/{done['runKey']}/equity"
    whole = site.http.get(path).json()
    few = site.http.get(path, params={"points": 50}).json()
    assert whole["total"] == few["total"] == 3_000
    assert len(few["points"]) <= 50
    equity, fewer = ([point[1] for point in curve["points"]] for curve in (whole, few))
    assert (min(fewer), max(fewer), fewer[0], fewer[-1]) == (min(equity), max(equity), equity[0], equity[-1])
    assert min(point[2] for point in few["points"]) == min(point[2] for point in whole["points"])


def test_trades_are_paged_in_order_of_entry(site: Site, done: dict[str, Any]) -> None:
    trades = site.pages(f"/api/backtests/{done['runKey']}/trades", limit=100)
    metrics = done["result"]["metrics"]
    assert len(trades) == metrics["totalTrades"] + (trades[-1]["exitTime"] is None) > 200
    entries = [trade["entryTime"] for trade in trades]
    assert entries == sorted(entries)
    assert sum(trade["profit"] for trade in trades) == pytest.approx(metrics["netProfit"], abs=1e-6)


def test_trades_are_sorted_both_ways(site: Site, done: dict[str, Any]) -> None:
    path = f"/api/backtests/{done['runKey']}/trades"
    profits = [trade["profit"] for trade in site.pages(path, limit=200, sort="-profit")]
    assert profits == sorted(profits, reverse=True)


def test_orders_tell_every_fill(site: Site, done: dict[str, Any]) -> None:
    orders = site.pages(f"/api/backtests/{done['runKey']}/orders", limit=100)
    fills = [fill for order in orders for fill in order["fills"]]
    metrics = done["result"]["metrics"]
    assert len(fills) == metrics["totalFills"]
    assert sum(fill["commission"] for fill in fills) == pytest.approx(metrics["commissions"])
    assert [order["orderId"] for order in orders] == list(range(1, len(orders) + 1))
    assert all((order["status"] == "Filled") == bool(order["fills"]) for order in orders)


def test_orders_are_filtered_by_status_and_side(site: Site) -> None:
    done = site.run("backtests", site.fresh(initialCash=120, strategyParameters={"fastPeriod": 2, "slowPeriod": 5}))
    path = f"/api/backtests/{done['runKey']}/orders"
    orders = site.pages(path, limit=100)
    rejected = site.pages(path, limit=100, status="Rejected")
    assert rejected == [order for order in orders if order["status"] == "Rejected"]
    assert len(rejected) == done["result"]["rejectedOrders"] > 0
    assert {order["reason"] for order in rejected} == {"not enough cash"}
    sold = site.pages(path, limit=100, status="Filled", side="sell")
    assert sold == [order for order in orders if (order["status"], order["side"]) == ("Filled", "sell")]
    cursor = site.http.get(path, params={"limit": 1}).json()["nextCursor"]
    answer = site.http.get(path, params={"limit": 1, "cursor": cursor, "side": "buy"})
    site.problem(answer, 400, "invalid_request", "cursor")


def test_all_trades_are_had_as_csv_in_any_order(site: Site, done: dict[str, Any]) -> None:
    path = f"/api/backtests/{done['runKey']}/trades"
    answer = site.http.get(path, params={"sort": "-profit"}, headers={"Accept": CSV})
    assert answer.headers["content-type"].startswith(CSV)
    assert answer.headers["content-disposition"] == f'attachment; filename="{done["runKey"]}.trades.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    trades = site.pages(path, limit=500, sort="-profit")
    assert lines == [{name: "" if value is None else str(value) for name, value in each.items()} for each in trades]
    site.problem(site.http.get(path, params={"sort": "luck"}, headers={"Accept": CSV}), 400, "invalid_request", "sort")


def test_all_trades_are_had_as_parquet_with_what_is_open_absent(site: Site, done: dict[str, Any]) -> None:
    path = f"/api/backtests/{done['runKey']}/trades"
    answer = site.http.get(path, params={"sort": "-profit"}, headers={"Accept": PARQUET})
    assert answer.headers["content-type"] == PARQUET
    assert answer.headers["content-disposition"] == f'attachment; filename="{done["runKey"]}.trades.parquet"'
    rows = pq.read_table(pa.BufferReader(answer.content)).to_pylist()
    for row in rows:
        for name in ("entryTime", "exitTime"):
            row[name] = row[name] and format_instant(round(row[name].timestamp() * 1000))
    assert rows == site.pages(path, limit=500, sort="-profit")
    refused = site.http.get(path, params={"sort": "luck"}, headers={"Accept": PARQUET})
    site.problem(refused, 400, "invalid_request", "sort")


def test_all_orders_that_match_are_had_as_csv_with_their_fills_put_together(site: Site, done: dict[str, Any]) -> None:
    path = f"/api/backtests/{done['runKey']}/orders"
    answer = site.http.get(path, params={"side": "sell"}, headers={"Accept": CSV})
    assert answer.headers["content-disposition"] == f'attachment; filename="{done["runKey"]}.orders.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    orders = site.pages(path, limit=500, side="sell")
    assert [int(line["orderId"]) for line in lines] == [order["orderId"] for order in orders]
    for line, order in zip(lines, orders, strict=True):
        assert int(line["fills"]) == len(order["fills"])
        assert float(line["commission"]) == pytest.approx(sum(fill["commission"] for fill in order["fills"]))
        assert (line["averagePrice"] == "") == (not order["fills"])
    assert "-1" not in {line["group"] for line in lines}


def test_orders_of_before_they_were_kept_say_how_to_get_them(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    (site.served.home / "results" / key / "1" / "orders.npy").unlink()
    answer = site.http.get(f"/api/backtests/{key}/orders")
    assert "force" in site.problem(answer, 404, "not_found")["detail"]


def test_a_run_without_a_result_has_no_trades(site: Site) -> None:
    key = site.run("backtests", site.fresh(strategyName="Boom"), "Failed")["runKey"]
    assert site.pages(f"/api/backtests/{key}/trades", limit=10) == []
    assert site.pages(f"/api/backtests/{key}/orders", limit=10) == []
    assert site.http.get(f"/api/backtests/{key}/equity").json() == {"points": [], "total": 0}
