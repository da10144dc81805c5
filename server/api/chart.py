"""The bars of a backtest with its fills on them, for a chart."""

from pathlib import Path
from typing import Final

from msgspec import UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.moments import bounds_ms
from server.api.operation import Answer, Operation
from server.api.queries import BarsQuery
from server.api.responses import stream
from server.api.services import ApiServices
from server.contract.chart import Bars
from server.data.time_frames import parse_time_frame
from server.store.chart import ChartSource, Window

_MAIN_SERIES: Final = 0


async def _bars(services: ApiServices, request: Request) -> Response:
    query = read_query(request, BarsQuery)
    from_ms, to_ms = bounds_ms(query.from_, query.to)
    view = await services.runs.view("backtest", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    shown = await services.runs.series(view.snapshot.run_key, attempt, query.series)
    source = ChartSource(
        directory=Path(shown.data.directory),
        first=shown.data.first_row,
        stop=shown.data.stop_row,
        interval_ms=parse_time_frame(shown.data.dataset.time_frame).ms,
        folder=services.runs.result_dir(view.snapshot.run_key, attempt),
        asset=shown.asset,
        plotted=query.series == _MAIN_SERIES,
    )
    window = Window(from_ms, to_ms, query.points, _names(query.indicators))
    return await stream(services.results.bars(source, window))


def _names(text: str | UnsetType) -> tuple[str, ...] | None:
    """What is asked for, None for everything."""
    if isinstance(text, UnsetType):
        return None
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/bars",
        id="getBacktestBars",
        tag="backtests",
        summary="The bars with the fills on them, for a chart",
        description=(
            "When there are more bars than `points`, a row holds several: the open of the first, the extremes, the "
            "close of the last, the volume of all. A marker is a fill, or when there are more fills than `points` the "
            "fills of one side in one row; `effect` tells what it does to the position. `indicators` are what the "
            "strategy plots: a value a row, that of its last bar, null where there is none. While the run goes on the "
            "bars are there, markers and indicators are not. Of a run over several series `series` chooses one, in "
            "the order of its `data`; indicators belong to the main one, 0."
        ),
        handler=_bars,
        query=BarsQuery,
        answers={200: Answer("The bars of a series.", Bars)},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    ),
)
