"""The executor on a Dask cluster, for what computes; what serves the owner itself stays on the owner's machine."""

import asyncio
import logging
import uuid
from collections import Counter, deque
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, NamedTuple, Self

from distributed.security import Security
from distributed.utils import get_ip

from server.execution.cluster.depot import Depot
from server.execution.cluster.habits import settle
from server.execution.cluster.link import ClusterLink, ClusterLost, HostsDied
from server.execution.cluster.orders import Order, Told
from server.execution.cluster.relocating import PORTABLE
from server.execution.cluster.remote_task import RemoteTask
from server.execution.cluster.trust import check_reach
from server.execution.local import LocalExecutor
from server.execution.port import ClusterHealth, ExecutorHealth, TaskHandle
from server.execution.tasks import Task, TaskFailed

_log: Final = logging.getLogger(__name__)
_LEAST_PAUSE_S: Final = 0.1
_LEAST_CHUNK_S: Final = 2.0
_CHUNK_S_A_SLOT: Final = 0.05
_MOST_PAUSE_S: Final = 2.0


class Place(NamedTuple):
    """Where a cluster's scheduler is, and on which address of this machine its workers reach the owner.

    `listen`: `host[:port]`, None: the address that leads to the scheduler, on a port that is free.
    """

    url: str
    listen: str | None


class DaskExecutor:
    """Implements `Executor`. Backtests and trials go to the hosts of the cluster, as many as they have slots; the
    others wait here, in order of start, so that one that is cancelled meanwhile costs nothing.

    While the scheduler is away tasks wait, and those that were with it are begun again when it is back.
    """

    def __init__(
        self, place: Place, *, local: LocalExecutor, security: Security, grace_s: float, unheard_s: float = 5.0
    ) -> None:
        """`local` does what no other machine can: inspections, imports, the grouping of sets.

        A host has `grace_s` to end a task that is to stop, killing what does not, and `unheard_s` to send what is
        finished; then it is started anew.
        """
        self._place = place
        self._local = local
        self._security = security
        self._patience_s = grace_s + unheard_s
        self._waiting: deque[RemoteTask] = deque()
        self._tasks: dict[str, RemoteTask] = {}
        self._restarts: Counter[str] = Counter()
        self._stack = AsyncExitStack()
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False
        self._resized = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Returns once this machine's part works, whether the cluster answers or not.

        ClusterRefused, OSError when it cannot listen.
        """
        settle()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._local)
            self._depot = await stack.enter_async_context(Depot(self, self._security))
            await check_reach(self._address(), listening=True)
            await self._depot.listen(self._address(), **self._security.get_listen_args("worker"))
            self._topic = f"algotradeforge-{uuid.uuid4().hex}"
            self._link = ClusterLink(
                self._place.url, self._security, self._topic, on_told=self._told, on_change=self._changed
            )
            await self._group.__aenter__()
            self._connecting = self._group.create_task(self._link.run())
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Asks every task to stop, waits for those that do, and leaves the cluster."""
        self._closed = True
        for task in (*self._waiting, *self._tasks.values()):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=self._patience_s)
        for task in self._tasks.values():
            task.settle(TaskFailed(cause="cancelled", message="the executor is stopping"))
        if self._running:
            await asyncio.wait(self._running)
        self._connecting.cancel()
        await self._group.__aexit__(None, None, None)
        await self._stack.aclose()

    @property
    def slots(self) -> int:
        """How many compute tasks run at once: at least 1, so that something is asked for when the cluster is back."""
        return max(1, sum(self._link.hosts.slots.values()))

    @property
    def room(self) -> int:
        """One more for each host, in reserve: it begins when another ends, without a word from here."""
        return self.slots + len(self._link.hosts.slots)

    @property
    def chunk_s(self) -> float:
        """Two seconds: a task costs some ten milliseconds here and as many on its host. With many slots more, so that
        handing out takes a fifth of a core at most.
        """
        return max(_LEAST_CHUNK_S, self.slots * _CHUNK_S_A_SLOT)

    async def resized(self) -> None:
        """Waits until `slots` is another number."""
        self._resized.clear()
        await self._resized.wait()

    def start(self, task: Task, *, timeout_s: float | None = None) -> TaskHandle:
        """As `Executor.start`."""
        if not isinstance(task, PORTABLE):
            return self._local.start(task, timeout_s=timeout_s)
        remote = RemoteTask(
            uuid.uuid4().hex, task, patience_s=self._patience_s, timeout_s=timeout_s, on_deaf=self._restart
        )
        if self._closed:
            remote.settle(TaskFailed(cause="cancelled", message="the executor is stopping"))
            return remote
        self._waiting.append(remote)
        self._dispatch()
        return remote

    def health(self) -> ExecutorHealth:
        """The hosts' workers; replaced ones of this machine are counted with them."""
        begun = [task for task in self._tasks.values() if task.at_host]
        return ExecutorHealth(
            workers=sum(self._link.hosts.slots.values()),
            busy=len(begun),
            restarts=self._restarts.total() + self._local.health().restarts,
            tasks=tuple(task.at_work() for task in begun),
            cluster=ClusterHealth(
                self._link.url, self._link.connected, self._link.hosts.slots, self._link.hosts.others
            ),
        )

    def find(self, number: str) -> RemoteTask | None:
        """Implements `depot.Tasks`."""
        return self._tasks.get(number)

    def _dispatch(self) -> None:
        while self._waiting and not self._closed and len(self._tasks) < self.room:
            task = self._waiting.popleft()
            if task.done:  # cancelled while it waited
                continue
            task.give_out()
            self._tasks[task.id] = task
            run = self._group.create_task(self._run(task))
            self._running.add(run)
            run.add_done_callback(self._running.discard)

    async def _run(self, task: RemoteTask) -> None:
        """Has a task carried out, again and again when it is lost, until it is over in whatever way."""
        work = asyncio.ensure_future(self._carried_out(task))
        over = asyncio.ensure_future(task.over.wait())
        try:
            await asyncio.wait({work, over}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done and (error := work.exception()) is not None:
                _log.error("a task was lost inside the server", exc_info=error)
                task.settle(TaskFailed(cause="died", message=f"internal error: {type(error).__name__}"))
        finally:
            for one in (work, over):
                one.cancel()
            await asyncio.wait({work, over})
            await self._tidied(task)
            self._tasks.pop(task.id)
            self._dispatch()

    async def _tidied(self, task: RemoteTask) -> None:
        try:
            await asyncio.to_thread(task.delivery.forsake)
        except OSError as error:
            _log.warning("unfinished files stay", extra={"reason": str(error)})
        finally:
            task.ended.set()

    async def _carried_out(self, task: RemoteTask) -> None:
        order = Order(
            id=task.id, task=task.encoded, timeout_s=task.timeout_s, depot=self._depot.address, topic=self._topic
        )
        pause_s = _LEAST_PAUSE_S
        while not task.done:
            try:
                answer = await self._link.perform(order, task.avoided)
            except ClusterLost:
                task.lost()
            except HostsDied as error:
                task.settle(TaskFailed(cause="died", message=f"every machine that ran it was lost: {error}"))
            else:
                self._restarts[answer.host] = answer.restarts
                task.answered(answer)
            if not task.done:
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _MOST_PAUSE_S)

    def _told(self, told: Told) -> None:
        task = self._tasks.get(told.id)
        if task is not None and task.is_of(told.execution):
            task.told(told.counts)
            self._restarts[task.host] = told.restarts

    def _changed(self) -> None:
        self._resized.set()
        self._dispatch()

    def _restart(self, host: str) -> None:
        _log.warning("a host does not stop its task and is restarted", extra={"worker": host})
        self._group.create_task(self._link.restart(host))

    def _address(self) -> str:
        protocol, _, rest = self._place.url.partition("://")
        if self._place.listen is not None:
            return f"{protocol}://{self._place.listen}"
        return f"{protocol}://{get_ip(rest.rpartition(':')[0].strip('[]'))}:0"
