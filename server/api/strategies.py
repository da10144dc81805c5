"""Strategies that can be run."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import Query
from server.api.responses import json_response
from server.api.services import ApiServices
from server.api.validation import did_you_mean
from server.contract.catalogue import StrategyInfo
from server.contract.pages import StrategyPage
from server.contract.problems import ForgeError


async def _list(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    items = await services.strategies.all()
    return json_response(StrategyPage(items=items, next_cursor=None, total_count=len(items)))


async def _get(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    name = request.path_params["name"]
    found = await services.strategies.get(name)
    if found is None:
        known = [strategy.name for strategy in await services.strategies.all()]
        raise ForgeError("not_found", f"There is no strategy {name[:80]!r}{did_you_mean(name, known)}.")
    return json_response(found)


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/strategies",
        id="listStrategies",
        tag="strategies",
        summary="List strategies",
        description="With parameters and templates; files that do not load come last, with file, line and reason.",
        handler=_list,
        query=Query,
        answers={200: Answer("All of them.", StrategyPage)},
        problems=("invalid_request",),
    ),
    Operation(
        method="GET",
        path="/api/strategies/{name}",
        id="getStrategy",
        tag="strategies",
        summary="A strategy",
        handler=_get,
        query=Query,
        answers={200: Answer("The strategy.", StrategyInfo)},
        problems=("invalid_request", "not_found"),
    ),
)
