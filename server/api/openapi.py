"""The OpenAPI 3.1 document, generated from the structs that decode the requests.

`python -m server.api.openapi` prints it.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec

from server import __version__
from server.api.operation import Answer, Body, Operation
from server.api.schemas import Json, components, reference, schema_of
from server.contract import messages
from server.contract.events import Event
from server.contract.problems import ForgeError, Problem, ProblemCode
from server.contract.run import RunInfo, RunSnapshot, RunState
from server.contract.status import AnyStatus
from server.contract.webhooks import RunEvent

_NAMED_UNIONS: Final[dict[str, Any]] = {
    "AnyStatus": AnyStatus,
    "ServerMessage": messages.ServerMessage,
    "ClientMessage": messages.ClientMessage,
}
_BESIDE_REST: Final = (RunInfo, RunState, RunSnapshot, Event, RunEvent)
"""Structs that clients meet on the socket alone, or a line each, or are sent."""


def document(operations: Sequence[Operation]) -> Json:
    """The whole document, the same bytes for the same operations."""
    types = _Types(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, types)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AlgoTradeForge",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": (
                "Runs backtests and optimizations in the background. Submit one, then follow it on the WebSocket "
                "`/ws/runs/{runKey}` (`/api/asyncapi.json` tells its messages) or ask for its status. Times are "
                "RFC 3339 UTC with milliseconds, money is in quote currency, percentages are written as 12.5. "
                "HEAD works wherever GET does."
            ),
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in operations)],
        "paths": paths,
        "webhooks": {"runEnded": {"post": _run_ended()}},
        "components": {
            "schemas": types.components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Needed when the server has a token."}
            },
        },
    }


def _run_ended() -> Json:
    """What receivers of webhooks have to answer to."""
    headers = {
        "webhook-id": "Names the message; the same for each try of it",
        "webhook-timestamp": "Seconds since the epoch",
        "webhook-signature": "`v1,` and base64 of the HMAC-SHA256 of `{id}.{timestamp}.{body}`",
    }
    return {
        "operationId": "runEnded",
        "tags": ["system"],
        "summary": "A run has ended",
        "description": (
            "Sent to every URL in `FORGE_WEBHOOKS` once or more, in order; signed as Standard Webhooks has it. "
            "Tried again until the answer's status is 2xx."
        ),
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(RunEvent)}}},
        "responses": {"2XX": {"description": "Taken."}},
    }


class _Types:
    """The JSON schemas of every type that the operations name."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        wanted = [found for operation in operations for found in _types_of(operation)]
        wanted += [Problem, *_BESIDE_REST, *_NAMED_UNIONS.values()]
        queries = [operation.query for operation in operations if operation.query]
        schemas = components([*wanted, *queries])
        self._queries: Json = {query.__name__: schemas.pop(query.__name__) for query in dict.fromkeys(queries)}
        self.components: Json = schemas | {name: schema_of(union) for name, union in _NAMED_UNIONS.items()}

    def parameters(self, query: type[msgspec.Struct]) -> Iterable[Json]:
        """The query parameters of a struct."""
        schema = self._queries[query.__name__]
        for name, field in schema["properties"].items():
            described = dict(field)
            text = described.pop("description", None)
            parameter = {"name": name, "in": "query", "required": name in schema["required"], "schema": described}
            yield {**parameter, "description": text} if text else parameter


def _types_of(operation: Operation) -> Iterable[Any]:
    if operation.body and operation.body.struct:
        yield operation.body.struct
    for answer in operation.answers.values():
        if answer.type_ is not None:
            yield answer.type_


def _operation(operation: Operation, types: _Types) -> Json:
    described: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        "parameters": list(_parameters(operation, types)),
        "responses": {
            **{str(status): _answer(answer) for status, answer in operation.answers.items()},
            **_problems(operation),
        },
    }
    if operation.body:
        described["requestBody"] = _body(operation.body)
    return described


def _parameters(operation: Operation, types: _Types) -> Iterable[Json]:
    for part in operation.path.split("/"):
        if part.startswith("{"):
            yield {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}
    for name, text in operation.headers.items():
        yield {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": text}
    if operation.query:
        yield from types.parameters(operation.query)


def _body(body: Body) -> Json:
    content: Json = {"schema": schema_of(body.struct) if body.struct else _bytes_of(body.media_type)}
    if body.examples:
        queries = {name: {"x-query": f"?{query}"} for name, query in body.example_queries.items()}
        content["examples"] = {name: {"value": value} | queries.get(name, {}) for name, value in body.examples.items()}
    further = {media_type: {"schema": _bytes_of(media_type)} for media_type in body.further}
    described: Json = {"required": True, "content": {body.media_type: content, **further}}
    return {**described, "description": body.description} if body.description else described


def _bytes_of(media_type: str) -> Json:
    return {"type": "string", "contentMediaType": media_type}


def _answer(answer: Answer) -> Json:
    described: Json = {"description": answer.description}
    if answer.headers:
        described["headers"] = _headers(answer.headers)
    content: Json = {}
    if answer.type_ is not None:
        content["application/json"] = {"schema": schema_of(answer.type_)}
    content |= {media: {"schema": _bytes_of(media)} for media in answer.media}
    return {**described, "content": content} if content else described


def _headers(headers: Mapping[str, str]) -> Json:
    return {name: {"schema": {"type": "string"}, "description": text} for name, text in headers.items()}


def _problems(operation: Operation) -> Json:
    by_status: dict[int, list[ProblemCode]] = {}
    for code in (*operation.problems, "unauthorised", "forbidden_host", "forbidden_origin"):
        by_status.setdefault(ForgeError(code, "").status, []).append(code)
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}",
            **({"headers": _headers({"Retry-After": "Seconds to wait"})} if status in (429, 503) else {}),
            "content": content,
        }
        for status, codes in sorted(by_status.items())
    }


def main() -> None:
    """Prints the document as JSON."""
    from server.api.table import openapi_json  # the table holds the operation that serves this document

    sys.stdout.write(msgspec.json.format(openapi_json(), indent=2).decode() + "\n")


if __name__ == "__main__":
    main()
