"""Clients that read nothing, say nonsense, or vanish: nobody else notices."""

import asyncio
import json
import os
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.conftest import Crawl, Dose, OpenSite
from tests.faults.crowd import all_told, assert_rising, crowd, stalled
from tests.integration.site import Site
from tests.waiting import asks


def memory_mb(site: Site) -> float:
    """Resident memory of the server."""
    status = Path(f"/proc/{site.served.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def descriptors(site: Site) -> int:
    """Open files of the server."""
    return len(os.listdir(f"/proc/{site.served.process.pid}/fd"))


async def until_sockets(site: Site, wanted: int, limit_s: float) -> None:
    """Waits until the server has so many sockets."""
    async with asyncio.timeout(limit_s), httpx.AsyncClient(base_url=site.served.url, trust_env=False) as http:
        async for answer in asks(lambda: http.get("/api/system")):
            if answer.json()["sockets"]["connections"] == wanted:
                return


@pytest.mark.timeout(150)
async def test_subscribers_that_stop_reading_are_freed_and_the_others_hear_everything(
    open_site: OpenSite, dose: Dose
) -> None:
    site = open_site()
    crawl = Crawl(site)
    before = memory_mb(site)
    async with crowd(site.sockets, crawl.key, dose.crowd) as subscribers:
        with stalled(site.served.port, crawl.key, max(5, dose.crowd // 20)) as sockets:
            await until_sockets(site, dose.crowd + len(sockets), 10)
            # the kernel holds what a peer does not read for a while: only then is a socket stalled
            await until_sockets(site, dose.crowd, 60)
        crawl.let_go()
        await all_told(subscribers, 20)
        assert_rising(subscribers)
        assert min(len(one.revisions) for one in subscribers) > 20
    assert memory_mb(site) - before < 50 + dose.crowd * 0.05


async def test_a_flood_of_frames_leaves_memory_flat_and_no_exception(open_site: OpenSite, dose: Dose) -> None:
    site = open_site()
    before = memory_mb(site)
    frames = ['{"type":"what"}', '{"type":"ping","id":1}', '{"type":"subscribe","id":2,"runKey":"nobody"}', "[]", "{"]
    sent, codes = 0, set[int]()
    while sent < dose.frames:
        # without a limit to what it queues: one that stops reading may be dropped before it sees why
        async with connect(f"{site.sockets}/ws", proxy=None, compression=None, max_queue=None) as ws:
            with suppress(ConnectionClosed):
                for number in range(500):
                    await ws.send(frames[number % len(frames)])
                    sent += 1
        codes.add(ws.close_code or 0)
    assert codes <= {1000, 4400, 4429}
    assert memory_mb(site) - before < 20
    assert "Traceback" not in site.served.log.read_text()


@pytest.mark.timeout(120)
async def test_subscriptions_and_abrupt_drops_leave_nothing_behind(open_site: OpenSite, dose: Dose) -> None:
    site = open_site()
    crawl = Crawl(site)
    async with connect(f"{site.sockets}/ws", proxy=None, compression=None) as ws:
        await ws.recv()
    await until_sockets(site, 0, 10)
    baseline = descriptors(site)

    async def drop() -> None:
        ws = await connect(f"{site.sockets}/ws", proxy=None, compression=None)
        await ws.send(json.dumps({"type": "subscribe", "id": 1, "runKey": crawl.key}))
        await ws.send(json.dumps({"type": "subscribe", "id": 2, "topic": "runs"}))
        await ws.send(json.dumps({"type": "unsubscribe", "id": 3, "runKey": crawl.key}))
        await ws.recv()
        ws.transport.abort()

    for _ in range(dose.crowd // 20):
        await asyncio.gather(*(drop() for _ in range(20)))
    await until_sockets(site, 0, 20)
    assert site.http.get("/api/system").json()["sockets"] == {"connections": 0, "subscriptions": 0}
    assert descriptors(site) <= baseline + 2
    async with crowd(site.sockets, crawl.key, 3) as subscribers:
        crawl.let_go()
        await all_told(subscribers, 20)
