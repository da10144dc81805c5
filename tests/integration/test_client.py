"""The Python client's view of what a backtest left behind."""

from collections.abc import Iterator
from itertools import islice

import pytest

from server.client import AsyncForge, Forge, ProblemError
from tests.integration.site import Site


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The key of a backtest that kept its events."""
    request = site.fresh(strategyParameters={"fastPeriod": 2, "slowPeriod": 5}, eventLog=True)
    run_key: str = site.run("backtests", request)["runKey"]
    return run_key


@pytest.fixture
def forge(site: Site) -> Iterator[Forge]:
    with Forge(site.served.url) as client:
        yield client


def test_orders_bars_and_events_tell_of_the_same_fills(forge: Forge, key: str) -> None:
    first = forge.orders(key, status="Filled", limit=500)
    second = forge.orders(key, status="Filled", limit=500, cursor=first.next_cursor)
    fills = [fill for page in (first, second) for order in page.items for fill in order.fills]
    markers = forge.bars(key, points=5_000).markers
    told = list(forge.events(key, types=["ord.fill"]))
    assert len(fills) == len(markers) == len(told) == first.total_count > 500
    assert (
        [fill.price for fill in fills] == [marker.price for marker in markers] == [event.d["price"] for event in told]
    )


def test_bars_are_asked_for_by_day(forge: Forge, key: str) -> None:
    bars = forge.bars(key, from_="2024-02-01", to="2024-02-02")
    assert (len(bars.rows), bars.interval) == (48, 3_600_000)
    assert forge.bars(key, points=10).interval > 3_600_000


def test_events_may_be_left_in_the_middle(forge: Forge, key: str) -> None:
    first = [event.sq for event in islice(forge.events(key), 10)]
    assert first == list(range(1, 11))
    assert len(list(forge.events(key, limit=5_000))) == 5_000


async def test_events_are_read_as_they_arrive(site: Site, key: str) -> None:
    async with AsyncForge(site.served.url) as client:
        times = [event.ts async for event in client.events(key, types=["bar"], from_="2024-02-01T00:00:00Z")]
    assert times == sorted(times)
    assert len(times) == 3_000 - 31 * 24


def test_a_run_without_a_log_is_refused_in_words(site: Site, forge: Forge) -> None:
    without = site.run("backtests", site.fresh())["runKey"]
    with pytest.raises(ProblemError, match="eventLog") as refusal:
        list(forge.events(without))
    assert refusal.value.code == "not_found"
