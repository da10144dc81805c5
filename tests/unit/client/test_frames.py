"""The tables of a run as data frames, of what a server answers."""

from typing import TYPE_CHECKING, cast

import pytest

from server.client.frames import AsyncFrames, _order_columns, _trial_columns
from server.client.libraries import Column
from server.client.moments import Moment, moment_ms
from server.contract.chart import Bars
from tests.states import RUN

if TYPE_CHECKING:
    from server.client.asynchronous import AsyncForge
    from server.contract.base import ParamValue

HOUR_MS = 3_600_000
TRIAL = ["trialKey", "index", "status", "fitness", "durationMs", "reused"]


class Chart:
    """A server with hourly bars at these hours, which puts bars together as the real one does."""

    def __init__(self, hours: list[int]) -> None:
        self._bars = [hour * HOUR_MS for hour in hours]
        self.asked = 0

    async def bars(self, run: str, *, from_: str | None = None, to: str | None = None, points: int) -> Bars:
        """The opens of the bars within the bounds; the close tells how many are put together."""
        self.asked += 1
        low = self._bars[0] if from_ is None else moment_ms(from_)
        high = self._bars[-1] if to is None else moment_ms(to)
        found = [ts for ts in self._bars if low <= ts <= high]
        spans = max(1, -(-len(found) // points))
        rows: dict[int, list[int]] = {}
        for ts in found:
            rows.setdefault(ts // (spans * HOUR_MS), []).append(ts)
        return Bars(
            columns=[],
            rows=[(row[0], 1.0, 1.0, 1.0, float(len(row)), 1.0) for row in rows.values()],
            interval=spans * HOUR_MS,
            markers=[],
            indicators={"slowLine": [None] * len(rows)},
        )


async def hours_of(chart: Chart, *, bar_rows: int, from_: Moment | None = None, to: Moment | None = None) -> list[int]:
    """The hours of the bars of a frame, none of which are put together."""
    frames = AsyncFrames(cast("AsyncForge", chart), bar_rows=bar_rows)
    frame = await frames.bars(RUN, from_=from_, to=to, library="polars")
    assert frame.columns == ["time", "open", "high", "low", "close", "volume", "slow_line"]
    assert set(frame["close"]) <= {1.0}
    return [int(time.timestamp() * 1000) // HOUR_MS for time in frame["time"]]


async def test_bars_that_one_answer_holds_are_asked_for_once() -> None:
    chart = Chart(list(range(50)))
    assert await hours_of(chart, bar_rows=50) == list(range(50))
    assert chart.asked == 2  # once more for how long a bar is


async def test_more_bars_than_one_answer_holds_come_window_by_window() -> None:
    hours = [*range(7, 40), *range(60, 95), 300]
    assert await hours_of(Chart(hours), bar_rows=10) == hours


async def test_windows_end_where_they_were_told_to() -> None:
    chart = Chart(list(range(100)))
    assert await hours_of(chart, bar_rows=10, from_="1970-01-01T05:00:00Z", to="1970-01-02") == list(range(5, 48))


async def test_no_bars_are_an_empty_frame() -> None:
    assert await hours_of(Chart(list(range(10))), bar_rows=10, from_="1980-01-01", to="1980-01-02") == []


def test_parameters_have_the_types_of_the_strategy() -> None:
    parameters: dict[str, ParamValue] = {"fastPeriod": 5, "share": 1.0, "isLong": True, "mode": "1"}
    columns = _trial_columns(parameters, [*TRIAL, *parameters, "netProfit", "totalTrades", "errorMessage"])
    assert list(columns) == [
        *("trial_key", "index", "status", "fitness", "duration_ms", "reused"),
        *("fast_period", "share", "is_long", "mode", "net_profit", "total_trades", "error_message"),
    ]
    chosen = [columns[name] for name in ("fast_period", "share", "is_long", "mode", "total_trades")]
    assert chosen == [Column.INT, Column.FLOAT, Column.BOOL, Column.TEXT, Column.INT]


def test_a_parameter_that_is_named_as_a_figure_is_told_apart() -> None:
    columns = _trial_columns({"index": 5, "turnover": 1.0}, [*TRIAL, "index", "turnover", "turnover"])
    assert list(columns)[6:] == ["parameter_index", "parameter_turnover", "turnover"]


def test_columns_of_later_versions_are_texts() -> None:
    assert _order_columns(["orderId", "somethingNew"]) == {"order_id": Column.INT, "something_new": Column.TEXT}


@pytest.mark.parametrize(
    ("name", "kind"), [("lastFillTime", Column.INSTANT), ("group", Column.INT), ("limitPrice", Column.FLOAT)]
)
def test_what_may_be_undefined_has_the_type_of_what_it_is_otherwise(name: str, kind: Column) -> None:
    (found,) = _order_columns([name]).values()
    assert found is kind
