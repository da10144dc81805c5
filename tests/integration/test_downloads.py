"""Downloads from a stand-in exchange: a real server, real processes, real HTTP on both sides."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import httpx
import pytest

from server.contract.run import TERMINAL
from tests.exchange_server import FIRST_S, HOUR_S, StandIn, exchange_served
from tests.integration.conftest import OpenSite, opened
from tests.integration.listener import listening
from tests.integration.openapi_document import OpenApiDocument
from tests.integration.site import Site

LIMIT_S: Final = 30.0
PATH: Final = "/api/downloads"
SERIES: Final = {"exchange": "coinbaseexchange", "symbol": "BTC/USD", "timeFrame": "1h"}
Download = dict[str, Any]


@pytest.fixture(scope="module")
def exchange() -> Iterator[StandIn]:
    with exchange_served() as it:
        yield it


@pytest.fixture(scope="module")
def open_here(tmp_path_factory: pytest.TempPathFactory, exchange: StandIn) -> OpenSite:
    """Opens servers on one home, one after the other, whose downloads ask the exchange of these tests."""
    folder = tmp_path_factory.mktemp("downloads")
    return partial(opened, folder, fill=False, FORGE_COMPILE="off", FORGE_DOWNLOAD_URL=exchange.url)


@pytest.fixture(scope="module")
def here(open_here: OpenSite) -> Iterator[Site]:
    """The first of them; the last test ends it."""
    with open_here() as site:
        yield site


def ask(site: Site, start: str = "2024-01-01T00:00:00Z", **changes: Any) -> httpx.Response:
    return site.http.post(PATH, json={**SERIES, "startTime": start, **changes})


def ended(site: Site, download: Download) -> Download:
    """The download once it is over."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        now: Download = site.http.get(download["links"]["self"]).json()
        if now["status"] in TERMINAL:
            return now
        assert time.monotonic() < deadline, now
        time.sleep(0.05)  # the distance between two questions


def test_bars_become_a_data_set_whatever_the_exchange_does_meanwhile(here: Site, exchange: StandIn) -> None:
    exchange.troubles.extend(["rate limit", "broken"])
    with listening(here) as listener:
        assert listener.answer({"type": "subscribe", "id": 1, "topic": "downloads"})["type"] == "topic"
        answer = ask(here)
        assert (answer.status_code, answer.headers["location"]) == (202, answer.json()["links"]["self"])
        done = listener.until(lambda message: message.get("data", {}).get("status") == "Completed")["data"]
        told = [message["data"] for message in listener.heard if message["type"] == "changed"]
    told_here = OpenApiDocument(here.http.get("/api/openapi.json").json())
    assert told_here.fit(f"{PATH}/{{id}}", here.http.get(answer.headers["location"])) == done
    assert "the exchange limits how often it is asked" in " ".join(one["notice"] or "" for one in told)
    assert (done["fetched"], done["expected"], done["retries"], done["gapCount"]) == (990, 1_000, 2, 1)
    dataset = here.http.get(done["links"]["dataset"]).json()
    assert (dataset["assetName"], dataset["exchange"], dataset["quote"]) == ("BTCUSD", "Coinbase Exchange", "USD")
    assert (dataset["rows"], dataset["tickSize"], dataset["lotSize"]) == (990, 0.01, 1e-8)
    assert (dataset["first"], dataset["last"]) == ("2024-01-01T00:00:00.000Z", "2024-02-11T15:00:00.000Z")
    assert [gap["bars"] for gap in dataset["gaps"]] == [10]
    assert dataset["source"].startswith("ccxt 4")
    assert " coinbaseexchange BTC/USD, fetched 20" in dataset["source"]


def test_a_download_goes_on_where_it_was_after_a_cancel_and_after_a_killed_server(
    here: Site, open_here: OpenSite, exchange: StandIn
) -> None:
    exchange.close_gate(300)
    download = ask(here, assetName="STOPS").json()
    assert exchange.reached.wait(LIMIT_S)
    assert here.http.post(download["links"]["cancel"]).json()["cancelRequested"]
    stopped = ended(here, download)
    assert (stopped["status"], stopped["datasetId"]) == ("Cancelled", None)
    assert here.http.post(download["links"]["cancel"]).status_code == 409
    exchange.gate.set()

    exchange.asked.clear()
    exchange.close_gate(600)
    assert here.http.post(download["links"]["resume"]).status_code == 202
    assert exchange.reached.wait(LIMIT_S)
    assert min(exchange.asked) == FIRST_S + 300 * HOUR_S
    here.served.process.kill()
    here.served.process.wait()
    exchange.gate.set()

    exchange.asked.clear()
    with open_here() as site:
        assert ended(site, download)["fetched"] == 990
        assert min(exchange.asked) == FIRST_S + 600 * HOUR_S
