"""Trials as clients read them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.engine.tables import CURVES_PREFIX, EQUITY_DTYPE, TOTAL, write_columns
from server.store.results import ResultFiles
from server.store.trial_query import TrialQuery
from tests.unit.store.runs import key_of
from tests.unit.store.trials import page_of, text_of, walk, write_trials


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


async def test_trials_are_filtered_by_bounds_which_undefined_metrics_miss(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 20)
    bounds = (("sharpeRatio", 2.0), ("netProfit", 3.0))
    assert await walk(files, folder, sort="-sharpeRatio", bounds=bounds, limit=2) == [9, 14, 19, 3, 13, 18]
    first = await page_of(files, folder, limit=2, bounds=bounds)
    with pytest.raises(InvalidRequest, match="cursor"):
        await page_of(files, folder, limit=2, bounds=bounds[:1], cursor=first.next_cursor)


@pytest.mark.parametrize("limit", [None, 0, 2, 5, 12, 20])
async def test_those_that_keep_bounds_lead_when_asked(files: ResultFiles, folder: Path, limit: int | None) -> None:
    write_trials(folder, 0, 20)
    told = await text_of(
        files.trials.listed(folder, TrialQuery("-index"), limit=limit, leading=(("netProfit", 3.0), ("turnover", 0.0)))
    )
    leading = [index for index in range(19, -1, -1) if index % 6 != 5 and index % 5 >= 3]
    others = [index for index in range(19, -1, -1) if index not in leading]
    assert [trial["index"] for trial in json.loads(told)] == [*leading, *others][:limit]


async def test_the_kept_curve_of_a_trial_is_read(files: ResultFiles, folder: Path) -> None:
    rows = np.zeros(30, dtype=EQUITY_DTYPE)
    rows["ts"] = np.arange(30)
    for key in ("b" * 24, "a" * 24):
        write_columns(folder / f"{CURVES_PREFIX}{key}.npz", {key: rows, key + TOTAL: np.array(1_000)})
    told = json.loads(await text_of(files.trials.equity(folder, "a" * 24)))
    assert (len(told["points"]), told["total"]) == (30, 1_000)
    few = json.loads(await text_of(files.trials.equity(folder, "a" * 24, points=2)))
    assert ([point[0] for point in few["points"]], few["total"]) == ([0, 29], 1_000)


@pytest.mark.parametrize("trial_key", ["b" * 24, "", "..", "../../etc/passwd", "x" * 5_000, "\x00"])
async def test_a_trial_without_a_curve_is_not_found(files: ResultFiles, folder: Path, trial_key: str) -> None:
    write_columns(folder / f"{CURVES_PREFIX}{'a' * 24}.npz", {"a" * 24: np.zeros(1), "a" * 24 + TOTAL: np.array(1)})
    with pytest.raises(ForgeError) as refusal:
        await text_of(files.trials.equity(folder, trial_key))
    assert refusal.value.code == "not_found"


async def test_a_broken_curve_is_told_as_such(files: ResultFiles, folder: Path) -> None:
    (folder / f"{CURVES_PREFIX}{'a' * 24}.npz").write_bytes(b"half a file")
    with pytest.raises(ForgeError, match="curves-a") as refusal:
        await text_of(files.trials.equity(folder, "a" * 24))
    assert refusal.value.code == "store_unavailable"
