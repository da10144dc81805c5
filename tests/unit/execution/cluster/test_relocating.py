"""Tasks over the folders of another machine."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from server.execution.cluster.relocating import datasets_of, relocated, results_of
from server.execution.tasks import CurvesTask, Feed, Market, Task, TrialsTask

if TYPE_CHECKING:
    from tests.conftest import Workshop

CODE = """
class Probe(Strategy):
    def on_bar(self, bar):
        return
"""
HERE = Path("/elsewhere/results")


def moved(task: Task) -> str:
    """All that a task says once it is moved, as text."""
    assert not isinstance(task, str)
    folders = {name: Path("/elsewhere/datasets") / name for name in datasets_of(task)}  # type: ignore[arg-type]
    return repr(relocated(task, folders, Path("/elsewhere/source"), HERE))  # type: ignore[arg-type]


def test_no_folder_of_the_owner_is_left_in_a_task(workshop: "Workshop") -> None:
    strategy, data = workshop.strategy(CODE), workshop.data(10)
    fed = replace(data, feeds=[Feed(kind="funding", dataset=workshop.data(10, 2).dataset, directory=data.directory)])
    market = Market(name="ACME", data=[fed, workshop.data(10, 3)], identity={})
    tasks: list[Task] = [
        workshop.backtest(strategy, fed),
        replace(workshop.trials(strategy, data, {}), markets=[market]),
        replace(workshop.curves(strategy, data, []), markets=[market]),
        workshop.calibration(strategy, fed, [{}]),
    ]
    for task in tasks:
        assert str(workshop.root) in repr(task)
        assert str(workshop.root) not in moved(task)


def test_all_data_sets_of_all_markets_are_needed(workshop: "Workshop") -> None:
    first, second, third = (workshop.data(10, seed) for seed in (4, 5, 6))
    fed = replace(first, feeds=[Feed(kind="dividends", dataset=third.dataset, directory=third.directory)])
    task = workshop.trials(workshop.strategy(CODE), first, {})
    task = replace(
        task, markets=[Market(name="A", data=[fed], identity={}), Market(name="B", data=[second], identity={})]
    )
    needed = datasets_of(task)
    assert needed.keys() == {first.dataset.id, second.dataset.id, third.dataset.id}
    assert needed[third.dataset.id].folder == Path(third.directory)


def test_results_go_to_the_folder_of_the_task(workshop: "Workshop") -> None:
    strategy, data = workshop.strategy(CODE), workshop.data(10)
    backtest, trials = workshop.backtest(strategy, data), workshop.trials(strategy, data, {})
    assert results_of(backtest) == Path(backtest.result_dir)
    assert results_of(trials) == Path(trials.chunk_path).parent
    assert results_of(workshop.calibration(strategy, data, [{}])) is None
    folders = {data.dataset.id: Path("/elsewhere")}
    there = relocated(trials, folders, Path("/elsewhere"), HERE)
    assert isinstance(there, TrialsTask)
    assert there.chunk_path == str(HERE / Path(trials.chunk_path).name)
    curves = relocated(workshop.curves(strategy, data, []), folders, Path("/elsewhere"), HERE)
    assert isinstance(curves, CurvesTask)
    assert curves.result_dir == str(HERE)
