"""The OpenAPI document, and the page that shows it."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.api.bodies import read_query
from server.api.docs_page import CONTENT_SECURITY_POLICY
from server.api.operation import Answer, Operation
from server.api.queries import Query
from server.api.responses import json_bytes
from server.api.services import ApiServices


def operations(openapi_json: Callable[[], bytes], docs_page: Callable[[], str]) -> tuple[Operation, ...]:
    """Those that serve the document which describes them too."""

    async def openapi(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        return json_bytes(openapi_json())

    async def docs(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        return HTMLResponse(docs_page(), headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})

    return (
        Operation(
            method="GET",
            path="/api/openapi.json",
            id="getOpenApi",
            tag="system",
            summary="This document",
            handler=openapi,
            query=Query,
            answers={200: Answer("OpenAPI 3.1.", dict[str, Any])},
            problems=("invalid_request",),
        ),
        Operation(
            method="GET",
            path="/api/docs",
            id="getDocs",
            tag="system",
            summary="This document as a page",
            handler=docs,
            query=Query,
            answers={200: Answer("HTML that needs no network.", media=("text/html",))},
            problems=("invalid_request",),
        ),
    )
