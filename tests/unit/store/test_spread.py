"""A sample of trials, and how a metric is spread over them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES
from server.store.results import ResultFiles
from server.store.spread import SampleQuery, check_metrics, count_spread, evenly
from server.store.trial_files import write_chunk
from tests.unit.store.chunks import a_chunk


async def sampled(files: ResultFiles, folder: Path, *metrics: str, **query: Any) -> dict[str, Any]:
    asked = SampleQuery(metrics or ("netProfit",), **({"points": 100} | query))
    told: dict[str, Any] = json.loads(await files.trials.sample(folder, asked, total=9))
    return told


async def test_a_sample_is_best_first_without_what_is_undefined(files: ResultFiles, folder: Path) -> None:
    write_chunk(folder, a_chunk([3, 0, 2, 1], failed={2}))
    told = await sampled(files, folder)
    assert (told["index"], told["values"]) == ([3, 1, 0], [[3.0, 1.0, 0.0]])
    assert told["parameters"] == {"fast": [3, 1, 0]}
    assert told["trialKey"][0] == f"{3:024x}"
    assert (told["defined"], told["trials"], told["total"], told["onFront"]) == (3, 4, 9, [])


async def test_a_sample_by_what_should_be_small_begins_with_the_least(files: ResultFiles, folder: Path) -> None:
    chunk = a_chunk([0, 1, 2])
    chunk.metrics[:, METRIC_NAMES.index("turnover")] = [5.0, 3.0, np.nan]
    write_chunk(folder, chunk)
    told = await sampled(files, folder, "turnover", "netProfit")
    assert told["values"] == [[3.0, 5.0], [1.0, 0.0]]


async def test_of_many_trials_those_evenly_through_the_ranking_are_taken(files: ResultFiles, folder: Path) -> None:
    write_chunk(folder, a_chunk(range(101)))
    told = await sampled(files, folder, points=5)
    assert (told["index"], told["defined"]) == ([100, 75, 50, 25, 0], 101)


async def test_the_front_is_always_in_the_sample(files: ResultFiles, folder: Path) -> None:
    write_chunk(folder, a_chunk(range(101)))
    told = await sampled(files, folder, points=2, also=[f"{41:024x}", f"{100:024x}", "nobody"])
    assert (told["index"], told["onFront"]) == ([100, 41, 0], [0, 1])


async def test_before_the_first_trial_there_is_nothing(files: ResultFiles, folder: Path) -> None:
    told = await sampled(files, folder, also=["a"])
    assert (told["index"], told["values"], told["parameters"], told["trials"]) == ([], [[]], {}, 0)
    spread = json.loads(await files.trials.distribution(folder, "netProfit", 10))
    assert (spread["counts"], spread["low"], spread["quartiles"], spread["trials"]) == ([], None, None, 0)


@pytest.mark.parametrize(("count", "points"), [(0, 5), (3, 5), (5, 5), (1_000_000, 2_000), (2_001, 2_000)])
def test_places_that_lie_evenly_are_different_and_reach_to_both_ends(count: int, points: int) -> None:
    places = evenly(count, points).tolist()
    assert places == sorted(set(places))
    assert len(places) == min(count, points)
    assert places[:1] + places[-1:] == ([0, count - 1] if count else [])


def test_values_are_counted_in_even_steps() -> None:
    told = count_spread(np.array([0.0, 0.5, 1.5, np.nan, 4.0, -4.0]), bins=4)
    assert (told["low"], told["high"], told["counts"]) == (-4.0, 4.0, [1, 0, 3, 1])
    assert (told["min"], told["max"], told["mean"], told["positive"], told["defined"]) == (-4.0, 4.0, 0.4, 3, 5)
    assert told["quartiles"] == [0.0, 0.5, 1.5]


def test_a_few_freaks_do_not_press_the_others_into_one_step() -> None:
    told = count_spread(np.concatenate([np.linspace(0.1, 0.9, 998), [1e9, -1e9]]), bins=10)
    assert 0.1 <= told["low"] < told["high"] <= 0.9
    assert min(told["counts"]) > 50
    assert sum(told["counts"]) + told["below"] + told["above"] == 1_000
    assert (told["below"] > 0, told["above"] > 0, told["max"]) == (True, True, 1e9)


def test_whole_numbers_have_steps_of_whole_numbers() -> None:
    told = count_spread(np.array([1.0, 2.0, 2.0, 5.0]), bins=40)
    assert (told["low"], told["high"], told["counts"]) == (0.5, 5.5, [1, 2, 0, 0, 1])
    assert count_spread(np.arange(10.0), bins=4)["counts"] == [3, 3, 3, 1]


def test_values_that_are_all_one_have_one_step() -> None:
    for value in (7.0, 7.25):
        assert count_spread(np.full(9, value), bins=40)["counts"] == [9]


def test_what_is_no_metric_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        check_metrics(["fitness", "profits"], "metrics")
    assert [error.path for error in refusal.value.errors] == ["metrics"]
