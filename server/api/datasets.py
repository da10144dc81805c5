"""Data sets: the catalogue, and uploads to it."""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import limited, read_query, require_media
from server.api.operation import Answer, Body, Operation
from server.api.queries import BarsUploadQuery, Query, UploadQuery
from server.api.responses import json_response
from server.api.services import ApiServices
from server.contract.catalogue import DatasetInfo
from server.contract.media import ARROW_FILE, BARS_MEDIA, CSV, PARQUET
from server.contract.pages import DatasetPage
from server.contract.problems import ForgeError, InvalidRequest
from server.execution.tasks import ImportTask

_BLOCK_BYTES: Final = 1 << 20
_DISK_FULL: Final = frozenset({28, 122})  # ENOSPC, EDQUOT


async def _list(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    items = services.datasets.all()
    return json_response(DatasetPage(items=items, next_cursor=None, total_count=len(items)))


async def _get(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    dataset_id = request.path_params["id"]
    found = services.datasets.get(dataset_id)
    if found is None:
        raise _not_found(dataset_id)
    return json_response(found)


async def _delete(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    dataset_id = request.path_params["id"]
    if not await services.datasets.remove(dataset_id):
        raise _not_found(dataset_id)
    return Response(status_code=204)


async def _upload(services: ApiServices, request: Request) -> Response:
    bars = request.query_params.get("kind", "bars") == "bars"
    query = read_query(request, BarsUploadQuery if bars else UploadQuery)
    media_type = require_media(request, *BARS_MEDIA)
    _refuse_misplaced(query)
    sizes = {name: _decimal(name, value) for name, value in _sizes(query).items()}
    path = services.datasets.upload_path()
    try:
        await _receive(request, path, services.limits.upload_bytes)
        task = ImportTask(
            path=str(path),
            catalogue_root=str(services.datasets.root),
            media_type=media_type,
            asset_name=query.asset_name,
            exchange=query.exchange,
            time_frame=query.time_frame or query.kind,
            kind=query.kind,
            tick_size=sizes["tickSize"],
            lot_size=sizes["lotSize"],
            quote=query.quote or None,
            multiplier=sizes["multiplier"],
            source=query.source or "",
            quarantine=query.quarantine,
        )
        dataset, created = await services.datasets.add(task)
    finally:
        # Waited for to its end even when the client is gone: a half upload must not stay on the disk.
        await asyncio.shield(asyncio.to_thread(path.unlink, missing_ok=True))
    headers = {"Location": f"/api/datasets/{dataset.id}"}
    return json_response(dataset, status=201 if created else 200, headers=headers)


async def _receive(request: Request, path: Path, limit_bytes: int) -> None:
    """Writes the body to the disk in blocks, off the event loop; raises `too_large`, `disk_full`, `bad_rows`."""
    block = bytearray()
    received = 0
    try:
        with await asyncio.to_thread(path.open, "wb") as file:
            async for chunk in limited(request, limit_bytes):
                block += chunk
                received += len(chunk)
                if len(block) >= _BLOCK_BYTES:
                    await asyncio.to_thread(file.write, bytes(block))
                    block.clear()
            await asyncio.to_thread(file.write, bytes(block))
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise ForgeError("disk_full", "The disk is full; nothing was imported.") from error
        raise
    if not received:
        raise ForgeError("bad_rows", "The body is empty; send the file as the body.")


def _sizes(query: UploadQuery) -> dict[str, str | UnsetType]:
    return {"tickSize": query.tick_size, "lotSize": query.lot_size, "multiplier": query.multiplier}


def _refuse_misplaced(query: UploadQuery) -> None:
    """Cash flows have no time frame and no sizes."""
    for name, value in {"timeFrame": query.time_frame, **_sizes(query)}.items():
        if query.kind != "bars" and value is not UNSET:
            raise InvalidRequest("invalid_request", name, f"is one of bars; {query.kind} has none")


def _decimal(name: str, text: str | UnsetType) -> str | None:
    if isinstance(text, UnsetType):
        return None
    if Decimal(text) <= 0:
        raise InvalidRequest("invalid_request", name, "must be more than 0")
    return text


def _not_found(dataset_id: str) -> ForgeError:
    return ForgeError("not_found", f"There is no data set {dataset_id[:80]!r}.")


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/datasets",
        id="listDatasets",
        tag="datasets",
        summary="List data sets",
        handler=_list,
        query=Query,
        answers={200: Answer("Every version of every series.", DatasetPage)},
        problems=("invalid_request",),
    ),
    Operation(
        method="POST",
        path="/api/datasets",
        id="importDataset",
        tag="datasets",
        summary="Import a data set",
        description="The file is the body. Tick and lot size are inferred when they are not given. One bad row refuses "
        "the file, unless `quarantine` is true: then bad rows are left out and counted in `quarantined`. With `kind` "
        "the rows are cash flows of the asset, for runs that ask for them: `funding`, columns time and rate (of the "
        "position's value: 0.0001), or `dividends`, columns time and amount (quote currency a unit); at most nine "
        "decimals.",
        handler=_upload,
        query=UploadQuery,
        body=Body(
            media_type=CSV,
            further=(PARQUET, ARROW_FILE),
            description="One bar a row; columns, named so or as is usual: time, open, high, low, close and (optional) "
            "volume. A CSV with a header, Parquet, or Feather (an Arrow file)",
            examples={
                "bars": "time,open,high,low,close,volume\n"
                "2024-01-01T00:00:00Z,1.1040,1.1052,1.1038,1.1049,1200\n"
                "2024-01-01T01:00:00Z,1.1049,1.1050,1.1031,1.1035,900\n",
                "funding": "time,rate\n2024-01-01T00:00:00Z,0.0001\n2024-01-01T08:00:00Z,-0.00005\n",
            },
            example_queries={
                "bars": "assetName=EURUSD&exchange=OANDA&timeFrame=1h",
                "funding": "kind=funding&assetName=BTCUSDT&exchange=Binance",
            },
        ),
        answers={
            200: Answer("The same content was there already.", DatasetInfo, headers={"Location": "The data set"}),
            201: Answer("Imported.", DatasetInfo, headers={"Location": "The data set"}),
        },
        problems=(
            "invalid_request",
            "not_supported",
            "bad_rows",
            "too_large",
            "unsupported_media",
            "draining",
            "disk_full",
        ),
    ),
    Operation(
        method="GET",
        path="/api/datasets/{id}",
        id="getDataset",
        tag="datasets",
        summary="A data set",
        handler=_get,
        query=Query,
        answers={200: Answer("The data set.", DatasetInfo)},
        problems=("invalid_request", "not_found"),
    ),
    Operation(
        method="DELETE",
        path="/api/datasets/{id}",
        id="deleteDataset",
        tag="datasets",
        summary="Delete a data set",
        description="Runs that use it now keep it until they end.",
        handler=_delete,
        query=Query,
        answers={204: Answer("Gone.")},
        problems=("invalid_request", "not_found"),
    ),
)
