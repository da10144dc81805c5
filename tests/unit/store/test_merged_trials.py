"""Trials that were put together after their sweep ended."""

import json
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from server.contract.problems import ForgeError
from server.store.keyset import next_rows
from server.store.merged_trials import MERGED, merge_trials, read_merged
from server.store.results import ResultFiles
from server.store.trial_chunks import TrialChunks
from server.store.trial_files import chunk_paths, read_chunk, write_chunk
from server.store.trial_orders import falling_order, rising_order
from server.store.trial_query import TrialQuery
from tests.unit.store.chunks import a_chunk
from tests.unit.store.trials import page_of, text_of, walk, write_trials

SORTS = ("index", "netProfit", "sharpeRatio", "fitness", "mode", "fastPeriod", "durationMs")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"status": "Failed"},
    {"bounds": (("sharpeRatio", 2.0),)},
    {"status": "Completed", "bounds": (("netProfit", 9.0),)},
)


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
async def test_merged_trials_are_read_as_those_of_chunks(files: ResultFiles, folder: Path, sort: str) -> None:
    for first in (20, 0, 40):
        write_trials(folder, first, first + 20)
    queries = [{"sort": sort, **filters} for filters in FILTERS]
    before = [await text_of(files.trials.listed(folder, TrialQuery(**query), limit=None)) for query in queries]
    assert merge_trials(folder)
    assert not chunk_paths(folder)
    for query, whole in zip(queries, before, strict=True):
        assert await text_of(files.trials.listed(folder, TrialQuery(**query), limit=None)) == whole
        indices = [trial["index"] for trial in json.loads(whole)]
        assert await walk(files, folder, limit=7, **query) == indices


@pytest.mark.parametrize("sort", ["-sharpeRatio", "mode"])
async def test_pages_go_on_where_they_were_when_trials_are_merged(files: ResultFiles, folder: Path, sort: str) -> None:
    write_trials(folder, 0, 40)
    whole = await walk(files, folder, sort=sort, limit=40)
    first = await page_of(files, folder, sort=sort, limit=9)
    assert merge_trials(folder)
    second = await page_of(files, folder, sort=sort, limit=31, cursor=first.next_cursor)
    seen = json.loads(first.items) + json.loads(second.items)
    assert [trial["index"] for trial in seen] == whole


async def test_matches_that_are_rare_and_far_are_found(files: ResultFiles, folder: Path) -> None:
    write_chunk(folder, a_chunk(range(100_000)))
    assert merge_trials(folder)
    seen = await walk(files, folder, sort="netProfit", bounds=(("netProfit", 99_993.0),), limit=3)
    assert seen == list(range(99_993, 100_000))


@given(st.lists(st.one_of(st.integers(0, 5).map(float), st.just(float("nan"))), max_size=40))
def test_prepared_orders_are_those_of_pages(listed: list[float]) -> None:
    values = np.array(listed)
    rising = rising_order(values)
    for falling, order in ((False, rising), (True, falling_order(values, rising))):
        whole = next_rows(values, np.arange(len(values)), falling=falling, limit=len(values))
        assert order.tolist() == whole.tolist()


def test_failures_are_told_apart_over_all_chunks(folder: Path) -> None:
    for first in (0, 10):
        write_chunk(folder, a_chunk(range(first, first + 10), failed={first + 2, first + 5}, timed_out={first + 7}))
    assert merge_trials(folder)
    merged = read_merged(folder)
    told = {
        index: merged.errors[place].message
        for index, place in zip(merged.index.tolist(), merged.error.tolist(), strict=True)
        if place >= 0
    }
    assert told == {index: f"boom {index}" for index in (2, 5, 7, 12, 15, 17)}


@pytest.mark.parametrize("rest", [b"", b"half a file"])
async def test_what_cannot_be_merged_stays_in_chunks(files: ResultFiles, folder: Path, rest: bytes) -> None:
    write_chunk(folder, a_chunk(range(5)))
    (folder / "trials-000000005.npz").write_bytes(rest)
    assert not merge_trials(folder)
    assert [path.name for path in sorted(folder.iterdir())] == ["trials-000000000.npz", "trials-000000005.npz"]


def test_nothing_is_merged_where_a_run_was_deleted(folder: Path) -> None:
    assert not merge_trials(folder)
    folder.rmdir()
    assert not merge_trials(folder)
    assert not folder.exists()


def test_what_a_merge_left_that_was_killed_is_made_anew(folder: Path) -> None:
    write_chunk(folder, a_chunk(range(5)))
    (folder / ".trials.tmp").mkdir()
    (folder / ".trials.tmp" / "index.npy").write_bytes(b"half a file")
    assert merge_trials(folder)
    assert [path.name for path in folder.iterdir()] == [MERGED]
    assert read_merged(folder).index.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("name", "content"), [("about.json", None), ("orders.npy", None), ("index.npy", b"broken")])
async def test_merged_trials_that_are_damaged_are_told_as_such(
    files: ResultFiles, folder: Path, name: str, content: bytes | None
) -> None:
    write_chunk(folder, a_chunk(range(5)))
    assert merge_trials(folder)
    if content is None:
        (folder / MERGED / name).unlink()
    else:
        (folder / MERGED / name).write_bytes(content)
    with pytest.raises(ForgeError) as refusal:
        await page_of(files, folder, limit=3)
    assert refusal.value.code == "store_unavailable"


def test_merged_trials_are_copied_like_others(folder: Path) -> None:
    write_chunk(folder, a_chunk(range(8), failed={3}))
    (path,) = chunk_paths(folder)
    rows = np.array([1, 3, 6])
    before = read_chunk(path).pick(rows)
    assert merge_trials(folder)
    after = read_merged(folder).pick(rows)
    assert after.errors == before.errors
    assert after.index.tolist() == before.index.tolist()
    assert np.array_equal(after.metrics, before.metrics, equal_nan=True)


def test_chunks_are_not_kept_beside_merged_trials(folder: Path) -> None:
    chunks = TrialChunks()
    write_chunk(folder, a_chunk(range(8)))
    assert len(chunks.read(folder)) == 8
    assert chunks.nbytes > 0
    assert merge_trials(folder)
    assert len(chunks.read(folder)) == 8
    assert chunks.nbytes == 0
