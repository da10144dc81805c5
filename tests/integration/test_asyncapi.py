"""The AsyncAPI document tells what really goes over the sockets."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # it ships no types

from server.contract import messages
from tests.integration.asyncapi_document import AsyncApiDocument
from tests.integration.listener import Listener, listening
from tests.integration.site import Site, bars_csv

FORMS = ("forge.v1.json", "forge.v1.msgpack")


@pytest.fixture(scope="module")
def told(site: Site) -> AsyncApiDocument:
    """The document of the server that most tests share."""
    return AsyncApiDocument(site.http.get("/api/asyncapi.json").json())


def references_in(part: Any) -> Iterator[str]:
    match part:
        case dict():
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for inner in part.values():
                yield from references_in(inner)
        case list():
            for inner in part:
                yield from references_in(inner)


def test_every_reference_leads_somewhere(told: AsyncApiDocument) -> None:
    for reference in references_in(told.document):
        found = told.document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_schema_is_one(told: AsyncApiDocument) -> None:
    for schema in told.document["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_every_message_of_the_contract_is_told_with_examples_that_fit(told: AsyncApiDocument) -> None:
    described = told.document["components"]["messages"]
    structs = (*get_args(messages.ServerMessage), *get_args(messages.ClientMessage))
    assert set(described) == {struct.__struct_config__.tag for struct in structs}
    for name, message in described.items():
        assert message["examples"]
        for example in message["examples"]:
            told.is_a(name, example["payload"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("subscribe", {"type": "subscribe", "id": 1}),
        ("subscribe", {"type": "subscribe", "id": 1, "runKey": "a", "topic": "runs"}),
        ("subscribe", {"type": "subscribe", "id": 1, "topic": "runs", "rev": [1]}),
        ("snapshot", {"type": "snapshot", "runKey": "a", "rev": [1, 2]}),
        ("changed", {"type": "changed", "topic": "datasets", "data": {"id": "a"}}),
        ("ping", {"type": "ping", "id": 1, "colour": "red"}),
    ],
)
def test_what_is_no_message_does_not_fit(told: AsyncApiDocument, name: str, message: dict[str, Any]) -> None:
    assert told.faults(name, message)


@pytest.mark.parametrize("form", FORMS)
def test_all_that_goes_over_a_socket_of_many_is_as_told(site: Site, told: AsyncApiDocument, form: str) -> None:
    with listening(site, subprotocols=(form,)) as listener:
        for number, topic in enumerate(("runs", "datasets", "strategies", "system", "downloads")):
            listener.answer({"type": "subscribe", "id": number, "topic": topic})
        follow_a_run(site, listener)
        change_the_catalogues(site, listener)
        listener.answer({"type": "unsubscribe", "id": "topic", "topic": "system"})
        listener.answer({"type": "ping", "id": "ping"})
    for message in listener.said:
        told.fit("receive", "many", message)
    for message in listener.heard:
        told.fit("send", "many", message)
    assert {message["type"] for message in listener.said} == told.told("receive", "many")
    assert {message["type"] for message in listener.heard} == told.told("send", "many")


def follow_a_run(site: Site, listener: Listener) -> None:
    """From its snapshot to its removal, through every answer to a subscription."""
    key, gate = site.at_gate()
    snapshot = listener.answer({"type": "subscribe", "id": "run", "runKey": key})
    listener.answer({"type": "unsubscribe", "id": "no more", "runKey": key})
    assert listener.answer({"type": "subscribe", "id": "again", "runKey": key, "rev": snapshot["rev"]})["rev"]
    listener.answer({"type": "subscribe", "id": "wrong", "runKey": "nothing"})
    gate.touch()
    listener.final(key)
    site.http.delete(f"/api/backtests/{key}")
    listener.until(lambda message: message["type"] == "removed")
    sweep = site.submit("optimizations", site.fresh(strategyName="Picky", axes={"number": {"min": 1, "max": 4}}))
    listener.answer({"type": "subscribe", "id": "sweep", "runKey": sweep["runKey"], "attempt": sweep["attempt"]})
    if not listener.heard[-1].get("final"):
        listener.final(sweep["runKey"])


def change_the_catalogues(site: Site, listener: Listener) -> None:
    """A data set that comes and goes, a strategy that comes; the system tells itself."""
    dataset = site.bring(bars_csv(150, seed=site.another()), assetName="TELL").json()
    site.http.delete(f"/api/datasets/{dataset['id']}")
    listener.until(lambda message: message["type"] == "changed" and message["data"].get("removed"))
    file = site.gates.parent / "strategies" / f"tell{site.another()}.py"
    file.write_text("import not_there_at_all\n")
    listener.until(lambda message: message["type"] == "changed" and message["topic"] == "strategies")
    file.unlink()
    listener.until(lambda message: message["type"] == "changed" and message["topic"] == "system")


@pytest.mark.parametrize("form", FORMS)
def test_all_that_goes_over_a_socket_of_one_run_is_as_told(site: Site, told: AsyncApiDocument, form: str) -> None:
    key, gate = site.at_gate()
    with listening(site, f"/ws/runs/{key}", subprotocols=(form,)) as listener:
        listener.next()
        listener.answer({"type": "ping", "id": 1})
        gate.touch()
        listener.rest()
    assert {message["type"] for message in listener.said} == told.told("receive", "one")
    for message in listener.heard:
        told.fit("send", "one", message)
    assert {"snapshot", "update", "pong"} <= {message["type"] for message in listener.heard}


def test_the_page_tells_every_message_and_needs_no_network(site: Site) -> None:
    page = site.http.get("/api/docs/websocket")
    assert page.headers["content-type"].startswith("text/html")
    for name in ("subscribe", "snapshot", "topic", "changed"):
        assert f"<code>{name}</code>" in page.text
    anchors = set(re.findall(r'id="([^"]*)"', page.text))
    assert set(re.findall(r'href="#([^"]*)"', page.text)) <= anchors
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']*""", page.text) == []
