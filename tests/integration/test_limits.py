"""A server with narrow limits and a log for machines."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import opened
from tests.integration.listener import listening
from tests.integration.site import Site, bars_csv


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server."""
    limits: dict[str, Any] = {
        "FORGE_QUEUE_LIMIT": "3",
        "FORGE_MAX_UPLOAD": "200000",
        "FORGE_MAX_BODY": "2000",
        "FORGE_MAX_SUBSCRIPTIONS": "2",
        "FORGE_LOG": "json",
    }
    with opened(tmp_path_factory.mktemp("narrow"), **limits) as site:
        yield site


def test_a_full_queue_refuses_and_says_when_to_come_again(narrow: Site) -> None:
    gates = [narrow.at_gate() for _ in range(2)]
    waiting = [narrow.submit("backtests", narrow.fresh())["runKey"] for _ in range(3)]
    assert [narrow.status("backtests", key)["queuePosition"] for key in waiting] == [1, 2, 3]
    refused = narrow.post("backtests", narrow.fresh())
    narrow.problem(refused, 429, "queue_full")
    assert int(refused.headers["retry-after"]) > 0
    for _, gate in gates:
        gate.touch()
    for key in waiting:
        narrow.ended("backtests", key)
    narrow.run("backtests", narrow.fresh())


def test_a_full_queue_still_answers_what_is_known(narrow: Site) -> None:
    known = narrow.fresh()
    narrow.run("backtests", known)
    gates = [narrow.at_gate() for _ in range(2)]
    waiting = [narrow.fresh() for _ in range(3)]
    for request in waiting:
        narrow.submit("backtests", request)
    assert narrow.submit("backtests", known)["dedup"] == "cached"
    assert narrow.submit("backtests", waiting[0])["dedup"] == "inFlight"
    for _, gate in gates:
        gate.touch()
    for request in waiting:
        narrow.run("backtests", request)


def test_an_upload_over_the_limit_is_refused_and_leaves_nothing(narrow: Site) -> None:
    folder = narrow.served.home / "datasets"
    before = sorted(folder.rglob("*"))
    narrow.problem(narrow.bring(bars_csv(8_000), assetName="BIG"), 413, "too_large")
    pieces = (b"x" * 65_536 for _ in range(20))
    named = {"assetName": "BIG", "exchange": "TEST", "timeFrame": "1h"}
    answer = narrow.http.post("/api/datasets", params=named, content=pieces, headers={"Content-Type": "text/csv"})
    narrow.problem(answer, 413, "too_large")
    assert sorted(folder.rglob("*")) == before


def test_a_body_over_the_limit_is_refused(narrow: Site) -> None:
    narrow.problem(narrow.post("backtests", narrow.fresh(label="x" * 2_000)), 413, "too_large")


def test_one_subscription_too_many_is_an_error_and_the_connection_lives(narrow: Site) -> None:
    with listening(narrow) as listener:
        for number, topic in enumerate(("runs", "system")):
            assert listener.answer({"type": "subscribe", "id": number, "topic": topic})["type"] == "topic"
        refused = listener.answer({"type": "subscribe", "id": 2, "topic": "datasets"})
        assert (refused["type"], refused["code"]) == ("error", "too_many_subscriptions")
        listener.answer({"type": "unsubscribe", "id": 3, "topic": "system"})
        assert listener.answer({"type": "subscribe", "id": 4, "topic": "datasets"})["type"] == "topic"


def test_log_lines_of_a_run_carry_its_key(narrow: Site) -> None:
    key = narrow.run("backtests", narrow.fresh())["runKey"]
    lines = [json.loads(line) for line in narrow.served.log.read_text().splitlines()]
    assert len([line for line in lines if line.get("runKey", line.get("run_key")) == key]) >= 2
