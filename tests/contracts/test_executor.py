"""What every executor does with tasks."""

import asyncio
import json
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.execution.port import Counts, Executor
from server.execution.tasks import BacktestDone, InspectDone, InspectTask, TaskFailed, TrialsDone
from server.store.curve import read_curve
from server.store.trial_files import read_chunk
from tests.contracts.executing import PATIENT, QUICK, SLOTS, Gate, MakeExecutor, ended, simulates, until
from tests.waiting import looks

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_backtest_ends_with_its_result_on_the_disk(executor: Executor, workshop: "Workshop") -> None:
    task = workshop.backtest(workshop.strategy(QUICK), workshop.data(3000))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, BacktestDone)
    assert outcome.total_bars == 3000
    result = json.loads((Path(task.result_dir) / "result.json").read_bytes())
    assert result["metrics"]["netProfit"] == outcome.metrics.net_profit
    assert len(read_curve(Path(task.result_dir), None)) == 3000


async def test_counts_stay_readable_after_the_end(executor: Executor, workshop: "Workshop") -> None:
    handle = executor.start(workshop.backtest(workshop.strategy(QUICK), workshop.data(3000)))
    await ended(handle)
    counts = handle.counts()
    assert (counts.processed, counts.bars, counts.mode) == (3000, 3000, "compiled")
    assert counts.equity is not None


async def test_progress_and_curve_show_while_a_backtest_runs(executor: Executor, workshop: "Workshop") -> None:
    gate, data = Gate(workshop), workshop.data(3000)
    task = workshop.backtest(gate.strategy, data)
    handle = executor.start(task)
    counts = await until(handle, lambda now: now.processed > 500)
    assert counts.processed <= 1000
    assert counts.phase == "simulating"
    assert counts.bar_time_ms == workshop.bars(data)[0, counts.processed - 1]
    curve = read_curve(Path(task.result_dir), counts.processed)
    assert curve["equity"].tolist() == [10_000.0] * counts.processed
    gate.open()
    assert isinstance(await ended(handle), BacktestDone)
    assert handle.counts().processed == 3000


async def test_a_chunk_counts_its_trials_and_all_their_bars(executor: Executor, workshop: "Workshop") -> None:
    task = workshop.trials(workshop.strategy(QUICK), workshop.data(500), {"period": [2, 3, 500, 5]})
    handle = executor.start(task)
    outcome = await ended(handle)
    assert isinstance(outcome, TrialsDone)
    assert (outcome.completed, outcome.failed, outcome.bars) == (3, 1, 1500)
    counts = handle.counts()
    assert (counts.processed, counts.failed, counts.bars, counts.phase) == (3, 1, 1500, "evaluating")


async def test_cancel_stops_a_running_backtest_soon(executor: Executor, workshop: "Workshop") -> None:
    data = workshop.data(300_000)  # half a minute of bars: what ended by itself would say so
    for _ in range(5):
        handle = executor.start(workshop.backtest(workshop.strategy(PATIENT), data))
        await until(handle, lambda now: now.processed > 0)
        handle.cancel()
        handle.cancel()
        assert await ended(handle) == TaskFailed(cause="cancelled", message="cancelled")


async def test_cancel_keeps_the_finished_trials(executor: Executor, workshop: "Workshop") -> None:
    code = """
    import time

    class Probe(Strategy):
        pause: float = param(0.0)

        def on_bar(self, bar):
            time.sleep(self.pause)
    """
    task = workshop.trials(workshop.strategy(code), workshop.data(500), {"pause": [0.0, 0.01, 0.0]})
    handle = executor.start(task)
    await until(handle, lambda now: now.processed == 1)
    handle.cancel()
    outcome = await ended(handle)
    assert isinstance(outcome, TrialsDone)
    assert outcome.cancelled
    assert (outcome.completed, outcome.failed, len(read_chunk(Path(task.chunk_path)))) == (1, 0, 1)


async def test_a_chunk_runs_the_sets_that_were_picked(executor: Executor, workshop: "Workshop") -> None:
    code = """
    from server.strategies import Strategy, param

    class Probe(Strategy):
        tag: int = param(0)
    """
    strategy, data = workshop.strategy(code), workshop.data(500)
    ends = []
    for first, stop, picks in ((0, 4, None), (2, 4, [3, 1])):
        task = workshop.trials(strategy, data, {"tag": [0, 1, 2, 3]}, first=first, stop=stop, picks=picks)
        outcome = await ended(executor.start(task))
        assert isinstance(outcome, TrialsDone)
        ends.append((outcome, read_chunk(Path(task.chunk_path))))
    (_, whole), (outcome, picked) = ends
    assert picked.trial_key.tolist() == [whole.trial_key[3], whole.trial_key[1]]
    assert [(trial.index, trial.leader.parameters["tag"]) for trial in outcome.top] == [(2, 3), (3, 1)]


async def test_trials_are_called_by_the_numbers_they_are_given(executor: Executor, workshop: "Workshop") -> None:
    code = """
    from server.strategies import Strategy, param

    class Probe(Strategy):
        tag: int = param(0)
    """
    axes = {"tag": [0, 1, 2, 3]}
    task = workshop.trials(workshop.strategy(code), workshop.data(500), axes, first=0, stop=2, numbers=[1, 3])
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TrialsDone)
    chunk = read_chunk(Path(task.chunk_path))
    assert (chunk.index.tolist(), chunk.parameters["tag"].tolist()) == ([1, 3], [1, 3])
    assert [(trial.index, trial.leader.parameters["tag"]) for trial in outcome.top] == [(1, 1), (3, 3)]


async def test_a_cancel_after_the_end_changes_nothing(executor: Executor, workshop: "Workshop") -> None:
    handle = executor.start(workshop.backtest(workshop.strategy(QUICK), workshop.data(500)))
    outcome = await ended(handle)
    handle.cancel()
    assert await ended(handle) == outcome


async def test_a_task_that_is_stuck_is_told_from_one_that_is_slow(executor: Executor, workshop: "Workshop") -> None:
    gate, data = Gate(workshop), workshop.data(300_000)
    slow = executor.start(workshop.backtest(workshop.strategy(PATIENT), data))
    stuck = executor.start(workshop.backtest(gate.strategy, workshop.data(1500)))
    await until(slow, simulates)
    await until(stuck, lambda now: now.processed >= 500)
    async with asyncio.timeout(10):
        async for health in looks(executor.health):
            first, second = health.tasks
            if second.silent_s > 0.5 > first.silent_s:
                break
    assert (first.counts.phase, first.elapsed_s > first.silent_s) == ("simulating", True)
    assert second.counts == stuck.counts()
    slow.cancel()
    gate.open()
    await asyncio.gather(ended(slow), ended(stuck))
    assert executor.health().tasks == ()


async def test_tasks_beyond_the_slots_wait_in_order(executor: Executor, workshop: "Workshop") -> None:
    gates = [Gate(workshop) for _ in range(SLOTS + 2)]
    data = workshop.data(1500)
    handles = [executor.start(workshop.backtest(gate.strategy, data)) for gate in gates]
    for handle in handles[:SLOTS]:
        await until(handle, simulates)
    assert executor.health().busy == SLOTS
    assert all(handle.counts() == Counts() for handle in handles[SLOTS:])
    gates[0].open()
    await ended(handles[0])
    await until(handles[SLOTS], simulates)
    assert handles[SLOTS + 1].counts() == Counts()
    for gate in gates:
        gate.open()
    for handle in handles:
        assert isinstance(await ended(handle), BacktestDone)


async def test_a_task_cancelled_before_it_starts_never_runs(executor: Executor, workshop: "Workshop") -> None:
    gates = [Gate(workshop) for _ in range(SLOTS)]
    data = workshop.data(1500)
    running = [executor.start(workshop.backtest(gate.strategy, data)) for gate in gates]
    waiting = workshop.backtest(workshop.strategy(QUICK), data)
    handle = executor.start(waiting)
    handle.cancel()
    outcome = await ended(handle)
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "cancelled"
    for gate in gates:
        gate.open()
    for other in running:
        await ended(other)
    assert list(Path(waiting.result_dir).iterdir()) == []


async def test_inspections_do_not_wait_behind_computing(executor: Executor, workshop: "Workshop") -> None:
    gates = [Gate(workshop) for _ in range(SLOTS)]
    data = workshop.data(1500)
    running = [executor.start(workshop.backtest(gate.strategy, data)) for gate in gates]
    inspection = InspectTask(folders=[], frozen_root=str(workshop.folder("sources")))
    outcome = await ended(executor.start(inspection))
    assert isinstance(outcome, InspectDone)
    assert {"BuyAndHold", "SmaCrossover"} <= {found.info.name for found in outcome.strategies}
    for gate in gates:
        gate.open()
    for handle in running:
        await ended(handle)


async def test_time_over_ends_a_task_and_says_so(executor: Executor, workshop: "Workshop") -> None:
    handle = executor.start(workshop.backtest(workshop.strategy(PATIENT), workshop.data(300_000)), timeout_s=0.1)
    outcome = await ended(handle)
    assert outcome == TaskFailed(cause="timeout", message="ran longer than its time of 0.1 s")


async def test_cancelling_the_wait_leaves_the_task_alone(executor: Executor, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    handle = executor.start(workshop.backtest(gate.strategy, workshop.data(1500)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await handle.outcome()
    gate.open()
    assert isinstance(await ended(handle), BacktestDone)


async def test_a_strategy_that_raises_fails_with_its_own_lines(executor: Executor, workshop: "Workshop") -> None:
    code = """
    class Probe(Strategy):
        def on_bar(self, bar):
            if bar.i == 37:
                self.buy(1 / (bar.i - 37))
    """
    task = workshop.backtest(workshop.strategy(code), workshop.data(100))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert (outcome.cause, outcome.message) == ("raised", "ZeroDivisionError: division by zero (at bar 37)")
    assert outcome.stack_trace is not None
    assert "self.buy(1 / (bar.i - 37))" in outcome.stack_trace
    assert "server/" not in outcome.stack_trace
    assert list(Path(task.result_dir).iterdir()) == []


async def test_bars_that_are_gone_fail_their_task(executor: Executor, workshop: "Workshop") -> None:
    data = workshop.data(100, seed=99)
    task = workshop.backtest(workshop.strategy(QUICK), data)
    shutil.rmtree(data.directory)
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "raised"
    assert list(Path(task.result_dir).iterdir()) == []


async def test_settings_that_cannot_be_are_the_users_fault(executor: Executor, workshop: "Workshop") -> None:
    task = workshop.backtest(workshop.strategy(QUICK), workshop.data(100), {"period": 101})
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert (outcome.cause, outcome.code) == ("refused", "parameter_out_of_bounds")


async def test_an_executor_that_closes_ends_what_runs_and_what_waits(
    make_executor: MakeExecutor, workshop: "Workshop"
) -> None:
    data, strategy = workshop.data(300_000), workshop.strategy(PATIENT)
    async with AsyncExitStack() as stack:
        executor = await stack.enter_async_context(make_executor(workshop.folder("home")))
        handles = [executor.start(workshop.backtest(strategy, data)) for _ in range(SLOTS + 1)]
        await until(handles[0], lambda now: now.processed > 0)
        await stack.aclose()
        late = executor.start(workshop.backtest(strategy, data))
        for handle in (*handles, late):
            outcome = await ended(handle)
            assert isinstance(outcome, TaskFailed)
            assert outcome.cause == "cancelled"
