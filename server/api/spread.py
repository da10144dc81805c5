"""How the trials of an optimization are spread: a sample of them, and the distribution of a metric."""

from pathlib import Path
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import DistributionQuery, SampleQuery
from server.api.responses import json_bytes
from server.api.services import ApiServices
from server.contract.base import Model
from server.contract.problems import ForgeError, InvalidRequest
from server.contract.spread import Distribution, Sample
from server.runs.port import RunView
from server.store import spread

MOST_METRICS: Final = 8
"""As many as a search may have objectives."""


class _Fronted(Model, frozen=True, kw_only=True):
    """Of a result what a sample needs; the other fields are passed over."""

    pareto_front: list[str] | None = None


async def _sample(services: ApiServices, request: Request) -> Response:
    query = read_query(request, SampleQuery)
    metrics = list(dict.fromkeys(name.strip() for name in query.metrics.split(",")))
    if len(metrics) > MOST_METRICS:
        raise InvalidRequest("invalid_request", "metrics", f"at most {MOST_METRICS} at once")
    spread.check_metrics(metrics, "metrics")
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder = services.runs.result_dir(view.snapshot.run_key, attempt)
    wanted = spread.SampleQuery(metrics, query.points, also=await _front(services, view, folder))
    return json_bytes(
        await services.trials.sample(folder, wanted, total=view.snapshot.state.total, resultAttempt=attempt)
    )


async def _front(services: ApiServices, view: RunView, folder: Path) -> list[str]:
    if view.completed is None:
        return []
    try:
        result = await services.results.result_json(folder)
    except ForgeError as error:
        if error.code != "not_found":
            raise
        return []
    return msgspec.json.decode(result, type=_Fronted).pareto_front or []


async def _distribution(services: ApiServices, request: Request) -> Response:
    query = read_query(request, DistributionQuery)
    spread.check_metrics([query.metric], "metric")
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder = services.runs.result_dir(view.snapshot.run_key, attempt)
    told = await services.trials.distribution(
        folder, query.metric, query.bins, total=view.snapshot.state.total, resultAttempt=attempt
    )
    return json_bytes(told)


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/sample",
        id="getOptimizationSample",
        tag="optimizations",
        summary="Some trials as columns",
        description=(
            "For charts of whole trials: their parameters and a few `metrics`, best first by the first of these. Of "
            "more than `points` it has those that lie evenly through the ranking, and all of the Pareto front. While "
            "the run goes on, of the trials finished so far."
        ),
        handler=_sample,
        query=SampleQuery,
        answers={200: Answer("The trials.", Sample)},
        problems=("invalid_request", "run_not_found", "store_unavailable"),
    ),
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/distribution",
        id="getOptimizationDistribution",
        tag="optimizations",
        summary="How a metric is spread over all trials",
        description="A histogram of every finished trial, with quartiles; while the run goes on, of those so far.",
        handler=_distribution,
        query=DistributionQuery,
        answers={200: Answer("The histogram.", Distribution)},
        problems=("invalid_request", "run_not_found", "store_unavailable"),
    ),
)
