"""An owner of runs with a real store and broker, and an executor whose tasks end when the test says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from server.broker.memory import MemoryBroker
from server.broker.port import BrokerEvent, Published
from server.contract.catalogue import DatasetInfo
from server.contract.requests import Account, Axis, Commission
from server.contract.results import METRIC_NAMES, Metrics
from server.contract.run import Leader, RunSnapshot
from server.engine.settings import EngineSettings
from server.execution.port import Counts, ExecutorHealth
from server.execution.tasks import (
    BacktestDone,
    BacktestTask,
    DataSlice,
    Outcome,
    Task,
    TaskFailed,
    TrialsDone,
    TrialsTask,
)
from server.optimization.leaders import Ranked
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.runs.earlier import Earlier
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun
from server.runs.prepared import AnyPrepared, PreparedBacktest, PreparedOptimization
from server.runs.queue import RunQueue
from server.runs.scheduler import Scheduler
from server.runs.speeds import Speeds
from server.runs.sweep_messages import SweepPlan
from server.runs.workplace import Workplace
from server.store.database import SqliteStore
from server.store.results import ResultFiles
from server.strategies.source import StrategySource
from tests.unit.store.chunks import FAMILY

EMPTY_METRICS = msgspec.convert(dict.fromkeys(METRIC_NAMES, 0), Metrics)


class ScriptedTask:
    """A task that counts what it is told and ends when it is told; a cancel ends it unless it is `stubborn`."""

    def __init__(self, task: Task, *, stubborn: bool) -> None:
        self.task = task
        self.now = Counts()
        self.cancelled = asyncio.Event()
        self._stubborn = stubborn
        self._began_s = time.monotonic()
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def counts(self) -> Counts:
        return self.now

    def worked_s(self) -> float:
        return time.monotonic() - self._began_s

    def cancel(self) -> None:
        self.cancelled.set()
        if not self._stubborn:
            self.end(TaskFailed(cause="cancelled", message="cancelled"))

    async def outcome(self) -> Outcome:
        return await asyncio.shield(self._outcome)

    def end(self, outcome: Outcome) -> None:
        if not self._outcome.done():
            self._outcome.set_result(outcome)

    def complete(self) -> None:
        """Ends as its kind of task does when all goes well."""
        if isinstance(self.task, BacktestTask):
            bars = sum(part.stop_row - part.first_row for part in self.task.data)
            self.now = Counts(processed=bars, bars=bars, phase="simulating", mode="interpreted")
            self.end(BacktestDone(mode="interpreted", metrics=EMPTY_METRICS, total_bars=bars))
        elif isinstance(self.task, TrialsTask):
            trials = self.task.numbers or range(self.task.first, self.task.stop)
            space = self.task.space
            top = [
                Ranked(at, Leader(trial_key=_key(at), parameters=space.at(at), value=float(at))) for at in trials[-1:]
            ]
            self.end(
                TrialsDone(
                    completed=len(trials),
                    failed=0,
                    bars=len(trials) * 10,
                    top=top,
                    failures={},
                    last_error=None,
                )
            )


def _key(at: int) -> str:
    return f"{at:024x}"


class ScriptedExecutor:
    """Implements server.execution.port.Executor; `started` gives the tasks in order."""

    def __init__(self, slots: int = 2) -> None:
        self._slots = slots
        self.stubborn = False
        self.reserve = 0
        self._resized = asyncio.Event()
        self.started: asyncio.Queue[ScriptedTask] = asyncio.Queue()

    @property
    def slots(self) -> int:
        return self._slots

    @property
    def room(self) -> int:
        return self._slots + self.reserve

    @property
    def chunk_s(self) -> float:
        return 0.5

    async def resized(self) -> None:
        self._resized.clear()
        await self._resized.wait()

    def resize(self, slots: int) -> None:
        self._slots = slots
        self._resized.set()

    def start(self, task: Task, *, timeout_s: float | None = None) -> ScriptedTask:
        scripted = ScriptedTask(task, stubborn=self.stubborn)
        self.started.put_nowait(scripted)
        return scripted

    def health(self) -> ExecutorHealth:
        return ExecutorHealth(self._slots, 0, 0)


@dataclass
class Owner:
    """A server's inside without its outside."""

    store: SqliteStore
    broker: MemoryBroker
    executor: ScriptedExecutor
    ledger: Ledger
    scheduler: Scheduler
    results: ResultFiles
    published: list[RunSnapshot] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, prepared: AnyPrepared, *, force: bool = False) -> tuple[RunSnapshot, str]:
        return await self.ledger.submit(prepared, b"{}", force=force)

    def live(self, run_key: str) -> LiveRun:
        return self.ledger.live[run_key]

    async def until(self, true: Callable[[RunSnapshot], bool]) -> RunSnapshot:
        """The first published state, past or future, of which this is true."""
        while True:
            self.news.clear()
            for snapshot in self.published:
                if true(snapshot):
                    return snapshot
            async with asyncio.timeout(10):
                await self.news.wait()

    async def until_status(self, run_key: str, status: str, attempt: int = 1) -> RunSnapshot:
        return await self.until(
            lambda seen: (seen.run_key, seen.run.attempt, seen.state.status) == (run_key, attempt, status)
        )

    async def next_task(self) -> ScriptedTask:
        async with asyncio.timeout(10):
            return await self.executor.started.get()

    def deliver(self, event: BrokerEvent) -> None:
        if isinstance(event, Published):
            self.published.append(event.snapshot)
            self.news.set()


OpenOwner = Callable[..., Any]


@asynccontextmanager
async def opened(home: Path, *, slots: int = 2, queue_limit: int = 100, schedule: bool = True) -> AsyncIterator[Owner]:
    home.mkdir(parents=True, exist_ok=True)
    async with SqliteStore.open(home / "forge.sqlite3") as store:
        broker, executor, results = MemoryBroker(), ScriptedExecutor(slots), ResultFiles(home / "results")
        ledger = Ledger(store, broker, RunQueue[LiveRun](queue_limit), results)
        scheduler = Scheduler(
            ledger, Workplace(executor, store, results, Speeds(lambda: executor.slots, home / "speeds.json"))
        )
        owner = Owner(store, broker, executor, ledger, scheduler, results)
        async with broker.subscribe_topic("runs", owner.deliver):
            task = asyncio.create_task(scheduler.run()) if schedule else None
            try:
                yield owner
            finally:
                if task is not None:
                    task.cancel()
                    await asyncio.wait([task])


@pytest.fixture
def open_owner(tmp_path: Path) -> OpenOwner:
    """Opens an owner of one home; again after a first has been closed, as after a restart."""

    def open_(**options: Any) -> Any:
        return opened(tmp_path / "home", **options)

    return open_


@pytest.fixture
async def owner(open_owner: OpenOwner) -> AsyncIterator[Owner]:
    """One that is open for the whole test."""
    async with open_owner() as it:
        yield it


def _shared(run_key: str, rows: int) -> dict[str, Any]:
    dataset = DatasetInfo(
        id="acme-test-1h-v1",
        asset_name="ACME",
        exchange="TEST",
        time_frame="1h",
        version=1,
        content_hash="0" * 24,
        rows=rows,
        first="2024-01-01T00:00:00.000Z",
        last="2024-02-01T00:00:00.000Z",
        tick_size=0.01,
        lot_size=1.0,
        quote="USD",
        multiplier=1.0,
        gaps=[],
        gap_count=0,
        quarantined=0,
        source="a test",
        ingested_at="2024-03-01T00:00:00.000Z",
        synthetic=True,
    )
    return {
        "run_key": run_key,
        "strategy": StrategySource(
            name="Probe", version="1.0.0", source_hash="ab" * 12, directory="/", module="probe", class_name="Probe"
        ),
        "data": [DataSlice(dataset=dataset, directory="/nowhere", first_row=0, stop_row=rows)],
        "settings": EngineSettings(
            initial_cash=1000.0, commission=Commission(model="rate", value=0.0), account=Account(type="cash")
        ),
        "settings_sent": {},
        "start_ms": 0,
        "end_ms": 1,
        "identity": {},
        "priority": "normal",
    }


@pytest.fixture
def a_backtest() -> Callable[..., PreparedBacktest]:
    """Makes backtests ready to run; `number` tells them apart."""

    def make(number: int = 1, *, rows: int = 100, **changes: Any) -> PreparedBacktest:
        run_key = f"Probe_1.0.0_20240101-20240201_{number:016x}"
        shared = _shared(run_key, rows)
        return PreparedBacktest(**(shared | {"total": rows, "parameters": {"number": number}} | changes))

    return make


@pytest.fixture
def a_sweep() -> Callable[..., PreparedOptimization]:
    """Makes grids over `fast` ready to run."""

    def make(number: int = 1, *, trials: int = 4, **changes: Any) -> PreparedOptimization:
        run_key = f"Probe_1.0.0_20240101-20240201_opt-{number:016x}"
        space = Space(names=["fast"], values=[list(range(trials))])
        own = {
            "total": trials,
            "axes": {"fast": Axis(values=list(range(trials)))},
            "space": space,
            "method": "grid",
            "seed": 0,
            "ranking": Ranking(sort_by="netProfit"),
        }
        return PreparedOptimization(**(_shared(run_key, 10) | own | changes))

    return make


@pytest.fixture
def plan(tmp_path: Path, a_sweep: Callable[..., PreparedOptimization]) -> Callable[..., SweepPlan]:
    """Makes plans over a data set of ten hourly bars."""
    data = tmp_path / "data"
    data.mkdir()
    bars = np.ones((6, 10), dtype=np.int64)
    bars[0] = np.arange(10) * 3_600_000
    np.save(data / "bars.npy", bars)

    def make(trials: int = 4, attempt: int = 1, slots: int = 1) -> SweepPlan:
        prepared = a_sweep(trials=trials)
        folder = tmp_path / "results" / str(attempt)
        folder.mkdir(parents=True)
        return SweepPlan(
            run_key=prepared.run_key,
            attempt=attempt,
            total=trials,
            bars_per_trial=10,
            ranking=Ranking(sort_by="netProfit"),
            method="grid",
            seed=0,
            axes=prepared.axes,
            space=prepared.space,
            slots=slots,
            result_dir=str(folder),
            earlier={
                FAMILY: [
                    Earlier(folder=str(tmp_path / "results" / str(number)), kind="optimization", same_run=True)
                    for number in range(1, attempt)
                ]
            },
            strategy=prepared.strategy,
            data=[DataSlice(dataset=prepared.data[0].dataset, directory=str(data), first_row=2, stop_row=8)],
            settings_sent={},
            start_ms=0,
            end_ms=1,
            identity={},
            started_ms=0,
        )

    return make
