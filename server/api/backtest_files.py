"""What a backtest left behind: its equity curve, its round trips."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.operation import Answer, Operation
from server.api.queries import EquityQuery, TradesQuery
from server.api.services import ApiServices
from server.contract.pages import TradePage
from server.contract.problems import ForgeError
from server.contract.results import Equity


async def _equity(services: ApiServices, request: Request) -> Response:
    read_query(request, EquityQuery)
    raise ForgeError("not_supported", "soon")


async def _trades(services: ApiServices, request: Request) -> Response:
    read_query(request, TradesQuery)
    raise ForgeError("not_supported", "soon")


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/equity",
        id="getBacktestEquity",
        tag="backtests",
        summary="The equity curve",
        description="Points of `[tsMs, equity, drawdownPct]`; none before the run has saved its curve.",
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
        handler=_trades,
        query=TradesQuery,
        answers={200: Answer("One page.", TradePage)},
        problems=("invalid_request", "run_not_found", "store_unavailable"),
    ),
)
