"""The documents that describe the API, and the pages that show them."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.api.bodies import read_query
from server.api.html_page import CONTENT_SECURITY_POLICY
from server.api.operation import Answer, Operation
from server.api.queries import Query
from server.api.responses import json_bytes
from server.api.services import ApiServices


def operations(
    openapi_json: Callable[[], bytes],
    rest_page: Callable[[], str],
    asyncapi_json: Callable[[], bytes],
    websocket_page: Callable[[], str],
) -> tuple[Operation, ...]:
    """Those that serve the document which describes them too."""
    return (
        _document("/api/openapi.json", "getOpenApi", "This document", "OpenAPI 3.1.", openapi_json),
        _page("/api/docs", "getDocs", "This document as a page", rest_page),
        _document("/api/asyncapi.json", "getAsyncApi", "The messages of the WebSocket", "AsyncAPI 3.0.", asyncapi_json),
        _page("/api/docs/websocket", "getWebSocketDocs", "The messages of the WebSocket as a page", websocket_page),
    )


def _document(path: str, id_: str, summary: str, told: str, made: Callable[[], bytes]) -> Operation:
    return _operation(path, id_, summary, Answer(told, dict[str, Any]), lambda: json_bytes(made()))


def _page(path: str, id_: str, summary: str, made: Callable[[], str]) -> Operation:
    answer = Answer("HTML that needs no network.", media=("text/html",))
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    return _operation(path, id_, summary, answer, lambda: HTMLResponse(made(), headers=headers))


def _operation(path: str, id_: str, summary: str, answer: Answer, respond: Callable[[], Response]) -> Operation:
    async def serve(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        return respond()

    return Operation(
        method="GET",
        path=path,
        id=id_,
        tag="system",
        summary=summary,
        handler=serve,
        query=Query,
        answers={200: answer},
        problems=("invalid_request",),
    )
