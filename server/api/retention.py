"""Letting go of what is not to be kept."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import PruneQuery
from server.api.responses import json_response
from server.api.services import ApiServices
from server.contract.retention import Pruning


async def _prune(services: ApiServices, request: Request) -> Response:
    query = read_query(request, PruneQuery)
    return json_response(await services.prune(dry_run=query.dry_run))


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/api/prune",
        id="prune",
        tag="system",
        summary="Remove what is not to be kept",
        description=(
            "What the settings of the server do not keep (`FORGE_KEEP_RUNS` and the like) goes in the background too; "
            "this does it now, at most 500 of each kind at once. Nothing unfinished goes, and no data set that a "
            "stored run was made from."
        ),
        handler=_prune,
        query=PruneQuery,
        answers={200: Answer("What is gone, or with `dryRun` would go.", Pruning)},
        problems=("invalid_request", "store_unavailable", "disk_full"),
    ),
)
