"""Result files as clients read them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.engine.tables import EQUITY_DTYPE, OPEN, ROUND_TRIP_DTYPE, write_atomically, write_rows
from server.store.results import ResultFiles
from tests.unit.store.runs import key_of
from tests.unit.store.trials import text_of


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
