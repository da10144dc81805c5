"""Sweeps of strategies that say which sets of parameters are one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from server.execution.tasks import GroupDone, GroupTask, TaskFailed, TrialsTask
from server.optimization.equivalents import Groups, write_groups

Make = Callable[..., Any]


async def test_equivalent_sets_are_grouped_before_the_first_chunk(open_owner: Make, a_sweep: Make) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(trials=4, normalizes=True))
        grouping = await owner.next_task()
        assert isinstance(grouping.task, GroupTask)
        assert owner.executor.started.empty()
        write_groups(Path(grouping.task.path), Groups(np.array([0, 2, 1, 3]), np.array([0, 0, 0, 1])))
        grouping.end(GroupDone())
        chunks = [(await owner.next_task())]
        chunks[0].complete()
        chunks.append(await owner.next_task())
        assert [(chunk.task.first, chunk.task.stop, chunk.task.picks) for chunk in chunks] == [
            (0, 3, [0, 2, 1]),
            (3, 4, [3]),
        ]


@pytest.mark.parametrize("cause", ["died", "raised", "memory"])
async def test_trials_run_one_by_one_where_they_cannot_be_grouped(open_owner: Make, a_sweep: Make, cause: str) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(trials=4, normalizes=True))
        (await owner.next_task()).end(TaskFailed(cause=cause, message="no"))  # type: ignore[arg-type]
        chunk = await owner.next_task()
        assert isinstance(chunk.task, TrialsTask)
        assert chunk.task.picks is None


async def test_a_sweep_is_cancelled_while_it_is_grouped(owner: Any, a_sweep: Make) -> None:
    snapshot, _ = await owner.submit(a_sweep(trials=4, normalizes=True))
    grouping = await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    await owner.ledger.cancel("optimization", snapshot.run_key)
    assert grouping.cancelled.is_set()
    ended = await owner.until_status(snapshot.run_key, "Cancelled")
    assert (ended.state.processed, ended.state.cancel_requested) == (0, True)
    assert owner.executor.started.empty()


@pytest.mark.parametrize("changes", [{"normalizes": False}, {"normalizes": True, "method": "random"}])
async def test_nothing_is_grouped_where_it_is_of_no_use(owner: Any, a_sweep: Make, changes: dict[str, Any]) -> None:
    await owner.submit(a_sweep(trials=4, **changes))
    assert isinstance((await owner.next_task()).task, TrialsTask)
