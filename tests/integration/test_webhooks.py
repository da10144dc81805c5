"""Webhooks of a server that is killed between the end of a run and its message."""

import json
import signal
import subprocess
import sys
import time

from server.webhooks.signing import verify
from tests.hook_receiver import SECRET, receiving
from tests.integration.conftest import OpenSite
from tests.integration.serving import clean_environment
from tests.integration.test_metrics import figures


def test_an_end_is_told_after_a_kill_in_order_and_signed(open_site: OpenSite) -> None:
    with receiving() as receiver:
        told = {
            "FORGE_WEBHOOKS": receiver.url,
            "FORGE_WEBHOOK_SECRET": SECRET,
            "FORGE_PUBLIC_URL": "https://forge.test",
        }
        receiver.status = 500
        with open_site(**told) as site:
            first = site.run("backtests", site.fresh())
            receiver.until(1, taken=False)
            site.served.stop(signal.SIGKILL)
        receiver.status = 200
        with open_site(fill=False, **told) as site:
            second = site.run("backtests", site.fresh(strategyName="Boom"), "Failed")
            got = receiver.until(2)
            name = ("receiver", receiver.url.split("/")[2])
            assert figures(site)["forge_webhooks_delivered_total", name] >= 1  # the second is counted once answered
    events = [json.loads(one.body) for one in got]
    assert [event["type"] for event in events] == ["run.completed", "run.failed"]
    assert [event["data"]["runKey"] for event in events] == [first["runKey"], second["runKey"]]
    assert events[0]["data"]["metrics"]["netProfit"] == first["result"]["metrics"]["netProfit"]
    assert events[0]["data"]["links"]["self"] == f"https://forge.test/api/backtests/{first['runKey']}"
    assert "boom" in events[1]["data"]["errorMessage"]
    assert [verify(SECRET, one.headers, one.body, now_s=time.time()) for one in got] == [
        one.headers["webhook-id"] for one in got
    ]


def test_the_command_pings_every_receiver_and_fails_when_one_refuses() -> None:
    with receiving() as receiver, receiving() as other:
        other.status = 404
        environment = clean_environment(FORGE_WEBHOOKS=f"{receiver.url},{other.url}", FORGE_WEBHOOK_SECRET=SECRET)
        ended = subprocess.run(
            [sys.executable, "-m", "server", "webhooks", "test"], env=environment, capture_output=True, text=True
        )
    assert ended.returncode == 1
    assert ": taken (" in ended.stdout
    assert ": it answered 404 (" in ended.stdout
    (got,) = receiver.got
    assert json.loads(got.body)["type"] == "ping"
    assert verify(SECRET, got.headers, got.body, now_s=time.time())
