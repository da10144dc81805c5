"""What every executor does with sets of parameters that a strategy's `normalize` makes one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from server.execution.port import Executor
from server.execution.tasks import CountDone, CountTask, GroupDone, GroupTask, TaskFailed, TrialsDone
from server.optimization.equivalents import read_groups
from server.optimization.space import Space, Steps
from server.store.trial_files import read_chunk
from tests.contracts.executing import ended, until

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

BANDS: Final = """
class Probe(Strategy):
    one: int = param(5, min=1, max=100)
    other: int = param(5, min=1, max=100)

    def normalize(self):
        if self.one == 9:
            raise ValueError("nine")
        self.one, self.other = sorted((self.one, self.other))

    def init(self):
        self.average = Sma(self.one + self.other)

    def on_bar(self, bar):
        self.average.update(bar.close)
        if bar.close * (self.one + self.other) > self.average.total and self.position == 0:
            self.buy(1)
        elif self.position > 0:
            self.close()
"""
NO_STRATEGY: Final = "raise ValueError('not today')"
SPACE: Final = Space(names=["one", "other"], values=[[2, 3, 9], [2, 3, 9]])
WIDE: Final = Steps(first=1, stride=1, scale=1, count=100, whole=True)


async def test_sets_are_grouped_by_what_normalize_makes_of_them(executor: Executor, workshop: "Workshop") -> None:
    path = workshop.folder("groups") / "groups.npz"
    task = GroupTask(strategy=workshop.strategy(BANDS), space=SPACE, conditions=["one != other"], path=str(path))
    assert await ended(executor.start(task)) == GroupDone()
    found = read_groups(path)
    assert [tuple(SPACE.at(number).values()) for number in found.sets.tolist()] == [
        (2, 3),
        (3, 2),
        (2, 9),
        (3, 9),
        (9, 2),
        (9, 3),
    ], "those of which normalize raises are groups of their own"
    assert found.groups.tolist() == [0, 0, 1, 2, 3, 4]


async def test_groups_are_counted_or_estimated(executor: Executor, workshop: "Workshop") -> None:
    strategy = workshop.strategy(BANDS)
    whole = CountTask(strategy=strategy, space=SPACE, conditions=[], budget_s=60.0)
    assert await ended(executor.start(whole)) == CountDone(sets=9, groups=8, exact=True)
    space = Space(names=["one", "other"], values=[WIDE, WIDE])
    part = CountTask(strategy=strategy, space=space, conditions=["one < 50"], budget_s=60.0, sample=2_000)
    outcome = await ended(executor.start(part))
    assert isinstance(outcome, CountDone)
    assert not outcome.exact
    assert outcome.groups / outcome.sets == pytest.approx(0.77, abs=0.1)


async def test_grouping_is_cancelled(executor: Executor, workshop: "Workshop") -> None:
    space = Space(names=["one", "other"], values=[WIDE, WIDE])
    path = workshop.folder("groups") / "groups.npz"
    slow = BANDS.replace("if self.one == 9:", "import time; time.sleep(0.01)\n        if self.one == 9:")
    handle = executor.start(GroupTask(strategy=workshop.strategy(slow), space=space, conditions=[], path=str(path)))
    await until(handle, lambda counts: counts.phase == "evaluating")
    handle.cancel()
    outcome = await ended(handle)
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "cancelled"
    assert not path.exists()


async def test_what_does_not_import_is_not_grouped(executor: Executor, workshop: "Workshop") -> None:
    task = CountTask(strategy=workshop.strategy(NO_STRATEGY), space=SPACE, conditions=[], budget_s=1.0)
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "raised"


@pytest.mark.parametrize("compiled", [True, False])
async def test_equivalent_trials_are_run_once(executor: Executor, workshop: "Workshop", compiled: bool) -> None:
    strategy, data = workshop.strategy(BANDS), workshop.data(500)
    axes: dict[str, Any] = {"one": [2, 3, 4], "other": [2, 3, 4]}
    grouped = [0, 1, 3, 2, 6, 4, 5, 7, 8]
    for _ in range(3):  # a chunk in which something takes long ends early: at first that is the compiler
        task = workshop.trials(strategy, data, axes, picks=grouped, compile=compiled)
        outcome = await ended(executor.start(task))
        assert isinstance(outcome, TrialsDone)
        if outcome.completed == len(grouped):
            break
    assert isinstance(outcome, TrialsDone)
    assert (outcome.completed, outcome.failed, outcome.reused, outcome.bars) == (9, 0, 3, 6 * 500)
    chunk = read_chunk(Path(task.chunk_path))
    assert chunk.reused.tolist() == [False, False, True, False, True, False, False, True, False]
    for place in (2, 4, 7):
        assert chunk.trial_key[place] == chunk.trial_key[place - 1]
    for place, pick in enumerate(grouped):
        parameters = {name: int(column[place]) for name, column in chunk.parameters.items()}
        assert parameters == task.space.at(pick)
        alone = workshop.trials(strategy, data, {name: [value] for name, value in parameters.items()}, compile=compiled)
        await ended(executor.start(alone))
        (wanted,) = read_chunk(Path(alone.chunk_path)).metrics.tolist()
        assert chunk.metrics[place].tolist() == pytest.approx(wanted, rel=0, abs=0, nan_ok=True)
