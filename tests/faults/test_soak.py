"""Hours of ordinary use in short: what grows must be what is kept. SOAK_S=3600 makes it an hour."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.faults.conftest import OpenSite
from tests.faults.crowd import all_told, crowd
from tests.integration.site import Site


def measured(site: Site) -> tuple[float, int, int]:
    """Resident MB, open files, threads of the server."""
    process = Path(f"/proc/{site.served.process.pid}")
    status = (process / "status").read_text()

    def of(name: str) -> int:
        return int(status.partition(f"{name}:")[2].split()[0])

    return of("VmRSS") / 1024, len(os.listdir(process / "fd")), of("Threads")


async def a_round(site: Site) -> None:
    """Runs, sweeps, subscribers that come and go, pages that poll."""
    key = (await asyncio.to_thread(site.submit, "backtests", site.fresh()))["runKey"]
    axes = {"fastPeriod": {"min": 2, "max": 5, "step": 1}}
    sweep = (await asyncio.to_thread(site.submit, "optimizations", site.fresh(axes=axes)))["runKey"]
    async with connect(f"{site.sockets}/ws", proxy=None, compression=None) as ws:
        await ws.send(json.dumps({"type": "subscribe", "id": 1, "topic": "runs"}))
        async with crowd(site.sockets, key, 10) as subscribers, crowd(site.sockets, sweep, 5) as others:
            await all_told(subscribers + others, 30)
        await ws.recv()
    for path in ("/api/backtests", f"/api/backtests/{key}/trades", f"/api/optimizations/{sweep}/trials", "/api/system"):
        assert (await asyncio.to_thread(site.http.get, path)).status_code == 200
    await asyncio.to_thread(site.http.delete, f"/api/backtests/{key}")
    await asyncio.to_thread(site.http.delete, f"/api/optimizations/{sweep}")


@pytest.mark.timeout(0)
async def test_ordinary_use_leaves_nothing_behind(open_site: OpenSite) -> None:
    site = open_site()
    seconds = float(os.environ.get("SOAK_S", "6"))
    for _ in range(3):
        await a_round(site)
    memory, files, threads = measured(site)
    ends, rounds, lag = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < ends:
        await a_round(site)
        rounds += 1
        lag = max(lag, site.http.get("/api/system").json()["loopLagMs"])
    after = measured(site)
    print(f"{rounds} rounds: {memory:.0f} → {after[0]:.0f} MB, {files} → {after[1]} files, lag at most {lag:.0f} ms")  # noqa: T201  # what a soak is for
    assert rounds > 0
    assert after[0] - memory < 10 + rounds * 0.05
    assert after[1] <= files + 3
    assert after[2] <= threads + 2
    assert site.http.get("/api/system").json()["sockets"]["connections"] == 0
