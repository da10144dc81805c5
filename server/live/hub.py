"""Brings what the broker publishes to the connections of this process, and finds again what was lost on the way."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

from server.background import in_background
from server.broker.port import Broker, BrokerEvent
from server.contract.messages import Topic
from server.contract.problems import ForgeError
from server.contract.run import Revision, RunSnapshot
from server.live.feed import NEVER, Feed, Follower
from server.live.lane import Lane
from server.live.news import Change, News, Removal
from server.live.options import LiveOptions
from server.live.reading import SharedRead
from server.runs.port import RunDirectory
from server.timing import Timing

_log: Final = logging.getLogger(__name__)
_BATCH: Final = 100  # deliveries between two yields: more, and requests beside a large fan-out wait for it
_PATROL_S: Final = 1.0

ReadAnswer = RunSnapshot | ForgeError | None
Subscribe = Callable[[], AbstractAsyncContextManager[None]]


class LiveCounts(NamedTuple):
    """WebSocket connections open now, and the subscriptions that they hold."""

    connections: int
    subscriptions: int


class Hub:
    """One broker subscription a followed run or topic, however many connections follow it.

    Lives inside `running()`; nothing can be followed outside of it. `timing`: from hearing of a change to having told
    all who follow.
    """

    def __init__(self, directory: RunDirectory, broker: Broker, options: LiveOptions) -> None:
        self._directory = directory
        self._broker = broker
        self._options = options
        self._runs: dict[str, Feed] = {}
        self._topics: dict[Topic, Feed] = {}
        self._reads: WeakValueDictionary[str, SharedRead[ReadAnswer]] = WeakValueDictionary()
        self._dirty: dict[Feed, float] = {}  # since when
        self.timing = Timing()
        self._work = asyncio.Event()
        self._stale = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None
        self._draining = False
        self._step_s = min(1.0, options.refresh_s / 4)
        self.connections: set[Follower] = set()

    @property
    def store_id(self) -> str:
        """The space in which revisions compare."""
        return self._directory.store_id

    @property
    def is_open(self) -> bool:
        """Whether new connections are taken."""
        return self._tasks is not None and not self._draining

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delivers as long as it is entered; asks the remaining connections to go at the end."""
        async with in_background(self._dispatch(), self._refresh(), self._patrol()) as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                self.drain()
                self._tasks = None
                for feed in [*self._runs.values(), *self._topics.values()]:
                    self._abandon(feed)

    def counts(self) -> LiveCounts:
        """What is open now."""
        return LiveCounts(len(self.connections), sum(connection.subscriptions for connection in self.connections))

    def drain(self) -> None:
        """Takes no new connections and asks the present ones to connect elsewhere."""
        self._draining = True
        for connection in list(self.connections):
            connection.drain()

    # following

    def join_run(self, follower: Follower, run_key: str) -> Feed:
        """Registers a follower at once; what is published after the feed's acknowledgement reaches it."""
        feed = self._runs.get(run_key)
        if feed is None:
            feed = self._runs[run_key] = Feed(run_key=run_key)
            self._start(feed, lambda: self._broker.subscribe(run_key, lambda event: self._take_in(feed, event)))
        feed.followers[follower] = None
        return feed

    def leave_run(self, follower: Follower, run_key: str) -> None:
        """Ends it; the broker's subscription with the last one."""
        feed = self._runs.get(run_key)
        if feed is not None:
            self._leave(feed, follower)

    def lane(self, run_key: str) -> Lane | None:
        """The express lane of a followed run."""
        feed = self._runs.get(run_key)
        return feed.lane if feed is not None else None

    def join_topic(self, follower: Follower, topic: Topic) -> Feed:
        """The same for a topic."""
        feed = self._topics.get(topic)
        if feed is None:
            feed = self._topics[topic] = Feed(topic=topic)
            self._start(feed, lambda: self._broker.subscribe_topic(topic, lambda event: self._take_in(feed, event)))
        feed.followers[follower] = None
        return feed

    def leave_topic(self, follower: Follower, topic: Topic) -> None:
        """Ends it."""
        feed = self._topics.get(topic)
        if feed is not None:
            self._leave(feed, follower)

    def _start(self, feed: Feed, subscribe: Subscribe) -> None:
        if self._tasks is None:
            feed.fail(ForgeError("draining", "The server is about to stop."))
            self._abandon(feed)
            return
        self._tasks.create_task(self._carry(feed, subscribe))

    def _leave(self, feed: Feed, follower: Follower) -> None:
        feed.followers.pop(follower, None)
        if not feed.followers:
            self._abandon(feed)

    def _abandon(self, feed: Feed) -> None:
        feed.abandoned.set()
        self._dirty.pop(feed, None)
        if feed.run_key is not None and self._runs.get(feed.run_key) is feed:
            del self._runs[feed.run_key]
        if feed.topic is not None and self._topics.get(feed.topic) is feed:
            del self._topics[feed.topic]

    async def _carry(self, feed: Feed, subscribe: Subscribe) -> None:
        try:
            while not feed.abandoned.is_set():
                error = await self._carry_once(feed, subscribe())
                if error is None:
                    return
                if not feed.is_acknowledged:
                    feed.fail(error)
                    return
                # Its followers were told that news will come, and nobody else would notice that none do.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._step_s):
                        await feed.abandoned.wait()
        finally:
            self._abandon(feed)

    async def _carry_once(self, feed: Feed, subscription: AbstractAsyncContextManager[None]) -> ForgeError | None:
        """Holds a subscription until the feed is abandoned; what broke it when it ends before."""
        try:
            async with subscription:
                feed.acknowledge(asyncio.get_running_loop().time())
                if feed.heard_at == NEVER:
                    self._stale.set()
                await feed.abandoned.wait()
        except ForgeError as error:
            return error
        except Exception:  # noqa: BLE001 - what breaks one subscription must not end the delivery of all others
            _log.exception("a broker subscription broke", extra={"run_key": feed.run_key, "topic": feed.topic})
            return ForgeError("broker_unavailable", "Live updates cannot be had at the moment.")
        return None

    # reading

    async def read_run(self, run_key: str, attempt: int = 0) -> News | None:
        """The newest state, or the Pending one of a later `attempt`; None when unknown, ForgeError when unreadable."""
        if self._tasks is None:
            raise ForgeError("draining", "The server is about to stop.")
        if attempt:
            answer: ReadAnswer = await self._read(run_key, attempt)
        else:
            # Kept by those who wait for it, and no longer.
            shared = self._reads.get(run_key)
            if shared is None:
                shared = self._reads[run_key] = SharedRead(lambda: self._read(run_key, None), self._tasks)
            answer = await shared.fresh()
        if isinstance(answer, ForgeError):
            raise answer
        return None if answer is None else self._news(answer)

    async def _read(self, run_key: str, attempt: int | None) -> ReadAnswer:
        try:
            return await self._directory.snapshot(run_key, attempt)
        except ForgeError as error:
            return error
        except Exception:  # noqa: BLE001 - shared by many connections and the refresh, which all must live on
            _log.exception("a snapshot could not be read", extra={"run_key": run_key})
            return ForgeError("store_unavailable", "The run cannot be read at the moment.")

    async def active(self) -> list[tuple[News, int | None]]:
        """The runs that are not terminal, with their queue positions."""
        active = [(self._news(snapshot), position) for snapshot, position in await self._directory.active()]
        if (feed := self._topics.get("runs")) is not None:
            # Whoever is answered with these must learn of their ends, and be it that the word of them is lost.
            self._catch_up(feed, [news for news, _ in active])
        return active

    def _news(self, snapshot: RunSnapshot) -> News:
        """The one encoding of a state that all connections share."""
        feed = self._runs.get(snapshot.run_key)
        if feed is None:
            return News(snapshot, bench=self._options.bench)
        # The attempt too: one that waits behind another has no revision of its own yet.
        known = feed.newest
        if known is None or known.rev != snapshot.rev or known.attempt != snapshot.run.attempt:
            known = News(snapshot, bench=self._options.bench)
            if feed.newest is None or feed.newest.rev < known.rev:
                feed.newest = known
        return known

    # delivering

    def _take_in(self, feed: Feed, event: BrokerEvent) -> None:
        if feed.abandoned.is_set():
            return
        if feed.take_in(event, self._news, asyncio.get_running_loop().time()):
            self._mark(feed)
        if feed.heard_at == NEVER:
            self._stale.set()

    def _mark(self, feed: Feed) -> None:
        self._dirty.setdefault(feed, time.monotonic())
        self._work.set()

    async def _dispatch(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while self._dirty:
                feed = next(iter(self._dirty))
                since = self._dirty.pop(feed)
                await self._tell(feed, feed.take())
                self.timing.note(time.monotonic() - since)

    async def _tell(self, feed: Feed, items: Sequence[News | Removal | Change]) -> None:
        """Tells all followers: those on the express lane at once, the others by their sessions."""
        if not items:
            return
        lane = feed.lane
        on_lane = len(lane)
        if on_lane and len(items) == 1 and isinstance(items[0], News) and lane.takes(items[0]):
            await lane.serve(items[0])
            on_lane = len(lane)
        is_told = lane.knows(items)
        if is_told and on_lane == len(feed.followers):
            return
        # One that joins from here on reads the snapshot afterwards, which is at least as new.
        for number, follower in enumerate(tuple(feed.followers), 1):
            if not is_told or not on_lane or follower not in lane:
                for item in items:
                    follower.deliver(item)
            if number % _BATCH == 0:
                await asyncio.sleep(0)  # lets requests in between
        if not is_told:
            lane.pass_over(items)

    # finding again what was lost

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(self._step_s):
                    await self._stale.wait()
            except TimeoutError:
                pass
            self._stale.clear()
            for feed in [*self._topics.values(), *self._runs.values()]:
                if loop.time() - feed.heard_at >= self._options.refresh_s and not feed.abandoned.is_set():
                    feed.heard_at = loop.time()
                    await self._look_again(feed)

    async def _look_again(self, feed: Feed) -> None:
        if feed.run_key is not None:
            await self._recover(feed, feed.run_key)
        elif feed.topic == "runs":
            try:
                active = [self._news(snapshot) for snapshot, _ in await self._directory.active()]
            except ForgeError as error:
                _log.warning("the active runs could not be read again", extra={"code": error.code})
                return
            self._catch_up(feed, active)
            for run_key in feed.lost({news.run_key for news in active}):
                await self._recover(feed, run_key)

    def _catch_up(self, feed: Feed, active: Sequence[News]) -> None:
        """Dispatches what the topic's feed has not heard of the `active` runs."""
        for news in active:
            known = feed.unfinished.get(news.run_key)
            if known is None or known < news.rev:
                feed.put(news, asyncio.get_running_loop().time())
                self._mark(feed)

    async def _recover(self, feed: Feed, run_key: str) -> None:
        """Reads a run and dispatches it as if it had just been published, even when it is not new: then it makes
        those ask again who wait for an attempt that was answered from this one."""
        answer = await self._read(run_key, None)
        if feed.abandoned.is_set():
            return
        now = asyncio.get_running_loop().time()
        if isinstance(answer, ForgeError):
            _log.warning("a run could not be read again", extra={"run_key": run_key, "code": answer.code})
        elif answer is not None:
            feed.put(self._news(answer), now)
            self._mark(feed)
        elif (known := feed.last_heard(run_key)) is not None:
            # Deleted, and the word of it was lost; the next generation is above this revision.
            feed.put(Removal(run_key, Revision(known.generation, known.seq + 1)), now)
            self._mark(feed)

    async def _patrol(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(_PATROL_S, self._options.stall_s / 4))
            for number, connection in enumerate(list(self.connections)):
                connection.check_progress(loop.time())
                if number % _BATCH == _BATCH - 1:
                    await asyncio.sleep(0)
