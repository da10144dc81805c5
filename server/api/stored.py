"""Runs as they stand: the status, the stored run, lists, and their removal."""

import asyncio
from typing import Final, cast, get_args

from msgspec import UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api import etags
from server.api.bodies import read_query
from server.api.flat import list_item
from server.api.moments import bound
from server.api.operation import Answer, Handler, Operation
from server.api.queries import Query, RunsQuery, StatusQuery, StoredQuery
from server.api.report import with_result
from server.api.responses import NO_STORE, collection, json_response
from server.api.services import MAX_WAIT_S, ApiServices
from server.contract.pages import BacktestPage, OptimizationPage
from server.contract.problems import InvalidRequest
from server.contract.requests import RunKind
from server.contract.run import RunStatus
from server.contract.status import BacktestStatus, OptimizationStatus
from server.runs.port import RunView
from server.store.port import RunFilter

_RUN_STATUSES: Final[tuple[RunStatus, ...]] = get_args(RunStatus)


def _status(kind: RunKind) -> Handler:
    async def status(services: ApiServices, request: Request) -> Response:
        query = read_query(request, StatusQuery)
        attempt = None if isinstance(query.attempt, UnsetType) else query.attempt
        seen = request.headers.get("if-none-match")
        said = etags.said(query.attempt, query.trials)
        wait_s = etags.wait_s(request.headers.get("prefer"), MAX_WAIT_S) if seen else 0
        view = await _changed_view(services, kind, request.path_params["runKey"], attempt, seen, said, wait_s)
        headers = {"ETag": etags.status_etag(view, said), **NO_STORE}
        if not view.snapshot.final:
            headers["Retry-After"] = str(services.limits.status_retry_s(kind))
        if wait_s:
            headers["Preference-Applied"] = f"wait={wait_s}"
        if etags.matches(seen, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        shown = view.completed if view.snapshot.state.status == "Completed" else None
        return await with_result(services, view, shown, query.trials, headers)

    return status


async def _changed_view(
    services: ApiServices, kind: RunKind, run_key: str, attempt: int | None, seen: str | None, said: str, wait_s: int
) -> RunView:
    """The run once it differs from what the client has seen, at latest after `wait_s`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_s
    while True:
        # The visible attempt is what changes; an attempt that still waits behind it is shown, but never waited on:
        # comparing its revision with the visible one would return at once, again and again.
        visible = await services.runs.view(kind, run_key)
        view = visible if attempt is None else await services.runs.view(kind, run_key, attempt)
        left_s = deadline - loop.time()
        if left_s <= 0 or not etags.matches(seen, etags.status_etag(view, said)):
            return view
        now = (visible.snapshot.rev, visible.queue_position, visible.result_attempt)
        later = await services.runs.wait_for_change(kind, run_key, now, left_s)
        if (later.snapshot.rev, later.queue_position, later.result_attempt) == now:
            return view  # the time is over, or nothing will ever change: a final state is not waited on


def _get(kind: RunKind) -> Handler:
    async def get(services: ApiServices, request: Request) -> Response:
        query = read_query(request, StoredQuery)
        view = await services.runs.view(kind, request.path_params["runKey"])
        return await with_result(services, view, view.completed, query.trials, {}, request=view.request)

    return get


def _delete(kind: RunKind) -> Handler:
    async def delete(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        await services.runs.delete(kind, request.path_params["runKey"])
        return Response(status_code=204)

    return delete


def _list(kind: RunKind) -> Handler:
    async def list_runs(services: ApiServices, request: Request) -> Response:
        query = read_query(request, RunsQuery)
        page = await services.runs.page(
            RunFilter(
                kind=kind,
                strategy=query.strategy or None,
                asset=query.asset or None,
                exchange=query.exchange or None,
                time_frame=query.time_frame or None,
                status=_statuses(query.status),
                from_=bound("from", query.from_),
                to=bound("to", query.to),
                q=query.q or None,
                sort=query.sort,
                limit=query.limit,
                cursor=query.cursor or None,
            )
        )
        items = [list_item(view) for view in page.items]
        return json_response({"items": items, "nextCursor": page.next_cursor, "totalCount": page.total_count})

    return list_runs


def _statuses(text: str) -> tuple[RunStatus, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in _RUN_STATUSES:
            raise InvalidRequest("invalid_request", "status", f"{name!r} is none of {', '.join(_RUN_STATUSES)}")
    return cast("tuple[RunStatus, ...]", names)


def operations(kind: RunKind) -> tuple[Operation, ...]:
    """Those of one kind of run."""
    backtest = kind == "backtest"
    name, tag, run = kind.capitalize(), f"{kind}s", f"{collection(kind)}/{{runKey}}"
    article = "a" if backtest else "an"
    status_type = BacktestStatus if backtest else OptimizationStatus
    return (
        Operation(
            method="GET",
            path=collection(kind),
            id=f"list{name}s",
            tag=tag,
            summary=f"List {kind}s",
            handler=_list(kind),
            query=RunsQuery,
            answers={200: Answer("One page.", BacktestPage if backtest else OptimizationPage)},
            problems=("invalid_request", "store_unavailable"),
        ),
        Operation(
            method="GET",
            path=run,
            id=f"get{name}",
            tag=tag,
            summary=f"{article.capitalize()} {kind} with its newest result",
            description="`result` is that of `resultAttempt`, even while a newer attempt runs or after it failed.",
            handler=_get(kind),
            query=StoredQuery,
            answers={200: Answer("The run.", status_type)},
            problems=("invalid_request", "run_not_found", "store_unavailable"),
        ),
        Operation(
            method="DELETE",
            path=run,
            id=f"delete{name}",
            tag=tag,
            summary=f"Delete {article} {kind}",
            description="Cancels it first; its files go too.",
            handler=_delete(kind),
            query=Query,
            answers={204: Answer("Gone.")},
            problems=("invalid_request", "run_not_found", "store_unavailable"),
        ),
        Operation(
            method="GET",
            path=f"{run}/status",
            id=f"get{name}Status",
            tag=tag,
            summary=f"The status of {article} {kind}",
            description="`result` is null until Completed. `If-None-Match` with `Prefer: wait=20` waits for news.",
            handler=_status(kind),
            query=StatusQuery,
            headers={"If-None-Match": "The `ETag` seen last", "Prefer": "`wait=20`: wait so many seconds for news"},
            answers={
                200: Answer(
                    "The run as it stands.",
                    status_type,
                    headers={"ETag": "Names this state", "Retry-After": "Seconds to wait; absent once it is final"},
                ),
                304: Answer("Nothing is new."),
            },
            problems=("invalid_request", "run_not_found", "store_unavailable"),
        ),
    )
