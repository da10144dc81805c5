"""Lists of runs, page by page."""

import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from server.contract.problems import InvalidRequest
from server.store.database import SqliteStore
from server.store.port import RunFilter
from tests.unit.store.runs import NOON_MS, later, metrics, record

if TYPE_CHECKING:
    from server.contract.run import RunStatus


async def filled(store: SqliteStore, count: int = 25) -> None:
    """Runs 1 to `count`; every third has no profit, every fifth failed, profits repeat."""
    for number in range(1, count + 1):
        added = await store.add_attempt(record(number, total=number % 4))
        status: RunStatus = "Failed" if number % 5 == 0 else "Completed"
        known = {} if number % 3 == 0 else {"netProfit": float(number % 7)}
        await store.finish(later(added.snapshot, status), metrics=metrics(**known))


async def walk(store: SqliteStore, **query: Any) -> list[int]:
    """The numbers of all runs that a client sees who follows the cursors."""
    seen: list[int] = []
    cursor = None
    for _ in itertools.count():
        page = await store.page(RunFilter(kind="backtest", cursor=cursor, **query))
        seen += [int(run.newest.run_key.rpartition("_")[2], 16) for run in page.items]
        cursor = page.next_cursor
        if cursor is None:
            assert page.total_count == len(seen)
            return seen
    raise AssertionError


@pytest.mark.parametrize(
    "sort",
    ["submittedAt", "-submittedAt", "total", "-total", "status", "-strategyName", "netProfit", "-netProfit"],
)
@pytest.mark.parametrize("limit", [1, 4, 25, 500])
async def test_pages_hold_every_run_once_and_in_order(store: SqliteStore, sort: str, limit: int) -> None:
    await filled(store)
    whole = await walk(store, sort=sort, limit=500)
    assert sorted(whole) == list(range(1, 26))
    assert await walk(store, sort=sort, limit=limit) == whole


async def test_undefined_values_come_last_in_either_direction(store: SqliteStore) -> None:
    await filled(store, 14)
    undefined = {number for number in range(1, 15) if number % 3 == 0 or number % 5 == 0}
    for sort in ("netProfit", "-netProfit"):
        order = await walk(store, sort=sort, limit=3)
        assert set(order[-len(undefined) :]) == undefined
    falling = [number % 7 for number in order[: -len(undefined)]]
    assert falling == sorted(falling, reverse=True)


async def test_a_cursor_stays_in_place_while_runs_come_and_go(store: SqliteStore) -> None:
    await filled(store, 10)
    first = await store.page(RunFilter(kind="backtest", limit=4))
    await store.add_attempt(record(11))
    await store.delete(first.items[-1].newest.run_key)
    await store.delete(first.items[0].newest.run_key)
    second = await store.page(RunFilter(kind="backtest", limit=100, cursor=first.next_cursor))
    numbers = [int(run.newest.run_key.rpartition("_")[2], 16) for run in second.items]
    assert numbers == [6, 5, 4, 3, 2, 1]


async def test_filters_narrow_the_list_and_the_count(store: SqliteStore) -> None:
    await store.add_attempt(record(1, strategy="Sma", asset="EURUSD", exchange="OANDA", label="Ärger 100%"))
    await store.add_attempt(record(2, strategy="Sma", asset="BTCUSDT", time_frame="1d"))
    await store.add_attempt(record(3, asset="BTCUSDT", exchange="Binance"))
    await store.add_attempt(record(4, kind="optimization"))
    cancelled = await store.add_attempt(record(5, label="a_b"))
    await store.finish(later(cancelled.snapshot, "Cancelled"))
    for query, expected in (
        ({"strategy": "Sma"}, [1, 2]),
        ({"asset": "BTCUSDT"}, [2, 3]),
        ({"asset": "btcusdt"}, []),
        ({"exchange": "Binance", "asset": "BTCUSDT"}, [3]),
        ({"time_frame": "1d"}, [2]),
        ({"status": ("Cancelled",)}, [5]),
        ({"status": ("Cancelled", "Pending")}, [1, 2, 3, 5]),
        ({"q": "ärger"}, [1]),
        ({"q": "%"}, [1]),
        ({"q": "_b"}, [5]),
        ({"q": "eurusd"}, [1]),
        ({"q": "'; DROP TABLE runs; --"}, []),
        ({"q": "\ud800"}, []),
        ({"from_": "2024-01-01T12:00:02Z"}, [2, 3, 5]),
        ({"to": "2024-01-01T12:00:02.000Z"}, [1, 2]),
        ({"from_": "2024-01-01T13:00:02+01:00", "to": "2024-01-01T12:00:02Z"}, [2]),
    ):
        assert sorted(await walk(store, **query)) == expected, query


async def test_a_run_is_listed_once_by_its_newest_visible_attempt(store: SqliteStore) -> None:
    first = await store.add_attempt(record(submitted_ms=NOON_MS))
    await store.add_attempt(record(attempt=2, submitted_ms=NOON_MS + 9_000, visible=False))
    page = await store.page(RunFilter(kind="backtest"))
    assert [run.newest.attempt for run in page.items] == [1]
    await store.finish(later(first.snapshot, "Cancelled"))
    page = await store.page(RunFilter(kind="backtest", from_="2024-01-01T12:00:05Z"))
    assert [run.newest.attempt for run in page.items] == [2]


@pytest.mark.parametrize("sort", ["", "-", "netprofit", "runKey; DROP TABLE runs", "--total"])
async def test_an_unknown_order_is_refused_with_those_there_are(store: SqliteStore, sort: str) -> None:
    with pytest.raises(InvalidRequest, match="submittedAt") as refusal:
        await store.page(RunFilter(kind="backtest", sort=sort))
    assert refusal.value.errors[0].path == "sort"


async def test_a_cursor_of_another_query_or_none_at_all_is_refused(store: SqliteStore) -> None:
    await filled(store, 4)
    cursor = (await store.page(RunFilter(kind="backtest", limit=2))).next_cursor
    assert cursor is not None
    queries: list[dict[str, Any]] = [
        {"sort": "total", "cursor": cursor},
        {"strategy": "Sma", "cursor": cursor},
        {"kind": "optimization", "cursor": cursor},
        *({"cursor": text} for text in ("", "x", "é", "AAAA", cursor[:-2], "W10", "[" * 5000)),
    ]
    for query in queries:
        with pytest.raises(InvalidRequest) as refusal:
            await store.page(msgspec.convert({"kind": "backtest", "limit": 2, **query}, RunFilter))
        assert refusal.value.errors[0].path == "cursor"
