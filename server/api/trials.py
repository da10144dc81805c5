"""The trials of an optimization, page by page or all at once."""

from typing import Final

from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response

from server.api.asked import best_first
from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import TrialsQuery
from server.api.responses import JSON, json_bytes, stream
from server.api.services import ApiServices
from server.contract.pages import TrialPage
from server.contract.problems import ForgeError
from server.contract.requests import Filters
from server.optimization.ranking import bounds_of
from server.store.trial_query import Bounds, TrialQuery

_CSV: Final = "text/csv"


async def _trials(services: ApiServices, request: Request) -> Response:
    query = read_query(request, TrialsQuery)
    media_type = accepted(request.headers.get("accept", ""))
    view = await services.runs.view("optimization", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder = services.runs.result_dir(view.snapshot.run_key, attempt)
    sort = query.sort or (best_first(view.completed) if view.completed else "index")
    wanted = TrialQuery(sort=sort, status=query.status or None, bounds=_bounds(query))
    if media_type == _CSV:
        name = f'attachment; filename="{view.snapshot.run_key}.csv"'
        pieces = services.trials.csv(folder, wanted)
        return await stream(pieces, headers={"Content-Disposition": name}, media_type=_CSV)
    page = await services.trials.page(folder, wanted, limit=query.limit, cursor=query.cursor or None)
    return json_bytes(page.json(resultAttempt=attempt))


def _bounds(query: TrialsQuery) -> Bounds:
    filters = Filters(**{field.name: getattr(query, field.name) for field in structs.fields(Filters)})
    return tuple(bounds_of(filters).items())


def accepted(accept: str) -> str:
    """The media type that the client prefers of those there are; ForgeError `not_supported` for Parquet."""
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        if media_type in (_CSV, JSON):
            return media_type
        if "parquet" in media_type:
            raise ForgeError("not_supported", f"Trials as Parquet are not built yet; ask for {_CSV} or {JSON}.")
    return JSON


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
            "`Accept: text/csv` streams all that match, without pages."
        ),
        handler=_trials,
        query=TrialsQuery,
        headers={"Accept": "`application/json` (a page) or `text/csv` (all)"},
        answers={200: Answer("One page, or all as CSV.", TrialPage, media=("text/csv",))},
        problems=("invalid_request", "not_supported", "run_not_found", "store_unavailable"),
    ),
)
