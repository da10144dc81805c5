"""What no executor may suffer from: strategies that break everything around them, workers that die."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from server.execution.port import Executor
from server.execution.tasks import BacktestDone, Outcome, TaskFailed, TrialsDone, TrialsTask
from tests.contracts.executing import ENDLESS, MEMORY_LIMIT_BYTES, QUICK, Gate, ended
from tests.waiting import looks

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def outcome_of(executor: Executor, workshop: "Workshop", code: str, **parameters: float) -> Outcome:
    task = workshop.backtest(workshop.strategy(code), workshop.data(200), parameters)
    return await ended(executor.start(task))


async def failure_of(executor: Executor, workshop: "Workshop", code: str) -> TaskFailed:
    outcome = await outcome_of(executor, workshop, code)
    assert isinstance(outcome, TaskFailed)
    return outcome


async def counted(executor: Executor, task: TrialsTask) -> tuple[int, int, str | None]:
    """Trials completed and failed, and the last error: of the chunk and of what a slow trial left of it."""
    completed, failed, error = 0, 0, None
    while (ended_trials := completed + failed) < task.stop:
        outcome = await ended(executor.start(msgspec.structs.replace(task, first=ended_trials)))
        assert isinstance(outcome, TrialsDone)
        assert outcome.completed + outcome.failed > 0
        completed, failed, error = completed + outcome.completed, failed + outcome.failed, outcome.last_error or error
    return completed, failed, error


async def assert_works(executor: Executor, workshop: "Workshop") -> None:
    """Every worker of the pool takes a task again."""
    gates = [Gate(workshop) for _ in range(executor.slots)]
    handles = [executor.start(workshop.backtest(gate.strategy, workshop.data(1500))) for gate in gates]
    for gate in gates:
        await gate.worker()
    for gate in gates:
        gate.open()
    for handle in handles:
        assert isinstance(await ended(handle), BacktestDone)


async def test_a_killed_worker_fails_its_task_alone(executor: Executor, workshop: "Workshop") -> None:
    victim, neighbour = Gate(workshop), Gate(workshop)
    data = workshop.data(1500)
    restarts = executor.health().restarts
    doomed = executor.start(workshop.backtest(victim.strategy, data))
    other = executor.start(workshop.backtest(neighbour.strategy, data))
    await neighbour.worker()
    pid = await victim.worker()
    before = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    outcome = await ended(doomed)
    assert time.monotonic() - before < 2
    assert isinstance(outcome, TaskFailed)
    assert outcome.cause == "died"
    assert "SIGKILL" in outcome.message
    neighbour.open()
    assert isinstance(await ended(other), BacktestDone)
    await assert_works(executor, workshop)
    assert executor.health().restarts == restarts + 1


async def test_a_worker_killed_while_it_is_idle_is_replaced(executor: Executor, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    handle = executor.start(workshop.backtest(gate.strategy, workshop.data(1500)))
    pid = await gate.worker()
    gate.open()
    await ended(handle)
    os.kill(pid, signal.SIGKILL)
    await assert_works(executor, workshop)


async def test_a_strategy_that_never_looks_is_killed_after_the_grace(executor: Executor, workshop: "Workshop") -> None:
    gate = Gate(workshop, ENDLESS)
    handle = executor.start(workshop.backtest(gate.strategy, workshop.data(200)))
    await gate.worker()
    before = time.monotonic()
    handle.cancel()
    outcome = await ended(handle)
    assert 0.3 <= time.monotonic() - before < 2
    assert outcome == TaskFailed(cause="cancelled", message="did not stop within 0.3 s and was killed")
    await assert_works(executor, workshop)


async def test_time_over_ends_what_never_looks(executor: Executor, workshop: "Workshop") -> None:
    task = workshop.backtest(Gate(workshop, ENDLESS).strategy, workshop.data(200))
    outcome = await ended(executor.start(task, timeout_s=0.2))
    assert outcome == TaskFailed(cause="timeout", message="ran longer than its time of 0.2 s")
    assert list(Path(task.result_dir).iterdir()) == []


async def test_a_trial_that_never_ends_fails_alone(executor: Executor, workshop: "Workshop") -> None:
    code = """
    class Probe(Strategy):
        loops: bool = param(False)

        def on_bar(self, bar):
            while self.loops:
                pass
    """
    task = workshop.trials(
        workshop.strategy(code), workshop.data(200), {"loops": [False, True, False]}, trial_timeout_s=0.2
    )
    completed, failed, error = await counted(executor, task)
    assert (completed, failed) == (2, 1)
    assert error is not None
    assert "0.2 s" in error


async def test_too_much_memory_is_refused_and_the_limit_named(executor: Executor, workshop: "Workshop") -> None:
    restarts = executor.health().restarts
    failure = await failure_of(
        executor,
        workshop,
        """
    class Probe(Strategy):
        def init(self):
            self.hoard = []

        def on_bar(self, bar):
            self.hoard.append(bytearray(2**23))
    """,
    )
    assert failure.cause == "memory"
    assert failure.message == f"needed more memory than its limit of {MEMORY_LIMIT_BYTES // 2**20} MiB"
    assert failure.stack_trace is not None
    assert "self.hoard.append(bytearray(2**23))" in failure.stack_trace
    await assert_works(executor, workshop)
    assert executor.health().restarts == restarts


async def test_a_trial_that_needs_too_much_memory_fails_alone(executor: Executor, workshop: "Workshop") -> None:
    code = """
    class Probe(Strategy):
        hoards: bool = param(False)

        def init(self):
            self.hoard = []

        def on_bar(self, bar):
            if self.hoards:
                self.hoard.append(bytearray(2**23))
    """
    task = workshop.trials(workshop.strategy(code), workshop.data(200), {"hoards": [False, True, False]})
    told = f"needed more memory than its limit of {MEMORY_LIMIT_BYTES // 2**20} MiB"
    assert await counted(executor, task) == (2, 1, told)


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("os._exit(3)", "exit code 3"),
        ("os._exit(0)", "exit code 0"),
        ("ctypes.string_at(0)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
    ],
)
async def test_a_strategy_that_ends_its_worker_is_told_how(
    executor: Executor, workshop: "Workshop", deed: str, told: str
) -> None:
    before = time.monotonic()
    failure = await failure_of(
        executor,
        workshop,
        f"""
    import ctypes, os

    class Probe(Strategy):
        def on_bar(self, bar):
            {deed}
    """,
    )
    assert time.monotonic() - before < 2
    assert failure.cause == "died"
    assert told in failure.message
    await assert_works(executor, workshop)


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("self.on_bar(bar)", "RecursionError: "),
        ("raise Mute()", "probe.Mute: "),
        ("raise ValueError('x' * 10**7)", "ValueError: xxx"),
        ("raise ValueError('\\ud800')", "ValueError: \\ud800"),
        ("sys.setrecursionlimit(20_000); self.on_bar(bar)", "RecursionError: "),
    ],
)
async def test_whatever_a_strategy_raises_fails_it_with_a_stack_trace(
    executor: Executor, workshop: "Workshop", deed: str, told: str
) -> None:
    failure = await failure_of(
        executor,
        workshop,
        f"""
    import sys

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    class Probe(Strategy):
        def on_bar(self, bar):
            {deed}
    """,
    )
    assert failure.cause == "raised"
    assert failure.message.startswith(told)
    assert len(failure.message) < 5_000
    assert failure.stack_trace is not None
    assert len(failure.stack_trace) < 70_000
    assert "probe.py" in failure.stack_trace
    await assert_works(executor, workshop)


async def test_megabytes_of_output_harm_nobody(executor: Executor, workshop: "Workshop") -> None:
    outcome = await outcome_of(
        executor,
        workshop,
        """
    import os, sys

    class Probe(Strategy):
        def on_bar(self, bar):
            print("x" * 100_000)
            sys.stderr.write("y" * 100_000)
            os.write(1, b"z" * 100_000)
    """,
    )
    assert isinstance(outcome, BacktestDone)


async def test_what_handlers_return_means_nothing(executor: Executor, workshop: "Workshop") -> None:
    outcome = await outcome_of(
        executor,
        workshop,
        """
    class Probe(Strategy):
        def init(self):
            return 42

        def normalize(self):
            return {"nonsense": object()}

        def on_bar(self, bar):
            return float("nan")
    """,
    )
    assert isinstance(outcome, BacktestDone)


@pytest.mark.parametrize("quantity", ["float('nan')", "float('inf')", "-1", "'all'", "None", "10**400", "[]", "True"])
async def test_an_order_of_nonsense_is_rejected_or_raises(
    executor: Executor, workshop: "Workshop", quantity: str
) -> None:
    outcome = await outcome_of(
        executor,
        workshop,
        f"""
    class Probe(Strategy):
        def on_bar(self, bar):
            self.buy({quantity})
    """,
    )
    if isinstance(outcome, TaskFailed):
        assert outcome.cause == "raised"
        assert outcome.stack_trace is not None
        assert "self.buy(" in outcome.stack_trace


async def test_a_copy_that_a_strategy_forks_does_nothing(executor: Executor, workshop: "Workshop") -> None:
    code = """
    import os

    class Probe(Strategy):
        def on_bar(self, bar):
            if bar.i % 10 == 0:
                self.child = os.fork()
    """
    task = workshop.backtest(workshop.strategy(code), workshop.data(200))
    assert isinstance(await ended(executor.start(task)), BacktestDone)
    written = {"equity.npy", "trades.npy", "orders.npy", "fills.npy", "result.json"}
    assert {path.name for path in Path(task.result_dir).iterdir()} == written
    await assert_works(executor, workshop)


async def test_many_deaths_are_healed(executor: Executor, workshop: "Workshop") -> None:
    data = workshop.data(1500)
    for _ in range(3):
        gates = [Gate(workshop) for _ in range(executor.slots)]
        handles = [executor.start(workshop.backtest(gate.strategy, data)) for gate in gates]
        for gate in gates:
            os.kill(await gate.worker(), signal.SIGKILL)
        for handle in handles:
            outcome = await ended(handle)
            assert isinstance(outcome, TaskFailed)
            assert outcome.cause == "died"
    assert isinstance(await outcome_of(executor, workshop, QUICK), BacktestDone)


async def test_no_zombie_is_left(executor: Executor, workshop: "Workshop") -> None:
    gate = Gate(workshop)
    handle = executor.start(workshop.backtest(gate.strategy, workshop.data(1500)))
    pid = await gate.worker()
    os.kill(pid, signal.SIGKILL)
    await ended(handle)
    async with asyncio.timeout(2):
        async for exists in looks(Path(f"/proc/{pid}").exists):
            if not exists:
                return
