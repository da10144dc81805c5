"""What a backtest left behind: its equity curve, its round trips, its orders."""

from typing import Final

from msgspec import UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api.asked import asset_names
from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import EquityQuery, OrdersQuery, TradesQuery
from server.api.responses import JSON, accepted, file, json_bytes, stream
from server.api.services import ApiServices
from server.contract.media import CSV, PARQUET
from server.contract.pages import OrderPage, TradePage
from server.contract.results import Equity
from server.runs.port import RunView
from server.store.orders import OrderFilter


async def _equity(services: ApiServices, request: Request) -> Response:
    query = read_query(request, EquityQuery)
    view = await services.runs.view("backtest", request.path_params["runKey"])
    attempt, live = shown_attempt(view)
    pieces = services.results.equity(
        services.runs.result_dir(view.snapshot.run_key, attempt),
        points=None if isinstance(query.points, UnsetType) else query.points,
        rows=view.snapshot.state.processed if live else None,
    )
    return await stream(pieces)


async def _trades(services: ApiServices, request: Request) -> Response:
    query = read_query(request, TradesQuery)
    view = await services.runs.view("backtest", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder, names = services.runs.result_dir(view.snapshot.run_key, attempt), asset_names(view)
    media_type = accepted(request, JSON, CSV, PARQUET)
    if media_type == CSV:
        pieces = services.results.trades_csv(folder, asset_names=names, sort=query.sort)
        return await file(pieces, f"{view.snapshot.run_key}.trades.csv", CSV)
    if media_type == PARQUET:
        pieces = services.results.trades_parquet(folder, asset_names=names, sort=query.sort)
        return await file(pieces, f"{view.snapshot.run_key}.trades.parquet", PARQUET)
    page = await services.results.trades_page(
        folder,
        asset_names=names,
        limit=query.limit,
        cursor=query.cursor or None,
        sort=query.sort,
    )
    return json_bytes(page.json(resultAttempt=attempt))


async def _orders(services: ApiServices, request: Request) -> Response:
    query = read_query(request, OrdersQuery)
    view = await services.runs.view("backtest", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    folder, names = services.runs.result_dir(view.snapshot.run_key, attempt), asset_names(view)
    wanted = OrderFilter(status=query.status or None, side=query.side or None, type=query.type or None)
    ended = view.completed is not None
    if accepted(request, JSON, CSV) == CSV:
        pieces = services.results.orders_csv(folder, asset_names=names, wanted=wanted, sort=query.sort, ended=ended)
        return await file(pieces, f"{view.snapshot.run_key}.orders.csv", CSV)
    page = await services.results.orders_page(
        folder,
        asset_names=names,
        limit=query.limit,
        wanted=wanted,
        cursor=query.cursor or None,
        sort=query.sort,
        ended=ended,
    )
    return json_bytes(page.json(resultAttempt=attempt))


def shown_attempt(view: RunView) -> tuple[int, bool]:
    """The attempt whose files are shown, and whether it still goes on: the newest completed one, else the newest."""
    if view.completed is not None:
        return view.completed.attempt, False
    return view.snapshot.run.attempt, not view.snapshot.final


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/equity",
        id="getBacktestEquity",
        tag="backtests",
        summary="The equity curve",
        description="Points of `[tsMs, equity, drawdownPct]`; while the run goes on, of the bars done so far.",
        handler=_equity,
        query=EquityQuery,
        answers={200: Answer("The curve.", Equity)},
        problems=("invalid_request", "run_not_found", "store_unavailable"),
    ),
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/trades",
        id="getBacktestTrades",
        tag="backtests",
        summary="The round trips",
        description="`Accept: text/csv` or Parquet streams all of them, without pages.",
        handler=_trades,
        query=TradesQuery,
        headers={"Accept": f"`{JSON}` (a page), `{CSV}` or `{PARQUET}` (all)"},
        answers={200: Answer("One page, or all as CSV or Parquet.", TradePage, media=(CSV, PARQUET))},
        problems=("invalid_request", "not_supported", "run_not_found", "store_unavailable"),
    ),
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/orders",
        id="getBacktestOrders",
        tag="backtests",
        summary="The orders with their fills",
        description=(
            "Filtered by `status`, `side` and `type`; none while the run goes on. `Accept: text/csv` streams all that "
            "match, without pages, the fills of each put together."
        ),
        handler=_orders,
        query=OrdersQuery,
        headers={"Accept": f"`{JSON}` (a page) or `{CSV}` (all)"},
        answers={200: Answer("One page, or all as CSV.", OrderPage, media=(CSV,))},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    ),
)
