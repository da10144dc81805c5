"""The OpenAPI document as a page to read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from server.api import schema_blocks
from server.api.blocks import Block, Code, Entry, Heading, Page, Table, Text
from server.api.schema_blocks import type_of

Json = Mapping[str, Any]


def page(document: Json) -> Page:
    """The whole page."""
    info = document["info"]
    return Page(
        title="REST reference",
        version=info["version"],
        about=info["description"],
        other=(("openapi.json", "/api/openapi.json"), ("WebSocket", "/api/docs/websocket")),
        blocks=(
            *_operations(document),
            Heading("Schemas"),
            *(schema_blocks.entry(name, schema) for name, schema in document["components"]["schemas"].items()),
        ),
    )


def _operations(document: Json) -> Iterator[Block]:
    for tag in document["tags"]:
        yield Heading(f"Operations: {tag['name']}")
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    about = tuple(_about(path, operation))
                    yield Entry(f"{method.upper()} {path}", operation["summary"], about)


def _about(path: str, operation: Json) -> Iterator[Block]:
    if "description" in operation:
        yield Text(operation["description"])
    if operation["parameters"]:
        rows = (
            (
                f"`{parameter['name']}`",
                f"{parameter['in']}{', required' if parameter['required'] else ''}",
                type_of(parameter["schema"]),
                parameter.get("description", ""),
            )
            for parameter in operation["parameters"]
        )
        yield Table(("Parameter", "In", "Type", ""), tuple(rows))
    if "requestBody" in operation:
        yield from _body(path, operation["requestBody"])
    answers = (
        (f"`{status}`", answer["description"], _media(answer.get("content", {})))
        for status, answer in operation["responses"].items()
    )
    yield Table(("Answer", "", "Body"), tuple(answers))


def _body(path: str, body: Json) -> Iterator[Block]:
    yield Text(f"Body: {_media(body['content'])}. {body.get('description', '')}".rstrip())
    for media_type, content in body["content"].items():
        for example in content.get("examples", {}).values():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=1)
            url = f"http://127.0.0.1:8000{path}{example.get('x-query', '')}"
            yield Code("sh", f"curl -H 'Content-Type: {media_type}' '{url}' --data-binary '{text}'")


def _media(content: Json) -> str:
    return ", ".join(f"`{media_type}` {type_of(part['schema'])}" for media_type, part in content.items())
