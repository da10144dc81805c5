"""The trials of an optimization, page by page or all at once."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import TrialsQuery
from server.api.services import ApiServices
from server.contract.pages import TrialPage
from server.contract.problems import ForgeError


async def _trials(services: ApiServices, request: Request) -> Response:
    read_query(request, TrialsQuery)
    raise ForgeError("not_supported", "soon")


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/optimizations/{runKey}/trials",
        id="getOptimizationTrials",
        tag="optimizations",
        summary="The trials",
        description="Sorted by any metric or parameter. `Accept: text/csv` streams all that match, without pages.",
        handler=_trials,
        query=TrialsQuery,
        headers={"Accept": "`application/json` (a page) or `text/csv` (all)"},
        answers={200: Answer("One page, or all as CSV.", TrialPage, media=("text/csv",))},
        problems=("invalid_request", "not_supported", "run_not_found", "store_unavailable"),
    ),
)
