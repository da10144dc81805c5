"""A metric over two parameters."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.contract.base import ParamValue
from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES
from server.optimization.space import Space
from server.store.results import ResultFiles
from server.store.surface import SurfaceQuery
from server.store.trial_files import write_chunk
from tests.unit.store.chunks import a_chunk

SPACE = Space(
    names=["fast", "slow", "mode", "hedge"], values=[[3, 1, 2], [0.5, 0.25], ["short", "long"], [False, True]]
)


def write(folder: Path, *trials: tuple[ParamValue, ParamValue, ParamValue, ParamValue], **options: Any) -> None:
    """Trials of these parameters, which earn 0, 1, 2 and so on."""
    columns = dict(zip(SPACE.names, zip(*trials, strict=True), strict=True))
    write_chunk(folder, a_chunk(range(len(trials)), parameters=columns, **options))


async def drawn(files: ResultFiles, folder: Path, space: Space = SPACE, **query: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"metric": "netProfit", "fold": "best", "bins": 100, "fixed": {}} | query
    pieces = files.trials.surface(folder, SurfaceQuery(**asked), space, total=24)
    told: dict[str, Any] = json.loads(b"".join([piece async for piece in pieces]))
    return told


async def test_a_grid_has_every_value_of_its_axes_and_fills_in(files: ResultFiles, folder: Path) -> None:
    empty = await drawn(files, folder, x="fast", y="slow")
    assert (empty["xValues"], empty["yValues"], empty["xBins"], empty["yBins"]) == ([1, 2, 3], [0.25, 0.5], None, None)
    assert empty["values"] == [[None] * 3] * 2
    assert empty["counts"] == [[0] * 3] * 2
    assert (empty["min"], empty["max"], empty["trials"], empty["total"]) == (None, None, 0, 24)
    write(folder, (1, 0.5, "long", True), (3, 0.25, "long", True))
    some = await drawn(files, folder, x="fast", y="slow")
    assert some["values"] == [[None, None, 1.0], [0.0, None, None]]
    assert some["counts"] == [[0, 0, 1], [1, 0, 0]]
    assert (some["min"], some["max"], some["trials"]) == (0.0, 1.0, 2)


@pytest.mark.parametrize(
    ("fold", "metric", "value"),
    [("best", "netProfit", 7.0), ("median", "netProfit", 2.5), ("mean", "netProfit", 3.0), ("best", "turnover", -7.0)],
)
async def test_trials_of_a_cell_are_folded(
    files: ResultFiles, folder: Path, fold: str, metric: str, value: float
) -> None:
    chunk = a_chunk(
        [4, 0, 7, 1, 2, 9],
        parameters={
            "fast": [1] * 6,
            "slow": [0.5, 0.5, 0.5, 0.5, 0.25, 0.5],
            "mode": ["long"] * 6,
            "hedge": [False] * 6,
        },
        failed={9},
    )
    chunk.metrics[:, METRIC_NAMES.index("turnover")] = -chunk.metrics[:, METRIC_NAMES.index("netProfit")]
    write_chunk(folder, chunk)
    told = await drawn(files, folder, x="fast", y="slow", fold=fold, metric=metric)
    assert told["values"][1][0] == value
    assert (told["counts"][1][0], told["trials"]) == (4, 6), "a failed trial has no value"


async def test_choices_and_booleans_are_axes_in_their_own_order(files: ResultFiles, folder: Path) -> None:
    write(folder, (1, 0.5, "long", True), (1, 0.5, "short", False))
    told = await drawn(files, folder, x="mode", y="hedge")
    assert (told["xValues"], told["yValues"]) == (["short", "long"], [False, True])
    assert told["values"] == [[1.0, None], [None, 0.0]]


async def test_other_parameters_can_be_fixed(files: ResultFiles, folder: Path) -> None:
    write(folder, (1, 0.5, "long", True), (1, 0.5, "short", True), (1, 0.5, "short", False))
    fixed = {"mode": "short", "hedge": True}
    assert (await drawn(files, folder, x="fast", y="slow", fixed=fixed))["values"][1][0] == 1.0


async def test_an_axis_of_many_values_is_folded_into_bins(files: ResultFiles, folder: Path) -> None:
    space = Space(names=["fast", "slow"], values=[list(range(10)), [1, 2]])
    trials = np.arange(20)
    write_chunk(folder, a_chunk(trials.tolist(), parameters={"fast": list(trials // 2), "slow": list(1 + trials % 2)}))
    told = await drawn(files, folder, space, x="fast", y="slow", bins=4)
    assert told["xValues"] == [0, 2, 5, 7]
    assert told["xBins"] == [[0, 1], [2, 4], [5, 6], [7, 9]]
    assert told["yBins"] is None
    assert told["values"] == [[2.0, 8.0, 12.0, 18.0], [3.0, 9.0, 13.0, 19.0]]
    assert told["counts"] == [[2, 3, 2, 3]] * 2


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"x": "fats"}, "x"),
        ({"y": "nothing"}, "y"),
        ({"y": "fast"}, "y"),
        ({"metric": "profit"}, "metric"),
        ({"fixed": {"speed": 1}}, "fixed.speed"),
        ({"fixed": {"fast": 1}}, "fixed.fast"),
        ({"fixed": {"mode": "sideways"}}, "fixed.mode"),
    ],
)
async def test_what_the_run_does_not_have_is_refused(
    files: ResultFiles, folder: Path, query: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await drawn(files, folder, **({"x": "fast", "y": "slow"} | query))
    assert [error.path for error in refusal.value.errors] == [path]
