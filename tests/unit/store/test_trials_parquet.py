"""Trials as a Parquet file."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.store.merged_trials import merge_trials
from server.store.results import ResultFiles
from server.store.trial_files import write_chunk
from server.store.trial_query import TrialQuery
from server.store.trials_parquet import write_parquet
from tests.unit.store.chunks import a_chunk
from tests.unit.store.trials import text_of, write_trials


def read(folder: Path, query: TrialQuery) -> pa.Table:
    """What would be sent."""
    path = folder.parent / "written.parquet"
    write_parquet(folder, query, path)
    return pq.read_table(path)


@pytest.mark.parametrize("merged", [False, True])
async def test_parquet_holds_every_trial_as_pages_do(files: ResultFiles, folder: Path, merged: bool) -> None:
    for first in (20, 0):
        write_trials(folder, first, first + 20)
    if merged:
        assert merge_trials(folder)
    query = TrialQuery("-sharpeRatio", bounds=(("netProfit", 1.0),))
    told = json.loads(await text_of(files.trials.listed(folder, query, limit=None)))
    rows = read(folder, query).to_pylist()
    for row, trial in zip(rows, told, strict=True):
        assert row == {
            **{name: trial[name] for name in ("trialKey", "index", "status", "fitness", "durationMs", "reused")},
            **trial["parameters"],
            **trial["metrics"],
            "errorMessage": trial["errorMessage"],
        }
        assert isinstance(row["totalTrades"], int)
    assert any(row["sharpeRatio"] is None for row in rows)


def test_what_is_undefined_is_null(folder: Path) -> None:
    write_chunk(folder, a_chunk(range(4), failed={2}, duration_ms=float("nan")))
    table = read(folder, TrialQuery())
    assert table["errorMessage"].to_pylist() == [None, None, "boom 2", None]
    assert table["netProfit"].to_pylist() == [0.0, 1.0, None, 3.0]
    assert table["totalTrades"].type == pa.int64()
    assert table["totalTrades"].null_count == table["durationMs"].null_count == 4


def test_whole_numbers_of_one_chunk_are_floats_beside_others(folder: Path) -> None:
    write_chunk(folder, a_chunk([0, 1], parameters={"width": [1, 2], "mode": ["a", "b"]}))
    write_chunk(folder, a_chunk([2, 3], parameters={"width": [0.5, 1.5], "mode": ["longer", "b"]}))
    table = read(folder, TrialQuery())
    assert table["width"].to_pylist() == [1.0, 2.0, 0.5, 1.5]
    assert table["mode"].to_pylist() == ["a", "b", "longer", "b"]


def test_a_file_without_rows_has_its_columns(folder: Path) -> None:
    assert read(folder, TrialQuery("-netProfit")).num_rows == 0
    write_trials(folder, 0, 4)
    table = read(folder, TrialQuery(status="TimedOut"))
    assert table.num_rows == 0
    assert {"trialKey", "fastPeriod", "netProfit", "errorMessage"} <= set(table.column_names)


async def test_nothing_is_left_of_a_file_that_was_sent(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 4)
    pieces = files.trials.parquet(folder, TrialQuery("-index"))
    beginning = await anext(pieces)
    assert [path.name for path in folder.iterdir()] == ["trials-000000000.npz"]
    sent = pq.read_table(pa.BufferReader(b"".join([beginning, *[piece async for piece in pieces]])))
    assert sent == read(folder, TrialQuery("-index"))


async def test_what_cannot_be_written_is_told_before_anything_is_sent(files: ResultFiles, folder: Path) -> None:
    write_trials(folder, 0, 4)
    with pytest.raises(InvalidRequest, match="nonsense"):
        await anext(files.trials.parquet(folder, TrialQuery("nonsense")))
    (folder / "trials-000000004.npz").write_bytes(b"half a file")
    with pytest.raises(ForgeError) as refusal:
        await anext(files.trials.parquet(folder, TrialQuery()))
    assert refusal.value.code == "store_unavailable"


async def test_a_server_without_pyarrow_says_so(
    files: ResultFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trials(folder, 0, 4)
    monkeypatch.setattr("server.store.export.find_spec", lambda _: None)
    with pytest.raises(ForgeError, match="algotradeforge") as refusal:
        await anext(files.trials.parquet(folder, TrialQuery()))
    assert refusal.value.code == "not_supported"
