"""The AsyncAPI document as a page to read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from server.api import schema_blocks
from server.api.blocks import Block, Code, Entry, Heading, Page, Table, Text, link
from server.api.schema_blocks import type_of

Json = Mapping[str, Any]


def page(document: Json) -> Page:
    """The whole page."""
    info = document["info"]
    messages, schemas = document["components"]["messages"], document["components"]["schemas"]
    payloads = {_name(message["payload"]) for message in messages.values()}
    received = (operation for operation in document["operations"].values() if operation["action"] == "receive")
    said = {_name(reference) for operation in received for reference in operation["messages"]}
    return Page(
        title="WebSocket reference",
        version=info["version"],
        about=info["description"],
        other=(("asyncapi.json", "/api/asyncapi.json"), ("REST", "/api/docs")),
        blocks=(
            *_channels(document),
            Heading("Messages"),
            *(_message(message, schemas, from_client=name in said) for name, message in messages.items()),
            Heading("Schemas"),
            *(schema_blocks.entry(name, schema) for name, schema in schemas.items() if name not in payloads),
        ),
    )


def _channels(document: Json) -> Iterator[Block]:
    for name, channel in document["channels"].items():
        yield Heading(f"{channel['title']}: {channel['address']}")
        yield Text(channel["description"])
        if "parameters" in channel:
            yield Table(("Parameter", "In", "Type", ""), tuple(_parameters(channel)))
        rows = []
        for operation in document["operations"].values():
            if _name(operation["channel"]) == name:
                said = _links(operation["messages"])
                answer = _links(operation.get("reply", {}).get("messages", ()))
                client = operation["action"] == "receive"
                rows.append((said if client else "", answer if client else said, operation["summary"]))
        yield Table(("The client says", "The server says", ""), tuple(rows))


def _parameters(channel: Json) -> Iterator[tuple[str, ...]]:
    for name, parameter in channel["parameters"].items():
        yield f"`{name}`", "path, required", "string", parameter["description"]
    for name, schema in channel["bindings"]["ws"]["query"]["properties"].items():
        yield f"`{name}`", "query", type_of(schema), schema["description"]


def _message(message: Json, schemas: Json, *, from_client: bool) -> Entry:
    name = _name(message["payload"])
    payloads = (json.dumps(example["payload"], indent=1) for example in message["examples"])
    return Entry(
        title=message["name"],
        beside=f"from the {'client' if from_client else 'server'}",
        about=(
            Text(schemas[name]["description"]),
            schema_blocks.fields(schemas[name]),
            *(Code("json message", payload) for payload in payloads),
        ),
    )


def _links(references: Iterable[Json]) -> str:
    return ", ".join(link(_name(reference)) for reference in references)


def _name(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
