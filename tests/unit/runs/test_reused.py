"""Which trials of earlier runs a sweep does not run again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from server.contract.base import ParamValue
from server.contract.results import METRIC_NAMES
from server.engine.tables import write_atomically
from server.optimization.equivalents import Groups
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.runs.earlier import Earlier
from server.runs.reused import FILE_ROWS, take_over
from server.runs.stored_trials import find_stored
from server.store.merged_trials import merge_trials
from server.store.trial_files import chunk_paths, read_chunk, write_chunk
from server.store.trial_set import TrialSet
from tests.unit.store.chunks import FAMILY, a_chunk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of an earlier attempt."""
    made = tmp_path / "earlier"
    made.mkdir()
    return made


def space(*values: ParamValue) -> Space:
    return Space(names=["fast"], values=[list(values)])


def sweep(folder: Path, *, same_run: bool = False) -> Earlier:
    return Earlier(folder=str(folder), kind="optimization", same_run=same_run)


def found(earlier: Sequence[Earlier], wanted: Space, **options: Any) -> list[int]:
    return list(find_stored(earlier, FAMILY, wanted, **options).sets)


def write_backtest(folder: Path, parameters: dict[str, ParamValue], profit: float = 7.0) -> None:
    metrics = {**dict.fromkeys(METRIC_NAMES, 0), "netProfit": profit, "sharpeRatio": None}
    result = {"trialKey": "k" * 24, "parameters": parameters, "metrics": metrics, "simulateMs": 0.5, "other": []}
    write_atomically(folder / "result.json", msgspec.json.encode(result))


def test_trials_are_found_by_the_values_of_their_parameters(folder: Path) -> None:
    write_chunk(folder, a_chunk([3, 4, 5, 6], parameters={"fast": [10, 20, 30, 40]}))
    assert found([sweep(folder)], space(40, 25, 20, 30)) == [0, 2, 3]


def test_every_parameter_has_to_be_the_same(folder: Path) -> None:
    columns: dict[str, list[Any]] = {
        "fast": [1, 2, 2],
        "rate": [0.5, 0.25, 0.5],
        "mode": ["long", "short", "long"],
        "hedge": [True] * 3,
    }
    write_chunk(folder, a_chunk([0, 1, 2], parameters=columns))
    wanted = Space(
        names=["fast", "rate", "mode", "hedge"], values=[[2, 1], [0.5, 0.1], ["short", "long"], [False, True]]
    )
    assert found([sweep(folder)], wanted) == [
        wanted.index_of({"fast": 2, "rate": 0.5, "mode": "long", "hedge": True}),
        wanted.index_of({"fast": 1, "rate": 0.5, "mode": "long", "hedge": True}),
    ]


def test_trials_of_another_family_are_others(folder: Path) -> None:
    write_chunk(folder, a_chunk([0, 1], family="0" * 24))
    write_chunk(folder, a_chunk([2, 3]))
    assert found([sweep(folder)], space(0, 1, 2, 3)) == [2, 3]


def test_what_raised_would_raise_again_but_what_was_lost_or_late_may_end_otherwise(folder: Path) -> None:
    write_chunk(folder, a_chunk([0, 1], failed={1}))
    write_chunk(folder, a_chunk([2], failed={2}, duration_ms=np.nan))
    write_chunk(folder, a_chunk([3], timed_out={3}, duration_ms=2000.0))
    wanted = space(0, 1, 2, 3)
    assert found([sweep(folder)], wanted, trial_timeout_s=2.0) == [0, 1]
    assert found([sweep(folder, same_run=True)], wanted, trial_timeout_s=2.0) == [0, 1, 2, 3]
    assert found([sweep(folder, same_run=True)], wanted, trial_timeout_s=2.5) == [0, 1, 2]
    assert found([sweep(folder, same_run=True)], wanted) == [0, 1, 2]


def test_a_completed_backtest_is_a_trial(folder: Path, tmp_path: Path) -> None:
    write_backtest(folder, {"fast": 2})
    backtest = Earlier(folder=str(folder), kind="backtest", same_run=False)
    gone = Earlier(folder=str(tmp_path / "gone"), kind="backtest", same_run=False)
    stored = find_stored([gone, backtest], FAMILY, space(1, 2))
    assert stored.sets.tolist() == [1]
    ((chunk, row),) = stored.trials.locate(stored.rows)
    assert chunk.trial_key[row] == b"k" * 24
    assert chunk.metrics[row, METRIC_NAMES.index("netProfit")] == 7.0
    assert np.isnan(chunk.metrics[row, METRIC_NAMES.index("sharpeRatio")])


def test_files_that_are_gone_or_broken_are_passed_over(folder: Path, tmp_path: Path) -> None:
    (folder / "trials-000000000.npz").write_bytes(b"half a file")
    write_chunk(folder, a_chunk([1]))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "result.json").write_bytes(b"{")
    others = [
        Earlier(folder=str(broken), kind="backtest", same_run=False),
        sweep(tmp_path / "gone"),
    ]
    assert found([*others, sweep(folder)], space(0, 1)) == [1]


def test_the_newest_of_equal_trials_is_taken(folder: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.mkdir()
    write_chunk(folder, a_chunk([0, 1], duration_ms=1.0))
    write_chunk(newer, a_chunk([1, 2], duration_ms=2.0))
    stored = find_stored([sweep(newer), sweep(folder)], FAMILY, space(2, 1, 0))
    assert stored.sets.tolist() == [0, 1, 2]
    assert stored.trials.column("durationMs")[stored.rows].tolist() == [2.0, 2.0, 1.0]


def test_a_space_that_no_number_counts_is_searched_in_vain(folder: Path) -> None:
    write_chunk(folder, a_chunk([0]))
    endless = Space(names=["fast", *map(str, range(7))], values=[list(range(1000)) for _ in range(8)])
    assert found([sweep(folder)], Space(names=["fast"], values=[[0]])) == [0]
    assert found([sweep(folder)], Space(names=endless.names * 3, values=endless.values * 3)) == []


def test_taken_trials_keep_their_figures_under_new_numbers(folder: Path, tmp_path: Path) -> None:
    write_chunk(folder, a_chunk([0, 1, 2], failed={1}))
    write_chunk(folder, a_chunk([3, 4], failed={4}))
    wanted = space(4, 3, 1, 0)
    stored = find_stored([sweep(folder)], FAMILY, wanted)
    new = tmp_path / "new"
    new.mkdir()
    (summary,) = take_over(
        stored, stored.sets, np.array([2, 5, 7, 9]), space=wanted, folder=new, ranking=Ranking(sort_by="netProfit")
    )
    assert (summary.stop, summary.completed, summary.failed) == (10, 2, 2)
    assert [(one.index, one.leader.parameters, one.leader.value) for one in summary.top] == [
        (5, {"fast": 3}, 3.0),
        (9, {"fast": 0}, 0.0),
    ]
    assert summary.failures == {"boom 1": 1, "boom 4": 1}
    assert summary.examples == {"boom 1": f"{1:024x}", "boom 4": f"{4:024x}"}
    (chunk,) = map(read_chunk, chunk_paths(new))
    assert chunk.index.tolist() == [2, 5, 7, 9]
    assert chunk.parameters["fast"].tolist() == [4, 3, 1, 0]
    assert chunk.reused.all()
    told = [None if place < 0 else chunk.errors[place].message for place in chunk.error]
    assert told == ["boom 4", None, "boom 1", None]
    assert chunk.fitness[1] == 3.0
    assert find_stored([sweep(new)], FAMILY, wanted).sets.tolist() == [0, 1, 2, 3], "they can be taken on from here"


def test_trials_are_found_where_they_were_put_together(folder: Path) -> None:
    for first in (0, 5):
        write_chunk(folder, a_chunk(range(first, first + 5), failed={first + 1}))
    assert merge_trials(folder)
    stored = find_stored([sweep(folder)], FAMILY, space(9, 6, 2, 40))
    assert stored.sets.tolist() == [0, 1, 2]
    assert stored.trials.column("fast")[stored.rows].tolist() == [9, 6, 2]


def test_many_taken_trials_lie_in_several_files(folder: Path, tmp_path: Path) -> None:
    count = FILE_ROWS + 10
    write_chunk(folder, a_chunk(range(count)))
    wanted = space(*range(count))
    stored = find_stored([sweep(folder)], FAMILY, wanted)
    chunks = list(
        take_over(stored, stored.sets, stored.sets, space=wanted, folder=tmp_path, ranking=Ranking(sort_by="netProfit"))
    )
    assert [chunk.completed for chunk in chunks] == [FILE_ROWS, 10]
    taken = TrialSet([read_chunk(path) for path in chunk_paths(tmp_path)])
    assert taken.column("index").tolist() == list(range(count))


def test_the_equivalents_of_a_stored_trial_are_taken_over_under_their_own_parameters(
    folder: Path, tmp_path: Path
) -> None:
    write_chunk(folder, a_chunk([1, 4]))
    wanted = space(0, 1, 2, 3, 4)
    groups = Groups(np.array([0, 4, 1, 2, 3]), np.array([0, 0, 1, 1, 2]))
    stored = find_stored([sweep(folder)], FAMILY, wanted).with_equivalents(groups)
    assert stored.sets.tolist() == [0, 1, 2, 4]
    list(take_over(stored, stored.sets, stored.sets, space=wanted, folder=tmp_path, ranking=Ranking()))
    (chunk,) = map(read_chunk, chunk_paths(tmp_path))
    assert chunk.parameters["fast"].tolist() == [0, 1, 2, 4]
    assert [int(key, 16) for key in chunk.trial_key.tolist()] == [4, 1, 1, 4]
