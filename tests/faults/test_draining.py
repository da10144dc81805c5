"""SIGTERM with subscribers, some of them stalled, and runs in flight."""

import asyncio
import signal
import time

import httpx
import pytest

from tests.faults.conftest import Crawl, Dose, OpenSite
from tests.faults.crowd import all_told, assert_rising, crowd, stalled
from tests.waiting import asks


@pytest.mark.timeout(120)
async def test_a_server_told_to_stop_drains_and_loses_nothing(open_site: OpenSite, dose: Dose) -> None:
    site = open_site(FORGE_DRAIN_TIMEOUT="4")
    done = site.run("backtests", site.fresh())
    crawl, left = Crawl(site), Crawl(site)
    waiting = site.submit("backtests", site.fresh())["runKey"]
    port = site.served.port
    async with crowd(site.sockets, crawl.key, dose.crowd) as subscribers:
        with stalled(port, crawl.key, 5):
            site.served.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            async with httpx.AsyncClient(base_url=site.served.url, trust_env=False) as http:
                async with asyncio.timeout(2 * dose.patience):
                    async for answer in asks(lambda: http.get("/health/ready"), every_s=0.01):
                        if answer.status_code == 503:
                            break
                refused = await http.post("/api/backtests", json=site.fresh())
                site.problem(refused, 503, "draining")
                assert refused.headers["retry-after"]
            crawl.let_go()
            assert await asyncio.to_thread(site.served.process.wait, 15 * dose.patience) == 0
            assert time.monotonic() - began < 15 * dose.patience
        again = open_site(fill=False, PORT=port)
        await all_told(subscribers, 30)
        assert_rising(subscribers)
        assert {code for one in subscribers for code in one.close_codes} <= {1012}
        assert {one.final["status"] for one in subscribers if one.final} == {"Completed"}
    assert again.status("backtests", done["runKey"])["result"] == done["result"]
    cut = again.status("backtests", left.key)
    assert (cut["status"], cut["errorMessage"]) == ("Failed", "server restarted")
    assert cut["processed"] > 0, "how far it came is kept"
    again.ended("backtests", waiting)


def test_an_idle_server_stops_at_once(open_site: OpenSite, dose: Dose) -> None:
    site = open_site()
    began = time.monotonic()
    assert site.served.stop() == 0
    assert time.monotonic() - began < 5 * dose.patience
