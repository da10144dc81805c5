"""Bars of a run as charts read them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.data.bars import CLOSE, HIGH, LOW, OPEN, TS, VOLUME
from server.engine.outcome import FILL_DTYPE
from server.engine.tables import write_rows
from server.store.chart import ChartSource, Window, _starts
from server.store.results import ResultFiles
from tests.unit.store.runs import key_of

if TYPE_CHECKING:
    from tests.conftest import Workshop

HOUR_MS = 3_600_000
ROWS = 20_000
ALL = Window(None, None, 20_000)


@pytest.fixture
def source(workshop: "Workshop", files: ResultFiles) -> ChartSource:
    """A run over a random walk."""
    data = workshop.data(ROWS)
    folder = files.attempt_dir(key_of(1), 1, create=True)
    return ChartSource(Path(data.directory), 0, ROWS, HOUR_MS, folder)


def bars_of(source: ChartSource) -> npt.NDArray[np.int64]:
    bars: npt.NDArray[np.int64] = np.load(source.directory / "bars.npy")[:, source.first : source.stop]
    return bars


async def read(files: ResultFiles, source: ChartSource, window: Window) -> dict[str, Any]:
    """The chart that a client gets."""
    chart: dict[str, Any] = json.loads(b"".join([piece async for piece in files.bars(source, window)]))
    return chart


def write_fills(source: ChartSource, bars: list[int], quantities: list[float]) -> None:
    """Fills at the opens of these bars."""
    fills = np.zeros(len(bars), dtype=FILL_DTYPE)
    table = bars_of(source)
    fills["time"], fills["price"], fills["quantity"] = table[TS, bars], table[OPEN, bars] / 100, quantities
    write_rows(source.folder / "fills.npy", fills)


async def test_bars_come_in_quote_currency_and_units(files: ResultFiles, source: ChartSource) -> None:
    chart = await read(files, source._replace(first=7, stop=5_007), ALL)
    table = bars_of(source)[:, 7:5_007]
    assert (len(chart["rows"]), chart["interval"]) == (5_000, HOUR_MS)
    assert chart["rows"][-1] == [int(table[TS, -1]), *(table[1:, -1] / 100).tolist()]
    assert isinstance(chart["rows"][0][0], int)


@pytest.mark.parametrize("points", [2, 3, 7, 100, 1_999, 19_999])
async def test_rows_hold_all_bars_between_them(files: ResultFiles, source: ChartSource, points: int) -> None:
    chart = await read(files, source, Window(None, None, points))
    rows = np.array(chart["rows"])
    table = bars_of(source)
    assert points // 3 < len(rows) <= points
    assert (
        rows[:, TS] == np.unique(table[TS] // chart["interval"], return_index=True)[1] * HOUR_MS + table[TS, 0]
    ).all()
    assert (rows[0, OPEN], rows[-1, CLOSE]) == (table[OPEN, 0] / 100, table[CLOSE, -1] / 100)
    assert (rows[:, HIGH].max(), rows[:, LOW].min()) == (table[HIGH].max() / 100, table[LOW].min() / 100)
    assert rows[:, VOLUME].sum() == pytest.approx(table[VOLUME].sum() / 100)


async def test_rows_stay_what_they_are_when_the_window_moves(files: ResultFiles, source: ChartSource) -> None:
    times = bars_of(source)[TS].tolist()
    shown = [await read(files, source, Window(times[at], times[at + 999], 100)) for at in (3_000, 3_100)]
    rows = [{row[0]: row for row in chart["rows"][1:-1]} for chart in shown]
    both = rows[0].keys() & rows[1].keys()
    assert len(both) > 50
    assert all(rows[0][ts] == rows[1][ts] for ts in both)


async def test_few_fills_are_markers_each(files: ResultFiles, source: ChartSource) -> None:
    write_fills(source, [10, 10, 900], [1.0, 2.0, -3.0])
    chart = await read(files, source, Window(None, None, 100))
    table = bars_of(source)
    assert [(m["ts"], m["side"], m["quantity"]) for m in chart["markers"]] == [
        (int(table[TS, 10]), "buy", 1.0),
        (int(table[TS, 10]), "buy", 2.0),
        (int(table[TS, 900]), "sell", 3.0),
    ]


async def test_many_fills_become_one_marker_a_row_and_side(files: ResultFiles, source: ChartSource) -> None:
    at = list(range(0, ROWS, 2))
    write_fills(source, at, [float(1 + index % 3) * (-1) ** index for index in range(len(at))])
    chart = await read(files, source, Window(None, None, 100))
    assert len(chart["markers"]) == 2 * len(chart["rows"])
    table = bars_of(source)
    first_row = [bar for bar in at if table[TS, bar] // chart["interval"] == table[TS, 0] // chart["interval"]]
    weights = [1 + index % 3 for index in range(len(first_row))][::2]
    prices = [table[OPEN, bar] / 100 for bar in first_row[::2]]
    buy = chart["markers"][0]
    assert (buy["ts"], buy["side"], buy["quantity"]) == (int(table[TS, 0]), "buy", sum(weights))
    assert buy["price"] == pytest.approx(np.average(prices, weights=weights))


async def test_what_is_no_number_is_null_among_the_indicators(files: ResultFiles, source: ChartSource) -> None:
    values = np.arange(ROWS, dtype=np.float64)
    values[:3] = (np.nan, np.inf, -np.inf)
    table = np.zeros(ROWS, dtype=[("a", "<f8"), ("b.c", "<f8")])
    table["a"], table["b.c"] = values, values * 2
    write_rows(source.folder / "plots.npy", table)
    chart = await read(files, source, ALL)
    assert (chart["indicators"]["a"][:4], chart["indicators"]["b.c"][:4]) == (
        [None, None, None, 3],
        [None, None, None, 6],
    )
    assert [len(column) for column in chart["indicators"].values()] == [ROWS, ROWS]
    few = await read(files, source, ALL._replace(points=2, indicators=("b.c",)))
    assert few["indicators"]["b.c"][-1] == 2 * (ROWS - 1)
    assert list(few["indicators"]) == ["b.c"]


async def test_an_indicator_that_is_not_plotted_is_refused(files: ResultFiles, source: ChartSource) -> None:
    assert (await read(files, source, ALL._replace(indicators=("a",))))["indicators"] == {}
    write_rows(source.folder / "plots.npy", np.zeros(ROWS, dtype=[("a", "<f8")]))
    with pytest.raises(InvalidRequest):
        await read(files, source, ALL._replace(indicators=("b",)))


async def test_fills_of_other_assets_are_not_shown(files: ResultFiles, source: ChartSource) -> None:
    write_fills(source, [10, 20], [1.0, 1.0])
    fills = np.load(source.folder / "fills.npy")
    fills["asset"][0] = 1
    write_rows(source.folder / "fills.npy", fills)
    (marker,) = (await read(files, source, ALL))["markers"]
    assert marker["ts"] == bars_of(source)[TS, 20]


async def test_fills_within_the_last_bar_are_shown(files: ResultFiles, source: ChartSource) -> None:
    """Orders of the main asset may be matched against shorter bars than those that are shown."""
    write_fills(source, [19], [1.0])
    fills = np.load(source.folder / "fills.npy")
    fills["time"] += HOUR_MS // 2
    write_rows(source.folder / "fills.npy", fills)
    until = int(bars_of(source)[TS, 19])
    assert len((await read(files, source, Window(None, until, 100)))["markers"]) == 1
    assert (await read(files, source, Window(None, until - HOUR_MS, 100)))["markers"] == []


async def test_a_window_without_bars_is_empty(files: ResultFiles, source: ChartSource) -> None:
    write_fills(source, [10], [1.0])
    chart = await read(files, source, Window(0, 1, 100))
    assert (chart["rows"], chart["markers"], chart["interval"]) == ([], [], HOUR_MS)


async def test_a_data_set_that_is_gone_is_told(files: ResultFiles, source: ChartSource) -> None:
    with pytest.raises(ForgeError) as refusal:
        await read(files, source._replace(directory=source.directory / "gone"), ALL)
    assert refusal.value.code == "not_found"


@pytest.mark.parametrize("points", [2, 5, 1_000])
def test_gaps_longer_than_a_row_do_not_make_more_rows_than_points(points: int) -> None:
    days = np.arange(3_000, dtype=np.int64) * 86_400_000 - 86_400_000 * 500
    sessions = (days[:, None] + np.arange(3) * HOUR_MS).ravel()  # three hours a day, some before the epoch
    starts, interval_ms = _starts(sessions, HOUR_MS, points)
    assert 2 <= len(starts) <= points
    assert (sessions[starts] // interval_ms == np.unique(sessions // interval_ms)).all()


async def test_a_marker_tells_what_it_does_to_the_position(files: ResultFiles, source: ChartSource) -> None:
    write_fills(source, [1, 2, 3, 4, 5, 6, 7], [0.1, 0.2, -0.1, -0.2, -1.0, 3.0, -2.0])
    markers = (await read(files, source, ALL))["markers"]
    told = ["entry", "entry", "exit", "exit", "entry", "turn", "exit"]
    assert [marker["effect"] for marker in markers] == told
    times = bars_of(source)[TS].tolist()
    later = await read(files, source, Window(times[3], times[6], 100))
    assert [marker["effect"] for marker in later["markers"]] == told[2:6]
    merged = (await read(files, source, Window(None, None, 2)))["markers"]
    assert [marker["effect"] for marker in merged] == [None, None]


async def test_merged_markers_keep_an_effect_that_they_share(files: ResultFiles, source: ChartSource) -> None:
    write_fills(source, [1, 2, 3], [1.0, 2.0, 3.0])
    merged = (await read(files, source, Window(None, None, 2)))["markers"]
    assert [(marker["effect"], marker["quantity"]) for marker in merged] == [("entry", 6.0)]


async def test_another_series_has_the_fills_of_its_asset_and_no_indicators(
    files: ResultFiles, source: ChartSource
) -> None:
    write_fills(source, [10, 20], [1.0, 2.0])
    fills = np.load(source.folder / "fills.npy")
    fills["asset"][1] = 1
    write_rows(source.folder / "fills.npy", fills)
    write_rows(source.folder / "plots.npy", np.zeros(ROWS, dtype=[("a", "<f8")]))
    chart = await read(files, source._replace(asset=1, plotted=False), ALL)
    assert [marker["quantity"] for marker in chart["markers"]] == [2.0]
    assert chart["indicators"] == {}
