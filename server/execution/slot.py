"""One warm worker process, and what heals it.

Every slot has a pebble pool of one worker to itself. In a shared pool all workers read one pipe under one lock: a
worker killed at the wrong instant takes that lock with it and stops the others for a minute, and one killed while
idle breaks the whole pool.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from multiprocessing.context import ForkServerContext
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pebble import ProcessExpired, ProcessPool

from server.execution import entry
from server.execution.cell import CellAddress
from server.execution.confinement import Confinement

_log = logging.getLogger(__name__)
_GREETING_TIMEOUT_S: Final = 30.0
_UNSEEN_DEATH_S: Final = 0.5
"""Pebble tells a death within 0.1 s, but for one with exit code 0 or in the middle of taking a task."""
_MAX_PAUSE_S: Final = 5.0

T = TypeVar("T")


class Died:
    """The worker ended in the middle of the task; `exit_code` negative for a signal, None when nobody saw it."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code


class NotTaken:
    """The task reached no worker: it can be given to another one."""


Ending = bytes | Died | NotTaken


class WorkerSlot:
    """At most one task at a time. Everything runs on the event loop; pebble's threads only wake it."""

    def __init__(
        self,
        context: ForkServerContext,
        limits: Confinement,
        compiled: str | None,
        on_ready: Callable[["WorkerSlot"], None],
        spawn: Callable[[Any], None],
    ) -> None:
        """`compiled`: where the worker keeps the machine code of strategies, None where it compiles none.

        `on_ready` is told when the slot can take a task; `spawn` runs a coroutine in the executor's task group.
        """
        self._context = context
        self._limits = limits
        self._compiled = compiled
        self._on_ready = on_ready
        self._spawn = spawn
        self._loop = asyncio.get_running_loop()
        self._pool: ProcessPool | None = None
        self._pid: int | None = None
        self._on_end: Callable[[Ending], None] | None = None
        self._job = 0
        self._concerns: Mapping[str, object] = {}
        self._killed = False
        self._closed = False
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none that takes tasks."""
        return self._pid

    @property
    def busy(self) -> bool:
        """Whether a task is with the worker."""
        return self._on_end is not None

    @property
    def idle(self) -> bool:
        """Whether the worker is warm and takes a task."""
        return self._pid is not None and self._on_end is None and not self._closed

    async def open(self) -> None:
        """Starts the worker and waits until it is warm; RuntimeError when it does not start."""
        await self._start_pool()
        self._on_ready(self)

    def open_later(self) -> None:
        """Starts the worker in the background, however often that takes."""
        self._spawn(self._recover())

    def retire(self) -> None:
        """Takes no more tasks, and puts no worker in the place of one that dies."""
        self._closed = True

    async def close(self) -> None:
        """Kills the worker, whatever it does, and waits until it is gone."""
        self.retire()
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # before the kill, or pebble puts another in place
        self._kill()
        self._end(self._job, Died(-signal.SIGKILL))
        await self._stop_pool()

    def run(
        self,
        task: bytes,
        address: CellAddress,
        on_end: Callable[[Ending], None],
        concerns: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Gives the worker a task; `on_end` is told once, on the event loop. `concerns`: the run that it is of, for
        the log.
        """
        self._concerns = concerns
        assert self._pool is not None
        assert self._on_end is None
        self._job += 1
        self._on_end = on_end
        try:
            future = self._pool.schedule(entry.run, args=(task, address, self._compiled))
        except RuntimeError:  # the pool broke while it was idle
            self._loop.call_soon(self._end, self._job, NotTaken())
        else:
            future.add_done_callback(_on_loop(self._loop, self._ended, self._job))

    def kill(self) -> None:
        """Kills the worker in the middle of its task."""
        if self._on_end is not None:
            self._kill()

    def look_after(self) -> None:
        """Notices the deaths that pebble does not; called a few times a second."""
        pid = self._pid
        if pid is None or _alive(pid):
            return
        if self._on_end is None:
            self._heal()
        else:
            self._loop.call_later(_UNSEEN_DEATH_S, self._end, self._job, Died(0))

    def _ended(self, job: int, future: Future[bytes]) -> None:
        error = future.exception()  # never result(): user code's SystemExit is not to be raised here
        if error is None:
            self._end(job, future.result())
        else:
            self._end(job, Died(error.exitcode) if isinstance(error, ProcessExpired) else NotTaken())

    def _end(self, job: int, ending: Ending) -> None:
        if job != self._job or self._on_end is None:
            return  # told already
        on_end, self._on_end = self._on_end, None
        if isinstance(ending, bytes) and not self._killed:
            self._concerns = {}
            on_end(ending)
            if not self._closed:
                self._on_ready(self)
        else:
            self._heal()
            on_end(ending)

    def _kill(self) -> None:
        if self._pid is not None:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def _heal(self) -> None:
        concerns, self._concerns = self._concerns, {}
        pid, self._pid = self._pid, None
        if not self._closed:
            self.deaths += 1
            _log.warning("a worker ended and is replaced", extra={**concerns, "worker": pid, "killed": self._killed})
            self._spawn(self._recover())

    async def _recover(self) -> None:
        """Waits for the worker that pebble put in place, or starts anew where it did not."""
        pause_s = 0.1
        while not self._closed:
            try:
                if self._pool is None:
                    await self._start_pool()
                else:
                    await self._greet(self._pool)
            except (RuntimeError, OSError, TimeoutError) as error:
                if not self._closed:
                    _log.error("a worker does not start", extra={"reason": str(error) or type(error).__name__})
                await self._stop_pool()
                await asyncio.sleep(pause_s)  # a worker that cannot start is not tried in a tight loop
                pause_s = min(2 * pause_s, _MAX_PAUSE_S)
            else:
                self._on_ready(self)
                return

    async def _start_pool(self) -> None:
        self._pool = ProcessPool(
            max_workers=1, initializer=entry.initialize, initargs=(self._limits,), context=self._context
        )
        await self._greet(self._pool)

    async def _greet(self, pool: ProcessPool) -> None:
        """Waits until the pool's worker answers; TimeoutError, RuntimeError or OSError when it does not."""
        async with asyncio.timeout(_GREETING_TIMEOUT_S):
            # the first call starts processes and may block for as long as that takes
            greeting = await asyncio.to_thread(pool.schedule, entry.greet)
            answer: asyncio.Future[Future[int]] = self._loop.create_future()
            greeting.add_done_callback(_on_loop(self._loop, _settle, answer))
            pid = (await answer).result()
        self._pid, self._killed = pid, False

    async def _stop_pool(self) -> None:
        pool, self._pool, self._pid = self._pool, None, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)


def _on_loop(
    loop: asyncio.AbstractEventLoop, told: Callable[[Any, Future[T]], None], first: Any
) -> Callable[[Future[T]], None]:
    """A done-callback that calls `told(first, future)` on the loop, if that still runs."""

    def forward(future: Future[T]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed
            loop.call_soon_threadsafe(told, first, future)

    return forward


def _settle(answer: "asyncio.Future[Future[T]]", future: Future[T]) -> None:
    if not answer.done():
        answer.set_result(future)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it so
    pool.join()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
