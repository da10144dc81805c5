"""Orders as clients read them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.engine.kernel.reasons import CASH
from server.engine.outcome import FILL_DTYPE, ORDER_DTYPE
from server.engine.tables import write_rows
from server.store.orders import OrderFilter
from server.store.results import ResultFiles


def write_orders(folder: Path) -> None:
    """Twelve orders: every third waits, every third is rejected, the others filled in two parts."""
    orders = np.zeros(12, dtype=ORDER_DTYPE)
    orders["id"] = 1 + np.arange(12)
    orders["submitted_at"] = np.arange(12) // 2 * 1000  # some share their instant
    orders["side"] = np.where(np.arange(12) % 2, -1, 1)
    orders["kind"] = 1 + np.arange(12) % 4
    orders["quantity"] = 2.0
    orders["limit"], orders["stop"] = np.nan, 99.5
    orders["status"] = np.array([0, 1, 3] * 4)
    orders["reason"] = np.array([0, 0, CASH] * 4)
    orders["quantity"][0], orders["group"][1], orders["time_in_force"][1] = np.nan, 7, 2
    fills = np.zeros(8, dtype=FILL_DTYPE)
    fills["order"] = [11, 8, 5, 2, 2, 5, 8, 11]
    fills["time"] = 1000 * np.arange(8)
    fills["quantity"], fills["price"], fills["commission"] = -1.0, 100.0, 0.1
    write_rows(folder / "orders.npy", orders)
    write_rows(folder / "fills.npy", fills)


async def orders_of(files: ResultFiles, folder: Path, **query: Any) -> list[dict[str, Any]]:
    """All orders that a client sees who follows the cursors."""
    seen: list[dict[str, Any]] = []
    page = await files.orders_page(folder, asset_names=["ACME"], limit=3, **query)
    while True:
        seen += json.loads(page.items)
        if page.next_cursor is None:
            assert page.total_count == len(seen)
            return seen
        page = await files.orders_page(folder, asset_names=["ACME"], limit=3, cursor=page.next_cursor, **query)


async def test_orders_are_told_with_their_fills(files: ResultFiles, folder: Path) -> None:
    write_orders(folder)
    waiting, filled, rejected = (await orders_of(files, folder))[:3]
    assert (waiting["status"], waiting["quantity"], waiting["fills"]) == ("Pending", None, [])
    assert (rejected["status"], rejected["reason"], rejected["type"]) == ("Rejected", "not enough cash", "stop")
    assert filled == {
        "orderId": 2,
        "submittedAt": "1970-01-01T00:00:00.000Z",
        "assetName": "ACME",
        "side": "sell",
        "type": "limit",
        "quantity": 2.0,
        "limitPrice": None,
        "stopPrice": 99.5,
        "timeInForce": "IOC",
        "group": 7,
        "status": "Filled",
        "reason": None,
        "fills": [
            {"time": f"1970-01-01T00:00:0{at}.000Z", "price": 100.0, "quantity": 1.0, "commission": 0.1}
            for at in (3, 4)
        ],
    }


@pytest.mark.parametrize("sort", ["submittedAt", "-submittedAt", "orderId", "-orderId", "quantity", "-quantity"])
async def test_pages_of_orders_hold_each_once(files: ResultFiles, folder: Path, sort: str) -> None:
    write_orders(folder)
    whole = await files.orders_page(folder, asset_names=["ACME"], limit=500, sort=sort)
    seen = await orders_of(files, folder, sort=sort)
    assert json.loads(whole.items) == seen
    assert sorted(order["orderId"] for order in seen) == list(range(1, 13))


async def test_orders_are_filtered_by_all_that_is_asked(files: ResultFiles, folder: Path) -> None:
    write_orders(folder)
    filled = await orders_of(files, folder, wanted=OrderFilter(status="Filled"), sort="-orderId")
    assert [order["orderId"] for order in filled] == [11, 8, 5, 2]
    wanted = OrderFilter(status="Filled", side="buy", type="market")
    assert [order["orderId"] for order in await orders_of(files, folder, wanted=wanted)] == [5]
    assert await orders_of(files, folder, wanted=OrderFilter(status="Expired")) == []


async def test_a_cursor_of_orders_goes_with_its_filter(files: ResultFiles, folder: Path) -> None:
    write_orders(folder)
    cursor = (await files.orders_page(folder, asset_names=["ACME"], limit=2)).next_cursor
    queries: list[dict[str, Any]] = [{"cursor": cursor, "wanted": OrderFilter(side="buy")}, {"sort": "type"}]
    for query in queries:
        with pytest.raises(InvalidRequest):
            await files.orders_page(folder, asset_names=["ACME"], limit=2, **query)


async def test_orders_that_are_not_written_yet_are_an_empty_page(files: ResultFiles, folder: Path) -> None:
    page = await files.orders_page(folder, asset_names=["ACME"], limit=4, ended=False)
    assert (page.items, page.total_count) == (b"[]", 0)


async def test_orders_that_were_never_kept_are_not_found(files: ResultFiles, folder: Path) -> None:
    with pytest.raises(ForgeError, match="force") as refusal:
        await files.orders_page(folder, asset_names=["ACME"], limit=4)
    assert refusal.value.code == "not_found"
