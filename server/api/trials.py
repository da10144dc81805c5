"""The trials of an optimization, page by page or all at once."""

from typing import Final

from msgspec import UnsetType, structs
from starlette.requests import Request
from starlette.responses import Response

from server.api.asked import best_first
from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import EquityQuery, Query, TrialsQuery
from server.api.responses import JSON, accepted, file, json_bytes, stream
from server.api.services import ApiServices
from server.contract.media import CSV, PARQUET
from server.contract.pages import TrialPage
from server.contract.requests import Filters
from server.contract.results import Equity, Trial
from server.optimization.ranking import bounds_of
from server.store.trial_query import Bounds, TrialQuery


async def _trials(services: ApiServices, request: Request) -> Response:
    query = read_query(request, TrialsQuery)
    media_type = accepted(request, JSON, CSV, PARQUET)
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder = services.runs.result_dir(view.snapshot.run_key, attempt)
    sort = query.sort or (best_first(view.completed) if view.completed else "index")
    wanted = TrialQuery(sort=sort, status=query.status or None, bounds=_bounds(query))
    if media_type != JSON:
        ending, written = ("csv", services.trials.csv) if media_type == CSV else ("parquet", services.trials.parquet)
        return await file(written(folder, wanted), f"{view.snapshot.run_key}.{ending}", media_type)
    page = await services.trials.page(folder, wanted, limit=query.limit, cursor=query.cursor or None)
    return json_bytes(page.json(resultAttempt=attempt))


async def _trial(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder = services.runs.result_dir(view.snapshot.run_key, attempt)
    return json_bytes(await services.trials.one(folder, request.path_params["trialKey"]))


async def _equity(services: ApiServices, request: Request) -> Response:
    query = read_query(request, EquityQuery)
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    pieces = services.trials.equity(
        services.runs.result_dir(view.snapshot.run_key, attempt),
        request.path_params["trialKey"],
        points=None if isinstance(query.points, UnsetType) else query.points,
    )
    return await stream(pieces)


def _bounds(query: TrialsQuery) -> Bounds:
    filters = Filters(**{field.name: getattr(query, field.name) for field in structs.fields(Filters)})
    return tuple(bounds_of(filters).items())


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/trials",
        id="getOptimizationTrials",
        tag="optimizations",
        summary="The trials",
        description=(
            "Sorted by any metric or parameter, `fitness`, `index` or `durationMs`; by default best first. Filtered by "
            "`status` and by the bounds that a submission's `filters` have. "
            "`Accept: text/csv` or Parquet streams all that match, without pages."
        ),
        handler=_trials,
        query=TrialsQuery,
        headers={"Accept": f"`{JSON}` (a page), `{CSV}` or `{PARQUET}` (all)"},
        answers={200: Answer("One page, or all as CSV or Parquet.", TrialPage, media=(CSV, PARQUET))},
        problems=("invalid_request", "not_supported", "run_not_found", "store_unavailable"),
    ),
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/trials/{trialKey}",
        id="getTrial",
        tag="optimizations",
        summary="One trial",
        description="By its key, as `best` and `failures` name it; of a walk-forward the first of that key.",
        handler=_trial,
        query=Query,
        answers={200: Answer("The trial.", Trial)},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    ),
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/trials/{trialKey}/equity",
        id="getTrialEquity",
        tag="optimizations",
        summary="The equity curve of a trial",
        description=(
            "Of the `keepCurves` best trials, once all have been run: at most 2,000 points of `[tsMs, equity, "
            "drawdownPct]`, extremes among them; `total` counts the bars."
        ),
        handler=_equity,
        query=EquityQuery,
        answers={200: Answer("The curve.", Equity)},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    ),
)
