"""Redis that dies, hangs and comes back empty, under subscribers on edges."""

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest

from tests.faults.conftest import Crawl, Dose, OpenSite
from tests.faults.crowd import all_told, assert_rising, crowd
from tests.integration.edges import edge_of
from tests.integration.site import Site
from tests.redis_server import RedisServer
from tests.waiting import asks


def broker_is(site: Site, *, up: bool) -> bool:
    """What the owner says of its broker."""
    return bool(site.http.get("/api/system").json()["broker"]["up"]) is up


async def until(condition: Callable[[], bool], limit_s: float) -> float:
    """Waits for it; how long it took."""
    began = time.monotonic()
    async with asyncio.timeout(limit_s):
        async for holds in asks(lambda: asyncio.to_thread(condition)):
            if holds:
                return time.monotonic() - began
    raise AssertionError("unreachable")


@pytest.mark.timeout(120)
async def test_every_subscriber_has_the_end_though_redis_died_and_came_back_empty(
    open_site: OpenSite, redis: RedisServer, dose: Dose
) -> None:
    site = open_site(REDIS_URL=redis.url)
    with edge_of(site, redis.url) as edge:
        over, during = Crawl(site), Crawl(site)
        async with (
            crowd(edge.sockets, over.key, dose.crowd) as through_edge,
            crowd(edge.sockets, during.key, 5) as short,
            crowd(site.sockets, during.key, 5) as own,
        ):
            redis.kill()
            assert await until(lambda: broker_is(site, up=False), 30) < 3.5 * dose.patience
            during.let_go()
            await all_told(own, 10 * dose.patience)  # the owner's own subscribers do not need Redis
            redis.start()
            await all_told(short, 15 * dose.patience)  # it ended while Redis was away
            over.let_go()
            await all_told(through_edge, 15 * dose.patience)
            for group in (through_edge, short, own):
                assert_rising(group)


@pytest.mark.timeout(150)
async def test_a_redis_that_hangs_is_noticed_and_stops_nothing(
    open_site: OpenSite, redis: RedisServer, dose: Dose
) -> None:
    site = open_site(REDIS_URL=redis.url)
    with edge_of(site, redis.url) as edge:
        crawl = Crawl(site)
        async with crowd(edge.sockets, crawl.key, 20) as subscribers:
            redis.stop()
            try:
                assert await until(lambda: broker_is(site, up=False), 30) < 5 * dose.patience
                took = []
                async with httpx.AsyncClient(base_url=site.served.url, trust_env=False) as http:
                    ends = time.monotonic() + dose.stop_s - 3
                    while time.monotonic() < ends:
                        began = time.monotonic()
                        assert (await http.get(f"/api/backtests/{crawl.key}/status")).status_code == 200
                        took.append(time.monotonic() - began)
                        await asyncio.sleep(0.02)  # a client that polls
                done = await asyncio.to_thread(site.run, "backtests", site.fresh())
                assert done["status"] == "Completed"
                assert sorted(took)[int(len(took) * 0.98)] < 0.1 * dose.patience
            finally:
                redis.go_on()
            crawl.let_go()
            await all_told(subscribers, 15 * dose.patience)
            assert_rising(subscribers)


@pytest.mark.timeout(120)
async def test_an_end_that_was_kept_and_never_told_reaches_the_subscribers_of_edges(
    open_site: OpenSite, redis: RedisServer, dose: Dose
) -> None:
    site = open_site(REDIS_URL=redis.url)
    with edge_of(site, redis.url) as edge:
        crawl = Crawl(site)
        async with crowd(edge.sockets, crawl.key, 10) as subscribers:
            redis.stop()
            crawl.let_go()
            await asyncio.to_thread(site.ended, "backtests", crawl.key)
            site.kill()
            redis.go_on()  # it still holds the run as running
            assert all(one.final is None for one in subscribers), "the fault never fired"
            await asyncio.to_thread(open_site, fill=False, REDIS_URL=redis.url, PORT=site.served.port)
            await all_told(subscribers, 15 * dose.patience)
            assert_rising(subscribers)
            assert {one.final["status"] for one in subscribers if one.final} == {"Completed"}
