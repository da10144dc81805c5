"""Result files as clients read them."""

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.contract.results import METRIC_NAMES, Metrics
from server.engine.tables import EQUITY_DTYPE, OPEN, ROUND_TRIP_DTYPE, write_atomically, write_rows
from server.optimization.trial_table import EndedTrial, TrialFailure, TrialTable
from server.store.encoded_page import EncodedPage
from server.store.results import ResultFiles
from server.store.trial_files import chunk_name
from server.store.trial_query import TrialQuery
from tests.unit.store.runs import key_of


@pytest.fixture
def files(tmp_path: Path) -> ResultFiles:
    return ResultFiles(tmp_path / "results")


@pytest.fixture
def folder(files: ResultFiles) -> Path:
    """The folder of an attempt."""
    return files.attempt_dir(key_of(1), 1, create=True)


async def text_of(pieces: AsyncIterator[bytes]) -> str:
    return b"".join([piece async for piece in pieces]).decode()


def profit_of(index: int) -> float | None:
    return None if index % 4 == 0 else float(index % 5)


def write_trials(folder: Path, first: int, stop: int) -> None:
    """Trials whose profits repeat, undefined in every fourth; every sixth failed."""
    table = TrialTable({"fastPeriod": "fast_period", "mode": "mode"})
    for index in range(first, stop):
        failed = index % 6 == 5
        known = {**dict.fromkeys(METRIC_NAMES, 0), "netProfit": index % 5, "sharpeRatio": profit_of(index)}
        table.add(
            EndedTrial(
                index=index,
                trial_key=f"{index:024x}",
                parameters={"fastPeriod": index, "mode": "long" if index % 2 else "short, or naïve"},
                status="Failed" if failed else "Completed",
                duration_ms=1.5,
                metrics=None if failed else msgspec.convert(known, Metrics),
                fitness=None if failed else -float(index),
                failure=TrialFailure("it broke", "Traceback\n  line") if failed else None,
            )
        )
    table.write(folder / chunk_name(first), "f" * 24)


async def page_of(
    files: ResultFiles, folder: Path, *, limit: int, cursor: str | None = None, **query: Any
) -> EncodedPage:
    return await files.trials.page(folder, TrialQuery(**query), limit=limit, cursor=cursor)


async def walk(files: ResultFiles, folder: Path, **query: Any) -> list[int]:
    """The indices of all trials that a client sees who follows the cursors."""
    seen: list[int] = []
    page = await page_of(files, folder, **query)
    while True:
        seen += [trial["index"] for trial in json.loads(page.items)]
        if page.next_cursor is None:
            assert page.total_count == len(seen)
            return seen
        page = await page_of(files, folder, cursor=page.next_cursor, **query)


@pytest.mark.parametrize("sort", ["index", "-index", "sharpeRatio", "-sharpeRatio", "-fitness", "mode", "-fastPeriod"])
async def test_pages_of_trials_hold_each_once_and_in_order(files: ResultFiles, folder: Path, sort: str) -> None:
    for first in (0, 20, 40):
        write_trials(folder, first, first + 20)
    whole = [
        trial["index"] for trial in json.loads(await text_of(files.trials.listed(folder, TrialQuery(sort), limit=None)))
    ]
    assert sorted(whole) == list(range(60))
    assert await walk(files, folder, sort=sort, limit=7) == whole
    assert await walk(files, folder, sort=sort, limit=60) == whole


async def test_trials_may_come_while_pages_are_read(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 20, 40)
    first = await page_of(files, folder, sort="index", limit=5)
    assert first.next_cursor is not None
    write_trials(folder, 0, 20)
    write_trials(folder, 40, 50)
    second = await page_of(files, folder, sort="index", limit=50, cursor=first.next_cursor)
    assert [trial["index"] for trial in json.loads(second.items)] == list(range(25, 50))


async def test_a_chunk_that_was_tried_again_is_read_again(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 5)
    assert (await page_of(files, folder, limit=1)).total_count == 5
    write_trials(folder, 0, 8)
    assert (await page_of(files, folder, limit=1)).total_count == 8


async def test_a_trial_is_told_with_its_metrics_or_its_failure(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 4, 6)
    good, bad = json.loads((await page_of(files, folder, limit=2)).items)
    assert good["parameters"] == {"fastPeriod": 4, "mode": "short, or naïve"}
    assert (good["status"], good["metrics"]["netProfit"], good["metrics"]["sharpeRatio"]) == ("Completed", 4, None)
    assert isinstance(good["metrics"]["totalTrades"], int)
    assert (bad["status"], bad["metrics"], bad["fitness"]) == ("Failed", None, None)
    assert (bad["errorMessage"], bad["errorStackTrace"]) == ("it broke", "Traceback\n  line")


async def test_trials_are_filtered_by_status(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 20)
    assert await walk(files, folder, sort="-index", status="Failed", limit=2) == [17, 11, 5]
    assert len(await walk(files, folder, status="Completed", limit=4)) == 17
    assert await walk(files, folder, status="TimedOut", limit=4) == []


async def test_csv_holds_every_trial_in_columns(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 600)
    rows = list(csv.DictReader(io.StringIO(await text_of(files.trials.csv(folder, TrialQuery())))))
    assert [int(row["index"]) for row in rows] == list(range(600))
    assert rows[2]["mode"] == "short, or naïve"
    assert rows[5]["errorMessage"] == "it broke"
    assert rows[0]["sharpeRatio"] == ""


async def test_unknown_columns_and_foreign_cursors_are_refused(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 5)
    cursor = (await page_of(files, folder, limit=2)).next_cursor
    other = files.attempt_dir(key_of(2), 1, create=True)
    write_trials(other, 0, 5)
    queries: list[tuple[Path, dict[str, Any]]] = [
        (folder, {"sort": "nonsense"}),
        (folder, {"sort": "param:fast_period"}),
        (folder, {"cursor": "W10"}),
        (folder, {"cursor": cursor, "sort": "-index"}),
        (other, {"cursor": cursor}),
    ]
    for place, query in queries:
        with pytest.raises(InvalidRequest):
            await page_of(files, place, limit=2, **query)


async def test_a_sweep_without_finished_trials_has_an_empty_page(files: ResultFiles, folder: Path) -> None:
    page = await page_of(files, folder, limit=10, sort="-sharpeRatio")
    assert (page.items, page.next_cursor, page.total_count) == (b"[]", None, 0)
    assert json.loads(await text_of(files.trials.listed(folder, TrialQuery("-fitness"), limit=10))) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
async def test_a_broken_chunk_is_told_as_such(files: ResultFiles, folder: Path, content: bytes) -> None:
    (folder / "trials-000000000.npz").write_bytes(content)
    with pytest.raises(ForgeError, match="trials-000000000") as refusal:
        await page_of(files, folder, limit=10)
    assert refusal.value.code == "store_unavailable"


async def test_a_result_that_is_not_there_is_not_found(files: ResultFiles, folder: Path) -> None:
    with pytest.raises(ForgeError) as refusal:
        await files.result_json(folder)
    assert refusal.value.code == "not_found"


async def test_a_curve_keeps_its_extremes_when_it_is_thinned(files: ResultFiles, folder: Path) -> None:
    rows = np.zeros(100_000, dtype=EQUITY_DTYPE)
    rows["ts"] = 1 + np.arange(len(rows))
    rows["equity"] = 1000.0
    rows["equity"][[17_321, 70_001]] = 5000.0, 3.0
    rows["drawdown"][70_002] = -99.0
    write_rows(folder / "equity.npy", rows)
    told = json.loads(await text_of(files.equity(folder, points=200)))
    assert told["total"] == 100_000
    assert len(told["points"]) <= 200
    times = [point[0] for point in told["points"]]
    assert times == sorted(times)
    assert {1, 17_322, 70_002, 70_003, 100_000} <= set(times)
    assert len(json.loads(await text_of(files.equity(folder)))["points"]) == 100_000


@pytest.mark.parametrize("points", [1, 2, 3, 4, 5, 6])
async def test_few_points_are_few_points(files: ResultFiles, folder: Path, points: int) -> None:
    rows = np.zeros(5, dtype=EQUITY_DTYPE)
    rows["ts"] = 1 + np.arange(5)
    write_rows(folder / "equity.npy", rows)
    told = json.loads(await text_of(files.equity(folder, points=points)))
    assert told["points"][-1][0] == 5
    assert len(told["points"]) <= points


async def test_a_curve_that_grows_shows_what_is_there(files: ResultFiles, folder: Path) -> None:
    assert json.loads(await text_of(files.equity(folder))) == {"points": [], "total": 0}
    (folder / "equity.live.npy").touch()
    assert json.loads(await text_of(files.equity(folder))) == {"points": [], "total": 0}
    rows = np.zeros(10, dtype=EQUITY_DTYPE)
    rows["ts"][:4] = 1, 2, 3, 4
    np.save(folder / "equity.live.npy", rows)
    assert json.loads(await text_of(files.equity(folder)))["total"] == 4
    for done, total in ((9, 4), (3, 3)):  # of all series, of which the curve has only the main one's
        assert json.loads(await text_of(files.equity(folder, rows=done)))["total"] == total
    assert json.loads(await text_of(files.equity(folder, rows=3)))["total"] == 3


async def test_round_trips_are_paged_and_open_ones_end_nowhere(files: ResultFiles, folder: Path) -> None:
    rows = np.zeros(25, dtype=ROUND_TRIP_DTYPE)
    rows["entry_time"] = np.arange(25) // 2 * 1000  # some share their instant
    rows["exit_time"] = rows["entry_time"] + 500
    rows["profit"] = np.arange(25) % 3
    rows["side"] = 1
    rows["exit_time"][24], rows["exit_price"][24], rows["exit_reason"][24], rows["side"][24] = OPEN, np.nan, 5, -1
    write_rows(folder / "trades.npy", rows)
    for sort in ("entryTime", "-entryTime", "profit", "-profit"):
        seen: list[dict[str, Any]] = []
        cursor = None
        while cursor is not None or not seen:
            page = await files.trades_page(folder, asset_names=["ACME"], limit=4, cursor=cursor, sort=sort)
            seen += json.loads(page.items)
            cursor = page.next_cursor
        whole = await files.trades_page(folder, asset_names=["ACME"], limit=500, sort=sort)
        assert json.loads(whole.items) == seen
        assert len(seen) == whole.total_count == 25
    last = [trip for trip in seen if trip["exitTime"] is None]
    assert [(trip["exitPrice"], trip["exitReason"], trip["side"]) for trip in last] == [(None, "open", "short")]
    with pytest.raises(InvalidRequest):
        await files.trades_page(folder, asset_names=["ACME"], limit=4, sort="assetName")


async def test_trades_of_a_run_that_goes_on_are_an_empty_page(files: ResultFiles, folder: Path) -> None:
    page = await files.trades_page(folder, asset_names=["ACME"], limit=4)
    assert (page.items, page.total_count) == (b"[]", 0)


async def test_files_of_a_run_go_and_those_of_others_stay(files: ResultFiles, folder: Path) -> None:
    other = files.attempt_dir(key_of(2), 1, create=True)
    for place in (folder, other):
        write_atomically(place / "result.json", b"{}")
    await files.remove(key_of(1))
    await files.remove(key_of(3))
    assert [path.name for path in folder.parents[1].iterdir()] == [key_of(2)]
    assert await files.result_json(other) == b"{}"


@pytest.mark.parametrize("run_key", ["..", "../x", "a/b", "", ".hidden", "x\x00", "x" * 200, "/etc"])
async def test_a_key_that_is_none_names_no_folder(files: ResultFiles, run_key: str) -> None:
    with pytest.raises(ValueError):
        files.attempt_dir(run_key, 1)
    with pytest.raises(ValueError):
        await files.remove(run_key)
