"""What a task needs from the owner's folders, and the same task over the folders of another machine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from server.contract.catalogue import DatasetInfo
from server.execution.tasks import (
    BacktestTask,
    CalibrateTask,
    CurvesTask,
    DataSlice,
    Market,
    Task,
    TrialsTask,
)

Portable = BacktestTask | TrialsTask | CurvesTask | CalibrateTask
"""Tasks that need bars and a strategy, and leave files in at most one folder."""
PORTABLE: Final = (BacktestTask, TrialsTask, CurvesTask, CalibrateTask)


def is_portable(task: Task) -> bool:
    """Whether a task can be run on another machine."""
    return isinstance(task, PORTABLE)


class Needed(NamedTuple):
    """A data set that a task reads, and the folder where the task says that it is."""

    dataset: DatasetInfo
    folder: Path


def datasets_of(task: Portable) -> dict[str, Needed]:
    """All that a task reads, by id."""
    needed: dict[str, Needed] = {}
    for part in _slices(task):
        named = [(part.dataset, part.directory), *((feed.dataset, feed.directory) for feed in part.feeds)]
        needed |= {dataset.id: Needed(dataset, Path(directory)) for dataset, directory in named}
    return needed


def results_of(task: Portable) -> Path | None:
    """The folder that a task writes to; None when it leaves no files."""
    match task:
        case BacktestTask() | CurvesTask():
            return Path(task.result_dir)
        case TrialsTask():
            return Path(task.chunk_path).parent
        case CalibrateTask():
            return None


def relocated(task: Portable, datasets: Mapping[str, Path], source: Path, results: Path) -> Portable:
    """The task with its data sets, its source and its results in other folders."""

    def moved(part: DataSlice) -> DataSlice:
        feeds = [replace(feed, directory=str(datasets[feed.dataset.id])) for feed in part.feeds]
        return replace(part, directory=str(datasets[part.dataset.id]), feeds=feeds)

    def moved_market(market: Market) -> Market:
        return replace(market, data=[moved(part) for part in market.data])

    task = replace(
        task,
        data=[moved(part) for part in task.data],
        strategy=replace(task.strategy, directory=str(source)),
    )
    match task:
        case BacktestTask():
            return replace(task, result_dir=str(results))
        case CurvesTask():
            return replace(task, result_dir=str(results), markets=[moved_market(market) for market in task.markets])
        case TrialsTask():
            return replace(
                task,
                chunk_path=str(results / Path(task.chunk_path).name),
                markets=[moved_market(market) for market in task.markets],
            )
        case CalibrateTask():
            return task


def _slices(task: Portable) -> Iterator[DataSlice]:
    yield from task.data
    if isinstance(task, TrialsTask | CurvesTask):
        for market in task.markets:
            yield from market.data
