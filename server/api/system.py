"""How the server is."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import Query
from server.api.responses import json_response
from server.api.services import ApiServices
from server.contract.system import Health, System


async def _system(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    return json_response(services.system())


async def _live(services: ApiServices, request: Request) -> Response:
    return json_response(Health(status="live"))


async def _ready(services: ApiServices, request: Request) -> Response:
    reason = services.ready()
    if reason is not None:
        raise reason
    return json_response(Health(status="ready"))


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/system",
        id="getSystem",
        tag="system",
        summary="Workers, queue, loop lag, broker, store, versions",
        handler=_system,
        query=Query,
        answers={200: Answer("The server now.", System)},
        problems=("invalid_request",),
    ),
    Operation(
        method="GET",
        path="/health/live",
        id="getLive",
        tag="system",
        summary="Whether the process answers",
        handler=_live,
        answers={200: Answer("It does.", Health)},
    ),
    Operation(
        method="GET",
        path="/health/ready",
        id="getReady",
        tag="system",
        summary="Whether the server takes work",
        handler=_ready,
        answers={200: Answer("It does.", Health)},
        problems=("draining", "store_unavailable"),
    ),
)
