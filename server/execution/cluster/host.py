"""What runs beside each Dask worker: it gives orders to confined processes of its own, as the owner does at home.

User code never runs in the process that speaks with the cluster, so nothing that it does can take that down.
"""

import asyncio
import contextlib
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from distributed import Worker, WorkerPlugin

from server import logs
from server.background import in_background
from server.execution.cluster.cache import Cache, CorruptError
from server.execution.cluster.desk import Desk, Gone, Missing, OwnerAway, OwnerFault
from server.execution.cluster.entry import HOST
from server.execution.cluster.folders import own_folder
from server.execution.cluster.habits import settle
from server.execution.cluster.mirror import Mirror
from server.execution.cluster.orders import Answer, Order, Told, encode
from server.execution.cluster.relocating import PORTABLE, Portable, datasets_of, relocated, results_of
from server.execution.codec import decode_task
from server.execution.codec import encode as encode_outcome
from server.execution.failures import failure_of
from server.execution.local import LocalExecutor
from server.execution.port import Counts, TaskHandle
from server.execution.tasks import BacktestTask, Outcome, TaskFailed

T = TypeVar("T")
_TELL_S: Final = 0.4
_OWNER_AWAY_S: Final = 10.0
"""For how long an owner may not answer, so that what nobody waits for has ended after 15 s."""
_AGAIN_S: Final = 0.5
_LAST: Final = "result.json"
"""The file by which a backtest's result is known to be whole."""


class Equipment(NamedTuple):
    """What a host works with; its folder is shared with the other hosts of the machine, for what is kept there."""

    folder: Path
    slots: int
    grace_s: float
    memory_limit_bytes: int | None
    compiled: Path | None
    cache_bytes: int
    log_format: str = "text"
    log_level: str = "warning"


class Host(WorkerPlugin):  # type: ignore[misc]  # distributed tells no types
    """A plugin of Dask's worker; travels to its process before `setup`."""

    name = HOST

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment

    async def setup(self, worker: Worker) -> None:
        """Starts the processes that compute; raises what `LocalExecutor` raises when they cannot be started."""
        logs.configure(self._equipment.log_format, self._equipment.log_level)
        settle()
        self._worker = worker
        self._closing = asyncio.Event()
        opened: asyncio.Future[LocalExecutor] = asyncio.get_running_loop().create_future()
        self._life = asyncio.ensure_future(self._live(opened))  # begun here and ended by teardown, in other tasks
        self._life.add_done_callback(lambda life: opened.cancel() if not opened.done() else None)
        try:
            await asyncio.shield(opened)
        except asyncio.CancelledError:
            if self._life.done():
                self._life.result()  # raises why it ended
            raise
        self._executor = opened.result()

    async def teardown(self, worker: Worker) -> None:
        """Ends them."""
        self._closing.set()
        await self._life

    async def perform(self, order: Order) -> Answer:
        """Carries out an order, unless its owner has given it up."""
        desk = Desk(self._worker.rpc(order.depot), order.id, uuid.uuid4().hex)
        work = _Work(order, desk)
        try:
            await desk.begin(self._worker.address)
        except Gone:
            return self._answer(None, work)
        except OwnerAway as error:
            return self._answer(_unreachable(self._worker.address, order.depot, error), work, unable=True)
        async with in_background(work.watch()):
            try:
                outcome = await self._carried_out(work)
            except (Gone, OwnerAway):
                return self._answer(None, work)
            except OwnerFault as error:
                return self._answer(TaskFailed(**error.told), work)
            except Missing as error:
                told = f"the server has no {error} any more that this run needs"
                return self._answer(TaskFailed(cause="raised", message=told), work)
            except (OSError, CorruptError) as error:
                return self._answer(failure_of(error), work, unable=True)
        return self._answer(outcome, work, unable=isinstance(outcome, TaskFailed) and outcome.code == "disk_full")

    async def _live(self, opened: "asyncio.Future[LocalExecutor]") -> None:
        equipment = self._equipment
        with own_folder(equipment.folder) as home:
            async with LocalExecutor(
                workers=equipment.slots,
                home=home,
                grace_s=equipment.grace_s,
                memory_limit_bytes=equipment.memory_limit_bytes,
                compiled=equipment.compiled,
                serves=False,
            ) as executor:
                self._home = home
                self._cache = Cache(equipment.folder, equipment.cache_bytes, home)
                opened.set_result(executor)
                await self._closing.wait()

    async def _carried_out(self, work: "_Work") -> Outcome:
        async with AsyncExitStack() as stack:
            task = await work.unless_stopped(self._made_ready(work, stack))
            if task is None:
                return TaskFailed(cause="cancelled", message="cancelled before it started")
            outcome = await self._run(task, work)
            folder = results_of(task)
            files = sorted(folder.iterdir(), key=lambda file: file.name == _LAST) if folder else []
            for file in files:
                await work.desk.leave(file)
            return outcome

    async def _made_ready(self, work: "_Work", stack: AsyncExitStack) -> Portable:
        """The task with all that it needs on this machine, until the stack is closed."""
        task = decode_task(work.order.task)
        assert isinstance(task, PORTABLE)
        needed = [one.dataset for one in datasets_of(task).values()]
        datasets = await stack.enter_async_context(self._cache.datasets(needed, work.desk))
        source = await self._cache.source(task.strategy, work.desk)
        return relocated(task, datasets, source, await stack.enter_async_context(_scratch(self._home)))

    async def _run(self, task: Portable, work: "_Work") -> Outcome:
        handle = self._executor.start(task, timeout_s=work.order.timeout_s)
        try:
            async with in_background(work.stopping(handle), self._telling(task, handle, work)):
                return await handle.outcome()
        finally:
            work.counts, work.worked_s = handle.counts(), handle.worked_s()
            handle.cancel()  # nothing once it has ended

    async def _telling(self, task: Portable, handle: TaskHandle, work: "_Work") -> None:
        """Tells what changed, and before that sends what the owner may show with it."""
        mirror = Mirror(task, work.desk) if isinstance(task, BacktestTask) else None
        while True:
            await asyncio.sleep(_TELL_S)
            counts = handle.counts()
            if counts == work.counts:
                continue
            # an owner that is away, or has no room, says so to those who wait for its answer
            with contextlib.suppress(Gone, OwnerAway, OwnerFault):
                if mirror is not None:
                    await mirror.send(counts.processed)
            work.counts = counts
            told = Told(id=work.order.id, execution=work.desk.execution, counts=counts, restarts=self._restarts)
            self._worker.log_event(work.order.topic, encode(told))

    @property
    def _restarts(self) -> int:
        return self._executor.health().restarts

    def _answer(self, outcome: Outcome | None, work: "_Work", *, unable: bool = False) -> Answer:
        return Answer(
            host=self._worker.address,
            outcome=None if outcome is None or unable else encode_outcome(outcome),
            unable=outcome if unable and isinstance(outcome, TaskFailed) else None,
            counts=work.counts,
            worked_s=work.worked_s,
            restarts=self._restarts,
        )


class _Work:
    """One execution of an order, and whether anybody still wants it."""

    def __init__(self, order: Order, desk: Desk) -> None:
        self.order: Final = order
        self.desk: Final = desk
        self.stop: Final = asyncio.Event()
        self.counts = Counts()
        self.worked_s = 0.0

    async def unless_stopped(self, doing: Coroutine[Any, Any, T]) -> T | None:
        """What comes of it, None when the stop comes first."""
        done, stop = asyncio.ensure_future(doing), asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait({done, stop}, return_when=asyncio.FIRST_COMPLETED)
            return done.result() if done.done() else None
        finally:
            for one in (done, stop):
                one.cancel()
            await asyncio.wait({done, stop})

    async def watch(self) -> None:
        """Asks the owner whether to go on, until it says no or has been away for too long."""
        loop = asyncio.get_running_loop()
        heard_s = loop.time()
        while not self.stop.is_set():
            try:
                if await self.desk.stop_asked():
                    self.stop.set()
                heard_s = loop.time()
            except Gone:
                self.stop.set()
            except OwnerAway:
                if loop.time() - heard_s > _OWNER_AWAY_S:
                    self.stop.set()
                await asyncio.sleep(_AGAIN_S)
        await asyncio.Event().wait()

    async def stopping(self, handle: TaskHandle) -> None:
        """Hands a stop on."""
        await self.stop.wait()
        handle.cancel()
        await asyncio.Event().wait()


def _unreachable(host: str, depot: str, error: OwnerAway) -> TaskFailed:
    told = f"the worker {host} does not reach the server at {depot} ({error}); FORGE_DASK_LISTEN says where it can"
    return TaskFailed(cause="refused", message=told)


@asynccontextmanager
async def _scratch(home: Path) -> AsyncIterator[Path]:
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="task-", dir=home))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
