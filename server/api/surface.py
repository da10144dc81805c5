"""A metric of an optimization over two of its parameters."""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import SurfaceQuery
from server.api.responses import stream
from server.api.services import ApiServices
from server.contract.base import ParamValue
from server.contract.problems import InvalidRequest
from server.contract.surface import Surface
from server.store import surface


async def _surface(services: ApiServices, request: Request) -> Response:
    query = read_query(request, SurfaceQuery)
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    run_key = view.snapshot.run_key
    pieces = services.trials.surface(
        services.runs.result_dir(run_key, attempt),
        surface.SurfaceQuery(
            x=query.x, y=query.y, metric=query.metric, fold=query.fold, bins=query.bins, fixed=_fixed(query.fixed)
        ),
        await services.runs.space(run_key, attempt),
        total=view.snapshot.state.total,
        resultAttempt=attempt,
    )
    return await stream(pieces)


def _fixed(text: str) -> dict[str, ParamValue]:
    try:
        return msgspec.json.decode(text, type=dict[str, ParamValue])
    except msgspec.DecodeError as error:
        raise InvalidRequest("invalid_request", "fixed", f"expected a JSON object of parameters: {error}") from error


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/surface",
        id="getOptimizationSurface",
        tag="optimizations",
        summary="A metric over two parameters",
        description=(
            "The grid of a heat map, while the run goes on of the trials finished so far. Trials that differ in other "
            "parameters are folded: the best of them, their median or mean."
        ),
        handler=_surface,
        query=SurfaceQuery,
        answers={200: Answer("The grid.", Surface)},
        problems=(
            "invalid_request",
            "unknown_parameter",
            "parameter_out_of_bounds",
            "run_not_found",
            "store_unavailable",
        ),
    ),
)
