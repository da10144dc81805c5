"""The executor on this machine: warm worker processes, one to a slot, with the board between them and the server."""

import asyncio
import contextlib
import logging
import multiprocessing
import os
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from server.execution.board import Board
from server.execution.codec import encode
from server.execution.confinement import Confinement
from server.execution.handle import LocalTask
from server.execution.lane import Lane
from server.execution.port import ExecutorHealth
from server.execution.slot import WorkerSlot
from server.execution.tasks import (
    BacktestTask,
    ImportTask,
    InspectTask,
    Job,
    PrepareTask,
    ResampleTask,
    Task,
    TaskFailed,
)

_log = logging.getLogger(__name__)
_COMPUTE_NICENESS: Final = 10
_SERVICE_NICENESS: Final = 5
_LOOK_INTERVAL_S: Final = 0.2
_SPARE_CELLS: Final = 16
_SETTLE_S: Final = 2.0
_CONTAINER_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
_PRELOAD: Final = ["server.execution.preload"]
_PRELOAD_COMPILER: Final = "server.engine.compile.workshop"


class LocalExecutor:
    """Implements `Executor`. Compute tasks share `workers` slots in order of start; inspections and imports have a
    slot each of their own, so that neither waits behind computing nor is hurt by it."""

    def __init__(
        self,
        *,
        workers: int,
        home: Path,
        grace_s: float = 1.0,
        memory_limit_bytes: int | None = None,
        compiled: Path | None = None,
        serves: bool = True,
    ) -> None:
        """`grace_s`: how long a task may go on after it was asked to stop. `memory_limit_bytes` of private memory a
        worker; left out, the workers share four fifths of the machine's. `compiled`: where machine code is kept; left
        out, all strategies are interpreted. Not `serves`: it is given no inspections and imports."""
        self._workers = workers
        self._serves = serves
        self._grace_s = grace_s
        self._memory_limit_bytes = memory_limit_bytes or share_of_memory(workers)
        self._board = Board(home / "board", workers + _SPARE_CELLS)
        self._compute = Lane(self._board)
        self._inspections = Lane(self._board)
        self._imports = Lane(self._board)
        self._preparing = Lane(self._board)
        self._compiled = None if compiled is None else str(compiled)
        self._group = asyncio.TaskGroup()
        self._starting: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Returns with one worker warm, the others follow; RuntimeError, OSError or TimeoutError if it cannot start."""
        await self._group.__aenter__()
        try:
            first = (self._inspections, _SERVICE_NICENESS) if self._serves else (self._compute, _COMPUTE_NICENESS)
            await self._new_slot(*first).open()
        except BaseException:
            await self._shut()
            raise
        for lane, niceness in (
            *((self._compute, _COMPUTE_NICENESS) for _ in range(self._workers - len(self._compute.slots))),
            *(((self._imports, _SERVICE_NICENESS),) if self._serves else ()),
        ):
            self._new_slot(lane, niceness).open_later()
        self._looking = self._group.create_task(self._look_after_slots())
        if self._compiled is not None:
            self._spawn(self._prepare())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Asks every task to stop, kills those that do not, and returns when no worker is left."""
        await self._shut()

    @property
    def slots(self) -> int:
        """How many compute tasks run at once."""
        return self._workers

    @property
    def room(self) -> int:
        """As many as there are slots: the next one is there within a millisecond."""
        return self._workers

    @property
    def chunk_s(self) -> float:
        """Half a second: a task costs some milliseconds."""
        return 0.5

    async def resized(self) -> None:
        """Waits for ever: the workers are as many as at the start."""
        await asyncio.Event().wait()

    def start(self, task: Task, *, timeout_s: float | None = None) -> LocalTask:
        """Starts a task, or queues it while the slots of its kind are taken; `timeout_s` counts its running time."""
        unfinished = (task.live_curve, task.live_log, task.live_plots) if isinstance(task, BacktestTask) else ()
        run_key, attempt = (task.run_key, task.attempt) if isinstance(task, Job) else (None, None)
        handle = LocalTask(
            encode(task),
            grace_s=self._grace_s,
            timeout_s=timeout_s,
            run_key=run_key,
            attempt=attempt,
            unfinished=unfinished,
        )
        match task:
            case InspectTask():
                self._inspections.add(handle)
            case ImportTask() | ResampleTask():
                self._imports.add(handle)
            case _:
                self._compute.add(handle)
        return handle

    def health(self) -> ExecutorHealth:
        """The compute workers; replaced ones of every kind are counted."""
        return ExecutorHealth(
            workers=self._workers,
            busy=sum(slot.busy for slot in self._compute.slots),
            restarts=sum(slot.deaths for slot in self._all_slots()),
            tasks=tuple(
                handle.at_work() for handle in sorted(self._compute.running, key=lambda handle: handle.began_s)
            ),
        )

    def _lanes(self) -> tuple[Lane, Lane, Lane, Lane]:
        return self._compute, self._inspections, self._imports, self._preparing

    def _all_slots(self) -> list[WorkerSlot]:
        return [slot for lane in self._lanes() for slot in lane.slots]

    def _new_slot(self, lane: Lane, niceness: int) -> WorkerSlot:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD + [_PRELOAD_COMPILER] * (self._compiled is not None))
        limits = Confinement(niceness, self._memory_limit_bytes)
        slot = WorkerSlot(context, limits, self._compiled, lane.serve, self._spawn)
        lane.add_slot(slot)
        return slot

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(work)
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _prepare(self) -> None:
        """Has the compiler made ready by a worker of its own: where nothing is kept of it that takes seconds."""
        handle = LocalTask(encode(PrepareTask()), grace_s=self._grace_s, timeout_s=None)
        self._preparing.add(handle)
        slot = self._new_slot(self._preparing, _COMPUTE_NICENESS)
        with contextlib.suppress(RuntimeError, OSError, TimeoutError):  # told by the slot; runs are interpreted then
            await slot.open()
            outcome = await handle.outcome()
            if isinstance(outcome, TaskFailed) and outcome.cause != "cancelled":
                _log.warning("strategies are interpreted: no compiler", extra={"reason": outcome.message})
        await slot.close()

    async def _look_after_slots(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_INTERVAL_S)  # the interval at which deaths are noticed that pebble misses
            for slot in self._all_slots():
                slot.look_after()

    async def _shut(self) -> None:
        # a worker that is just starting is waited for: killed before its process id is known it takes seconds to end
        last: list[asyncio.Future[Any]] = [*self._starting]
        last += [asyncio.ensure_future(handle.outcome()) for lane in self._lanes() for handle in lane.running]
        for lane in self._lanes():
            lane.close()
        if last:
            await asyncio.wait(last, timeout=self._grace_s + _SETTLE_S)
        if self._looking is not None:
            self._looking.cancel()
        for task in tuple(self._starting):
            task.cancel()
        await asyncio.gather(*(slot.close() for slot in self._all_slots()))
        await self._group.__aexit__(None, None, None)
        self._board.close()


def share_of_memory(workers: int) -> int:
    """Bytes for each of so many workers: four fifths of the machine's go round."""
    return _memory_bytes() * 4 // 5 // workers


def _memory_bytes() -> int:
    """What the machine has, or as much of it as the container may take."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(machine, int(_CONTAINER_LIMIT.read_text()))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return machine
