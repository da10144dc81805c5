"""Downloads: bars that the server fetches from exchanges."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_json, read_query
from server.api.operation import Answer, Body, Operation
from server.api.queries import Query
from server.api.responses import json_response
from server.api.services import ApiServices
from server.contract.downloads import Download, DownloadRequest
from server.contract.pages import DownloadPage
from server.contract.run import TERMINAL

_EXAMPLES: Final = {
    "a year": {
        "exchange": "binance",
        "symbol": "BTC/USDT",
        "timeFrame": "1h",
        "startTime": "2024-01-01T00:00:00Z",
        "endTime": "2024-12-31T23:59:59Z",
    },
    "until now": {"exchange": "kraken", "assetName": "ETHUSD", "timeFrame": "1d", "startTime": "2020-01-01T00:00:00Z"},
}


async def _submit(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    body = await read_json(request, DownloadRequest, services.limits.json_body_bytes)
    return _taken(services, await services.downloads.submit(body))


async def _resume(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    return _taken(services, await services.downloads.resume(request.path_params["id"]))


async def _list(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    items = list(services.downloads.all())
    return json_response(DownloadPage(items=items, next_cursor=None, total_count=len(items)))


async def _get(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    return json_response(services.downloads.get(request.path_params["id"]))


async def _cancel(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    return json_response(await services.downloads.cancel(request.path_params["id"]))


async def _delete(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    await services.downloads.remove(request.path_params["id"])
    return Response(status_code=204)


def _taken(services: ApiServices, download: Download) -> Response:
    headers = {"Location": download.links.self}
    if download.status in TERMINAL:
        return json_response(download, headers=headers)
    headers["Retry-After"] = str(services.limits.submitted_retry_s)
    return json_response(download, status=202, headers=headers)


_TAKEN: Final = {
    200: Answer("All of it is here already.", Download, headers={"Location": "The download"}),
    202: Answer(
        "It waits or runs.", Download, headers={"Location": "The download", "Retry-After": "Seconds until a look pays"}
    ),
}

OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/downloads",
        id="listDownloads",
        tag="downloads",
        summary="List downloads",
        handler=_list,
        query=Query,
        answers={200: Answer("Those kept, the newest first; always one page.", DownloadPage)},
        problems=("invalid_request",),
    ),
    Operation(
        method="POST",
        path="/api/downloads",
        id="submitDownload",
        tag="downloads",
        summary="Fetch bars from an exchange",
        description="Fetches in the background what is not here yet, then imports it as a data set. The same again "
        "joins it, or goes on where it was: after a failure, a cancel, a restart, and without `endTime` with the bars "
        "that came since. Takes the extra `download`: `not_supported` where the server lacks it. The topic `downloads` "
        "tells of its progress.",
        handler=_submit,
        query=Query,
        body=Body(struct=DownloadRequest, examples=_EXAMPLES),
        answers=_TAKEN,
        problems=(
            *("invalid_request", "not_supported", "too_large", "unsupported_media"),
            *("queue_full", "draining", "disk_full"),
        ),
    ),
    Operation(
        method="GET",
        path="/api/downloads/{id}",
        id="getDownload",
        tag="downloads",
        summary="A download",
        handler=_get,
        query=Query,
        answers={200: Answer("As it stands.", Download)},
        problems=("invalid_request", "not_found"),
    ),
    Operation(
        method="POST",
        path="/api/downloads/{id}/cancel",
        id="cancelDownload",
        tag="downloads",
        summary="Stop a download",
        description="What was fetched stays, for it to be resumed; an import that has begun is ended. May be repeated "
        "until it has stopped.",
        handler=_cancel,
        query=Query,
        answers={200: Answer("It stops.", Download)},
        problems=("invalid_request", "not_found", "already_terminal"),
    ),
    Operation(
        method="POST",
        path="/api/downloads/{id}/resume",
        id="resumeDownload",
        tag="downloads",
        summary="Go on with a download",
        description="As submitting the same again.",
        handler=_resume,
        query=Query,
        answers=_TAKEN,
        problems=("invalid_request", "not_supported", "not_found", "queue_full", "draining", "disk_full"),
    ),
    Operation(
        method="DELETE",
        path="/api/downloads/{id}",
        id="deleteDownload",
        tag="downloads",
        summary="Forget a download",
        description="Stops it first. The data set that it became stays.",
        handler=_delete,
        query=Query,
        answers={204: Answer("Gone.")},
        problems=("invalid_request", "not_found"),
    ),
)
