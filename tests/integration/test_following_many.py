"""`/ws`: many runs and topics on one real socket."""

import json
from typing import Any

import pytest

from tests.integration.listener import Listener, listening
from tests.integration.openapi_document import OpenApiDocument
from tests.integration.site import Site, bars_csv


def subscribe(key: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """A subscription to a run."""
    return {"type": "subscribe", "id": number, "runKey": key, **more}


def topic(name: str, number: int = 9) -> dict[str, Any]:
    """A subscription to a topic."""
    return {"type": "subscribe", "id": number, "topic": name}


def is_alive(listener: Listener) -> bool:
    """Whether the connection still answers."""
    answer = listener.answer({"type": "ping", "id": "alive?"})
    return bool(answer["type"] == "pong")


def test_the_first_message_welcomes(site: Site, told: OpenApiDocument) -> None:
    with listening(site) as listener:
        welcome = listener.next()
    told.is_a("ServerMessage", welcome)
    assert (welcome["protocol"], welcome["maxSubscriptions"], welcome["maxFrameBytes"]) == (
        "forge.v1.json",
        10_000,
        65_536,
    )
    assert welcome["storeId"] == site.http.get("/api/system").json()["store"]["id"]


def test_a_subscription_is_answered_by_a_snapshot_and_ends_with_the_final_state(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site) as listener:
        snapshot = listener.answer(subscribe(key))
        assert (snapshot["type"], snapshot["runKey"], snapshot["state"]["status"]) == ("snapshot", key, "Running")
        gate.touch()
        assert listener.final(key)["state"]["status"] == "Completed"
        assert is_alive(listener)


def test_many_runs_share_a_connection(site: Site) -> None:
    with listening(site) as listener:
        keys = [site.submit("backtests", site.fresh())["runKey"] for _ in range(10)]
        listener.say(*(subscribe(key, number) for number, key in enumerate(keys)))
        ended: set[str] = set()
        while len(ended) < 10:
            message = listener.next()
            if message.get("final"):
                ended.add(message["runKey"])
    assert ended == set(keys)


def test_a_revision_that_is_current_needs_no_snapshot(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site) as listener:
        rev = listener.answer(subscribe(key))["rev"]
    with listening(site) as listener:
        assert listener.answer(subscribe(key, rev=rev)) == {
            "type": "snapshot",
            "id": 1,
            "runKey": key,
            "rev": rev,
            "current": True,
            "final": False,
        }
        gate.touch()
        assert listener.final(key)["state"]["status"] == "Completed"


def test_a_revision_that_is_old_is_answered_by_a_snapshot(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site) as listener:
        rev = listener.answer(subscribe(key))["rev"]
    gate.touch()
    site.ended("backtests", key)
    with listening(site) as listener:
        snapshot = listener.answer(subscribe(key, rev=rev))
    assert (snapshot["final"], snapshot["state"]["status"]) == (True, "Completed")


def test_a_second_subscription_to_a_run_is_told_it_is_current(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site) as listener:
        listener.answer(subscribe(key))
        assert listener.answer(subscribe(key, 2))["current"]
        gate.touch()
        listener.final(key)


def test_nothing_of_a_run_comes_after_it_was_unsubscribed(site: Site) -> None:
    key, gate = site.at_gate()
    with listening(site) as listener:
        listener.answer(subscribe(key))
        assert listener.answer({"type": "unsubscribe", "id": 2, "runKey": key})["type"] == "unsubscribed"
        gate.touch()
        site.ended("backtests", key)
        assert is_alive(listener)
        after = [message for message in listener.heard if message["type"] == "update"]
    assert after == []


def test_the_topic_of_runs_tells_active_and_new_ones_and_their_ends(site: Site, told: OpenApiDocument) -> None:
    active, gate = site.at_gate()
    with listening(site) as listener:
        answer = listener.answer(topic("runs"))
        assert [run["runKey"] for run in answer["runs"]] == [active]
        new = site.submit("backtests", site.fresh(label="new here"))["runKey"]
        snapshot = listener.until(lambda message: message.get("runKey") == new)
        assert (snapshot["type"], snapshot["run"]["label"]) == ("snapshot", "new here")
        if not snapshot["final"]:
            listener.final(new)
        gate.touch()
        listener.final(active)
        site.http.delete(f"/api/backtests/{new}")
        removed = listener.until(lambda message: message["type"] == "removed")
        assert removed["runKey"] == new
    for message in listener.heard:
        told.is_a("ServerMessage", message)


def test_the_topic_tells_where_a_run_waits(site: Site) -> None:
    gates = [site.at_gate() for _ in range(2)]
    key = site.submit("backtests", site.fresh())["runKey"]
    with listening(site) as listener:
        runs = {run["runKey"]: run["queuePosition"] for run in listener.answer(topic("runs"))["runs"]}
    assert runs == {gates[0][0]: None, gates[1][0]: None, key: 1}
    for running, gate in gates:
        gate.touch()
        site.ended("backtests", running)
    site.ended("backtests", key)


def test_a_run_deleted_and_submitted_again_rises_on_the_topic(site: Site) -> None:
    request = site.fresh()
    with listening(site) as listener:  # which fails on a revision that does not rise
        listener.answer(topic("runs"))
        for _ in range(3):
            key = site.submit("backtests", request)["runKey"]
            listener.final(key)
            site.http.delete(f"/api/backtests/{key}")
            listener.until(lambda message: message["type"] == "removed")


def test_the_topic_of_data_sets_tells_new_and_removed_ones(site: Site) -> None:
    with listening(site) as listener:
        assert listener.answer(topic("datasets"))["runs"] == []
        dataset = site.bring(bars_csv(150, seed=site.another()), assetName="LIVE").json()
        changed = listener.until(lambda message: message["type"] == "changed")
        assert (changed["topic"], changed["data"]) == ("datasets", dataset)
        site.http.delete(f"/api/datasets/{dataset['id']}")
        changed = listener.until(lambda message: message["type"] == "changed")
        assert changed["data"] == {"id": dataset["id"], "removed": True}


def test_the_topic_of_strategies_tells_changed_and_removed_ones(site: Site) -> None:
    file = site.gates.parent / "strategies" / "told.py"
    with listening(site) as listener:
        listener.answer(topic("strategies"))
        file.write_text(
            "from server.strategies import Strategy\n\n\nclass Told(Strategy):\n    version = '1'\n\n"
            "    def init(self):\n        pass\n\n    def on_bar(self, bar):\n        pass\n"
        )
        changed = listener.until(lambda message: message["type"] == "changed" and message["data"]["name"] == "Told")
        assert changed["data"] == site.http.get("/api/strategies/Told").json()
        file.unlink()
        changed = listener.until(lambda message: message["type"] == "changed" and message["data"]["name"] == "Told")
        assert changed["data"] == {"name": "Told", "removed": True}


def test_the_topic_of_the_system_tells_its_body(site: Site, told: OpenApiDocument) -> None:
    with listening(site) as listener:
        listener.answer(topic("system"))
        told.is_a("System", listener.until(lambda message: message["type"] == "changed")["data"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (subscribe("nothing"), "run_not_found"),
        (subscribe("../.."), "run_not_found"),
        ({"type": "shout", "id": 1}, "unknown_message"),
        ({"type": "subscribe", "id": 1}, "invalid_request"),
        ({"type": "subscribe", "id": 1, "runKey": "a", "topic": "runs"}, "invalid_request"),
        ({"type": "subscribe", "id": 1, "topic": "weather"}, "invalid_request"),
        ({"type": "subscribe", "id": 1, "runKey": "a", "rev": "new"}, "invalid_request"),
        ({"type": "ping", "id": 1, "colour": "red"}, "invalid_request"),
    ],
)
def test_a_message_that_cannot_be_served_is_an_error_and_the_connection_lives(
    site: Site, told: OpenApiDocument, said: dict[str, Any], code: str
) -> None:
    with listening(site) as listener:
        error = listener.answer(said)
        told.is_a("ServerMessage", error)
        assert (error["type"], error["code"]) == ("error", code)
        assert error["detail"]
        assert is_alive(listener)


@pytest.mark.parametrize("text", ["{", "[]", "7", "null", '"text"', "", "{}"])
def test_text_that_is_no_message_is_an_error_and_the_connection_lives(site: Site, text: str) -> None:
    with listening(site) as listener:
        listener.connection.send(text)
        assert listener.until(lambda message: message["type"] == "error")["code"] == "invalid_request"
        assert is_alive(listener)


def test_messages_of_an_array_are_answered_in_order(site: Site) -> None:
    with listening(site) as listener:
        listener.next()
        listener.say({"type": "ping", "id": 1}, {"type": "shout", "id": 2}, {"type": "ping", "id": 3})
        assert [(listener.next()["id"]) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("frames", "code"),
    [([b"binary"], 1003), (["x" * 70_000], 1009), (["{"] * 20, 4400)],
    ids=["binary", "oversize", "malformed again and again"],
)
def test_frames_of_the_wrong_kind_end_the_connection_alone(site: Site, frames: list[Any], code: int) -> None:
    with listening(site) as other, listening(site) as listener:
        for frame in frames:
            listener.connection.send(frame)
        listener.rest()
        assert listener.close_code == code
        assert is_alive(other)


def test_both_subprotocols_carry_the_same_messages(site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    with listening(site, subprotocols=("forge.v1.json",)) as text:
        assert text.connection.subprotocol == "forge.v1.json"
        as_text = text.answer(subscribe(key))
    with listening(site, subprotocols=("forge.v1.msgpack",)) as packed:
        assert packed.connection.subprotocol == "forge.v1.msgpack"
        as_binary = packed.answer(subscribe(key))
    assert as_binary == as_text
    assert json.dumps(as_binary, sort_keys=True) == json.dumps(as_text, sort_keys=True)
