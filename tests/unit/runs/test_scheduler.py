"""Which task comes next."""

import asyncio
from collections.abc import Callable
from typing import Any

from server.execution.port import Counts
from server.execution.tasks import BacktestTask, TrialsTask
from server.runs.sampler import Sampler
from tests.waiting import looks

Make = Callable[..., Any]


async def test_backtests_run_by_priority_then_in_order_of_submission(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner(slots=1, schedule=False) as owner:
        for number, priority in ((1, "low"), (2, "normal"), (3, "high"), (4, "normal")):
            await owner.submit(a_backtest(number, priority=priority))
        scheduling = asyncio.create_task(owner.scheduler.run())
        order = []
        for _ in range(4):
            task = await owner.next_task()
            order.append(task.task.parameters["number"])
            task.complete()
        assert order == [3, 2, 4, 1]
        scheduling.cancel()
        await asyncio.wait([scheduling])


async def test_no_more_tasks_are_started_than_there_are_slots(owner: Any, a_backtest: Make) -> None:
    snapshots = [(await owner.submit(a_backtest(number)))[0] for number in range(1, 4)]
    first = await owner.next_task()
    await owner.next_task()
    await owner.until_status(snapshots[1].run_key, "Running")
    assert owner.executor.started.empty()
    assert owner.ledger.queue.position(snapshots[2].run_key) == 1
    first.complete()
    third = await owner.next_task()
    assert third.task.run_key == snapshots[2].run_key


async def test_a_backtest_does_not_wait_behind_the_rest_of_a_sweep(
    open_owner: Make, a_backtest: Make, a_sweep: Make
) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(trials=1000))
        chunk = await owner.next_task()
        assert isinstance(chunk.task, TrialsTask)
        await owner.submit(a_backtest())
        chunk.complete()
        assert isinstance((await owner.next_task()).task, BacktestTask)


async def test_sweeps_take_turns_and_a_backtest_still_goes_first(
    open_owner: Make, a_backtest: Make, a_sweep: Make
) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(1, trials=100_000))
        task = await owner.next_task()
        await owner.submit(a_sweep(2, trials=100_000))
        turns = []
        for _ in range(5):
            # a coordinator is a process of its own: whoever has no chunk ready loses its turn
            async with asyncio.timeout(10):
                async for ready in looks(lambda: [sweep.has_chunk for sweep in owner.scheduler._sweeps]):
                    if ready == [True, True]:
                        break
            task.complete()
            task = await owner.next_task()
            turns.append(task.task.run_key)
        assert turns[1:] == [turns[1], turns[2]] * 2
        assert {turns[1], turns[2]} == {a_sweep(1).run_key, a_sweep(2).run_key}
        await owner.submit(a_backtest())
        task.complete()
        assert isinstance((await owner.next_task()).task, BacktestTask)


async def test_a_sweep_gets_its_turn_among_many_backtests(open_owner: Make, a_backtest: Make, a_sweep: Make) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(trials=100_000))
        task = await owner.next_task()
        for number in range(1, 9):
            await owner.submit(a_backtest(number))
        kinds = []
        for _ in range(9):
            task.complete()
            task = await owner.next_task()
            kinds.append(type(task.task).__name__)
        assert kinds[:4] == ["BacktestTask"] * 3 + ["TrialsTask"]


async def test_a_fault_of_the_server_ends_one_run_and_no_other(owner: Any, a_backtest: Make) -> None:
    broken = a_backtest(1).__class__(**{**_fields(a_backtest(1)), "run_key": "no/run/key"})
    await owner.submit(broken)
    failed = await owner.until_status("no/run/key", "Failed")
    assert "internal error" in failed.state.error_message
    snapshot, _ = await owner.submit(a_backtest(2))
    (await owner.next_task()).complete()
    await owner.until_status(snapshot.run_key, "Completed")


async def test_a_cancelled_sweep_keeps_what_is_finished(open_owner: Make, a_sweep: Make) -> None:
    async with open_owner(slots=2) as owner:
        snapshot, _ = await owner.submit(a_sweep(trials=1000))
        first = await owner.next_task()
        second = await owner.next_task()
        first.complete()
        done = first.task.stop - first.task.first
        await owner.next_task()
        await owner.ledger.cancel("optimization", snapshot.run_key)
        ended = await owner.until_status(snapshot.run_key, "Cancelled")
        assert second.cancelled.is_set()
        assert ended.state.processed == done
        assert ended.state.best.parameters == {"fast": first.task.stop - 1}
        (source,) = await owner.store.trial_sources(a_sweep().family, 10)
        assert source.run_key == snapshot.run_key


async def test_running_work_is_sampled_and_published(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    sampler = Sampler(owner.ledger, 0.025)
    task.now = Counts(processed=10, phase="simulating", mode="interpreted", bar_time_ms=0, equity=1001.5)
    await sampler.sample(100.0)
    task.now = task.now._replace(processed=20)
    await sampler.sample(100.05)
    assert owner.published[-1].state.processed == 10, "at most ten updates a second leave the source"
    await sampler.sample(100.1)
    state = owner.published[-1].state
    assert (state.processed, state.equity, state.bar_time) == (20, 1001.5, "1970-01-01T00:00:00.000Z")


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


async def test_chunks_wait_in_reserve_and_backtests_never_do(open_owner: Make, a_backtest: Make, a_sweep: Make) -> None:
    async with open_owner(slots=1) as owner:
        owner.executor.reserve = 1
        await owner.submit(a_sweep(trials=100_000))
        first, reserve = await owner.next_task(), await owner.next_task()
        assert isinstance(first.task, TrialsTask)
        assert isinstance(reserve.task, TrialsTask)
        await owner.submit(a_backtest(1))
        await owner.submit(a_backtest(2))
        first.complete()
        reserve.complete()
        backtest = await owner.next_task()
        assert isinstance(backtest.task, BacktestTask)
        assert owner.executor.started.empty(), "the other one waits in the queue, where a new machine finds it"


async def test_slots_that_come_later_are_filled(open_owner: Make, a_backtest: Make, a_sweep: Make) -> None:
    async with open_owner(slots=1) as owner:
        await owner.submit(a_sweep(trials=100_000))
        await owner.next_task()
        await owner.submit(a_backtest())
        owner.executor.resize(5)
        tasks = [(await owner.next_task()).task for _ in range(4)]
        kinds = sorted(type(task).__name__ for task in tasks)
        assert kinds == ["BacktestTask", *["TrialsTask"] * 3], "more chunks than one worker would have been given"
