"""A hub with a directory, a broker and followers that do what a test says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from server.broker.memory import MemoryBroker
from server.broker.port import BrokerEvent, BrokerHealth, Deliver
from server.contract.messages import Topic
from server.contract.run import Revision, RunSnapshot
from server.live.hub import Hub
from server.live.news import Change, News, Removal
from server.live.options import LiveOptions
from tests.states import RUN

Item = News | Removal | Change


class Directory:
    """Implements runs.port.RunDirectory over a dictionary; `gate` holds reads back, `error` fails them."""

    def __init__(self) -> None:
        self.runs: dict[str, RunSnapshot] = {}
        self.reads: list[tuple[str, int | None]] = []
        self.read = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    @property
    def store_id(self) -> str:
        return "home"

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        self.reads.append((run_key, attempt))
        self.read.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.runs.get(run_key)

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        return [(snapshot, None) for snapshot in self.runs.values() if not snapshot.final]

    def queue_position(self, run_key: str) -> int | None:
        return None


class HeldBroker:
    """A broker whose acknowledgements are held back and whose subscriptions break when the test says so."""

    def __init__(self) -> None:
        self.inner = MemoryBroker()
        self.gate = asyncio.Event()
        self.gate.set()
        self.refusal: dict[str, Exception] = {}
        self.opened: list[str] = []
        self.open: list[str] = []
        self.changed = asyncio.Event()
        self.delivers: dict[str, Deliver] = {}
        self._tasks: dict[str, asyncio.Task[Any] | None] = {}
        self._broken: list[str] = []

    async def publish(self, snapshot: RunSnapshot) -> bool:
        return await self.inner.publish(snapshot)

    async def remove(self, run_key: str, rev: Revision) -> None:
        await self.inner.remove(run_key, rev)

    async def announce(self, topic: Topic, data: Any) -> None:
        await self.inner.announce(topic, data)

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        return await self.inner.snapshot(run_key)

    def subscribe(self, run_key: str, deliver: Deliver) -> Any:
        return self._held(run_key, deliver, self.inner.subscribe(run_key, deliver))

    def subscribe_topic(self, topic: Topic, deliver: Deliver) -> Any:
        return self._held(topic, deliver, self.inner.subscribe_topic(topic, deliver))

    def health(self) -> BrokerHealth:
        return self.inner.health()

    def lose(self, name: str, event: BrokerEvent) -> None:
        """Delivers an event that was not published, to the subscription of `name`."""
        self.delivers[name](event)

    def break_(self, name: str) -> None:
        """Ends a subscription with an error, as an adapter with a bug would."""
        task = self._tasks[name]
        assert task is not None
        self._broken.append(name)
        task.cancel()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    @asynccontextmanager
    async def _held(self, name: str, deliver: Deliver, inner: Any) -> AsyncIterator[None]:
        self.opened.append(name)
        self.changed.set()
        await self.gate.wait()
        if name in self.refusal:
            raise self.refusal[name]
        async with inner:
            self.open.append(name)
            self.delivers[name] = deliver
            self.changed.set()
            self._tasks[name] = asyncio.current_task()
            try:
                yield
            except asyncio.CancelledError:
                task = self._tasks[name]
                if name not in self._broken or task is None:
                    raise
                self._broken.remove(name)
                task.uncancel()
                raise BrokenPipeError(name) from None
            finally:
                self.open.remove(name)
                self.changed.set()


class Listener:
    """Implements feed.Follower; `acts` is called with every item, as a connection's session would be."""

    def __init__(self, acts: Callable[[Item], None] | None = None) -> None:
        self.items: list[Item] = []
        self.drained = False
        self.subscriptions = 1
        self._acts = acts
        self._came = asyncio.Event()

    def deliver(self, item: Item) -> None:
        self.items.append(item)
        self._came.set()
        if self._acts is not None:
            self._acts(item)

    def check_progress(self, now: float) -> None:
        """Takes everything at once."""

    def drain(self) -> None:
        self.drained = True

    async def until(self, true: Callable[[Item], bool]) -> Item:
        """The first item, past or future, of which this is true."""
        async with asyncio.timeout(5):
            while True:
                for item in self.items:
                    if true(item):
                        return item
                self._came.clear()
                await self._came.wait()

    async def until_rev(self, rev: tuple[int, int]) -> Item:
        return await self.until(lambda item: not isinstance(item, Change) and item.rev == rev)


class House:
    """A hub with what is around it."""

    def __init__(self, **options: Any) -> None:
        self.wired = True
        self.directory = Directory()
        self.broker = HeldBroker()
        self.hub = Hub(self.directory, self.broker, LiveOptions(**options))

    async def publish(self, *snapshots: RunSnapshot) -> None:
        """As the owner does: true first, told then."""
        for snapshot in snapshots:
            self.directory.runs[snapshot.run_key] = snapshot
            await self.broker.publish(snapshot)

    async def follower(self, run_key: str = RUN) -> Listener:
        """One that follows a run already, its snapshot read."""
        listener = Listener()
        await self.hub.join_run(listener, run_key).acknowledged()
        await self.hub.read_run(run_key)
        return listener

    async def topic_follower(self, topic: Topic = "runs") -> Listener:
        listener = Listener()
        await self.hub.join_topic(listener, topic).acknowledged()
        return listener
