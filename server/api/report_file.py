"""The report of a finished run as one HTML file that needs no server."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.api.asked import asset_names, best_first, leading
from server.api.bodies import read_query
from server.api.operation import Answer, Handler, Operation
from server.api.queries import Query
from server.api.responses import NO_STORE, collection
from server.api.services import ApiServices
from server.contract.base import format_instant
from server.contract.pages import TradePage
from server.contract.problems import ForgeError
from server.contract.requests import RunKind
from server.contract.results import BacktestResult, Equity, OptimizationResult, Trial
from server.contract.spread import Distribution, Sample
from server.contract.surface import Surface
from server.report.backtest import BacktestReport, render_backtest
from server.report.months import MonthEnd
from server.report.optimization import OptimizationReport, render_optimization
from server.report.settings import parameters_of
from server.report.style import CONTENT_SECURITY_POLICY
from server.report.words import second
from server.runs.port import RunView
from server.store import spread, surface
from server.store.port import AttemptRecord
from server.store.trial_query import TrialQuery

MOST_TRADES: Final = 500
MOST_LEADERS: Final = 50
MOST_TRACES: Final = 20
"""Of so many different failures the stack trace of a trial is told."""
_POINTS: Final = 2_000
_BINS: Final = 40


async def _backtest(services: ApiServices, request: Request, view: RunView, shown: AttemptRecord) -> str:
    folder = services.runs.result_dir(shown.run_key, shown.attempt)
    page = await services.results.trades_page(folder, asset_names=asset_names(view), limit=MOST_TRADES)
    trades = msgspec.json.decode(page.json(resultAttempt=shown.attempt), type=TradePage)
    report = BacktestReport(
        run=shown.snapshot.run,
        result=msgspec.json.decode(await services.results.result_json(folder), type=BacktestResult),
        request=msgspec.json.decode(shown.request),
        equity=msgspec.json.decode(await _whole(services.results.equity(folder, points=_POINTS)), type=Equity),
        months=[MonthEnd(*end) for end in await services.results.month_ends(folder)],
        trades=trades.items,
        trades_total=trades.total_count,
        server=_address(request),
        made_at=_now(),
    )
    return await asyncio.to_thread(render_backtest, report)


async def _optimization(services: ApiServices, request: Request, view: RunView, shown: AttemptRecord) -> str:
    folder = services.runs.result_dir(shown.run_key, shown.attempt)
    result = msgspec.json.decode(await services.results.result_json(folder), type=OptimizationResult)
    asked = msgspec.json.decode(shown.request)
    known = {"total": shown.snapshot.state.total, "resultAttempt": shown.attempt}
    best = TrialQuery(sort=best_first(shown), status="Completed")
    spread_told = await services.trials.distribution(folder, result.sort_by, _BINS, **known)
    report = OptimizationReport(
        run=shown.snapshot.run,
        result=result,
        request=asked,
        stop_reason=shown.stop_reason,
        leaders=await _trials(services.trials.listed(folder, best, limit=MOST_LEADERS, leading=leading(shown))),
        failed=await _failed(services, folder, result),
        spread=msgspec.json.decode(spread_told, type=Distribution),
        surface=await _surface(services, shown, folder, result.sort_by, known),
        front=await _front(services, folder, asked, result, known),
        server=_address(request),
        made_at=_now(),
    )
    return await asyncio.to_thread(render_optimization, report)


async def _failed(services: ApiServices, folder: Path, result: OptimizationResult) -> list[Trial]:
    """The example of each of the most frequent failures, where there is one."""
    found = []
    for group in result.failures[:MOST_TRACES]:
        try:
            found.append(msgspec.json.decode(await services.trials.one(folder, group.example_trial_key), type=Trial))
        except ForgeError as error:
            if error.code != "not_found":
                raise
    return found


async def _surface(
    services: ApiServices, shown: AttemptRecord, folder: Path, metric: str, known: dict[str, Any]
) -> Surface | None:
    """The first two parameters that vary; None where there are no two."""
    names = parameters_of(shown.snapshot.run)
    if len(names) < 2:
        return None
    query = surface.SurfaceQuery(x=names[0], y=names[1], metric=metric, fold="best", bins=_BINS, fixed={})
    space = await services.runs.space(shown.run_key, shown.attempt)
    if not {query.x, query.y} <= set(space.names):
        return None  # the axis of several series is none of the strategy's parameters
    return msgspec.json.decode(await _whole(services.trials.surface(folder, query, space, **known)), type=Surface)


async def _front(
    services: ApiServices, folder: Path, asked: dict[str, Any], result: OptimizationResult, known: dict[str, Any]
) -> Sample | None:
    objectives = [one["metric"] for one in asked.get("objectives") or ()]
    if len(objectives) < 2 or not result.pareto_front:
        return None
    query = spread.SampleQuery(objectives, _POINTS, also=result.pareto_front)
    return msgspec.json.decode(await services.trials.sample(folder, query, **known), type=Sample)


async def _trials(pieces: AsyncIterator[bytes]) -> list[Trial]:
    return msgspec.json.decode(await _whole(pieces), type=list[Trial])


async def _whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _now() -> str:
    return second(format_instant(time.time_ns() // 1_000_000))


def _report(kind: RunKind) -> Handler:
    render = _backtest if kind == "backtest" else _optimization

    async def report(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        view = await services.runs.view(kind, request.path_params["runKey"])
        if view.completed is None:
            raise ForgeError("not_found", "This run has no result yet: there is a report once an attempt is Completed.")
        text = await render(services, request, view, view.completed)
        name = f'inline; filename="{view.snapshot.run_key}.html"'
        headers = {**NO_STORE, "Content-Disposition": name, "Content-Security-Policy": CONTENT_SECURITY_POLICY}
        return HTMLResponse(text, headers=headers)

    return report


def operation(kind: RunKind) -> Operation:
    """The report of one kind of run."""
    what = "metrics, trades" if kind == "backtest" else "the best trials, charts"
    return Operation(
        method="GET",
        path=f"{collection(kind)}/{{runKey}}/report.html",
        id=f"get{kind.capitalize()}Report",
        tag=f"{kind}s",
        summary=f"The report of {'a backtest' if kind == 'backtest' else 'an optimization'} as one HTML file",
        description=(
            f"Holds everything that it shows, and opens without network or scripts: {what}, RunKey, hashes, "
            "settings, and how to do the run again. Of the newest completed attempt."
        ),
        handler=_report(kind),
        query=Query,
        answers={200: Answer("The file.", media=("text/html",))},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    )
