"""What one broker subscription brings, for all the connections of this process that follow the same run or topic."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, assert_never

from server.broker.port import BrokerEvent, Published, Resync, RunRemoved, TopicChanged
from server.contract.messages import Topic
from server.contract.problems import ForgeError
from server.contract.run import Revision, RunSnapshot
from server.live.lane import Lane
from server.live.news import Change, News, Removal
from server.live.slot import Slot

NEVER: Final = float("-inf")


class Follower(Protocol):
    """A connection as the hub knows it."""

    @property
    def subscriptions(self) -> int:
        """Runs and topics that the client has subscribed to."""
        ...

    def deliver(self, item: News | Removal | Change) -> None:
        """Takes news; neither blocks nor raises."""
        ...

    def check_progress(self, now: float) -> None:
        """Ends the connection when its socket has taken nothing for too long."""
        ...

    def drain(self) -> None:
        """Asks the client to connect elsewhere."""
        ...


class Feed:
    """A followed run (`run_key`) or topic. What arrives waits, conflated by run or item, until it is dispatched.

    `heard_at` (monotonic s): when the newest state of the run, or a whole look at the topic's runs, was there last.
    """

    def __init__(self, *, run_key: str | None = None, topic: Topic | None = None) -> None:
        self.run_key = run_key
        self.topic: Topic | None = topic
        self.followers: dict[Follower, None] = {}
        self.lane = Lane()
        self.heard_at = NEVER
        self.newest: News | None = None
        self.unfinished: dict[str, Revision] = {}
        self.abandoned = asyncio.Event()
        self._settled = asyncio.Event()
        self._failure: ForgeError | None = None
        self._slots: dict[str, Slot] = {}
        self._changes: dict[str, Change] = {}

    # acknowledgement

    async def acknowledged(self) -> None:
        """Waits until everything published from now on will arrive; raises ForgeError when that cannot be had."""
        await self._settled.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def is_acknowledged(self) -> bool:
        """Whether everything published arrives, or at least did once."""
        return self._settled.is_set() and self._failure is None

    def acknowledge(self, now: float) -> None:
        """The broker has acknowledged the subscription; repeated, what came in between is lost."""
        self.heard_at = NEVER if self._settled.is_set() else now
        self._settled.set()

    def fail(self, error: ForgeError) -> None:
        """There is no subscription, or none any more."""
        self._failure = error
        self._settled.set()

    # news

    def take_in(self, event: BrokerEvent, news_of: Callable[[RunSnapshot], News], now: float) -> bool:
        """Keeps an event until it is dispatched; True when there was nothing waiting before."""
        idle = not self._slots and not self._changes
        match event:
            case Published(snapshot):
                return self.put(news_of(snapshot), now) and idle
            case RunRemoved(run_key, rev):
                return self.put(Removal(run_key, rev), now) and idle
            case TopicChanged(topic, item):
                change = Change(topic, item)
                self._changes[change.item] = change
                return idle
            case Resync():
                self.heard_at = NEVER
                return False
            case _:
                assert_never(event)

    def put(self, item: News | Removal, now: float) -> bool:
        """Keeps a run's news until they are dispatched; False when something newer waits already."""
        if self.run_key is not None:
            self.heard_at = now
        return self._slots.setdefault(item.run_key, Slot()).offer(item)

    def take(self) -> list[News | Removal | Change]:
        """Everything that waits, in the order of arrival of the runs."""
        items: list[News | Removal | Change] = [item for slot in self._slots.values() for item in slot.take()]
        items += self._changes.values()
        self._slots.clear()
        self._changes.clear()
        self._remember(items)
        return items

    def _remember(self, items: list[News | Removal | Change]) -> None:
        """Keeps what is needed to notice the loss of an end."""
        for item in items:
            if isinstance(item, News):
                if self.run_key is not None:
                    if self.newest is None or self.newest.rev <= item.rev:
                        self.newest = item
                elif item.final:
                    self.unfinished.pop(item.run_key, None)
                else:
                    self.unfinished[item.run_key] = item.rev
            elif isinstance(item, Removal):
                self.unfinished.pop(item.run_key, None)

    def last_heard(self, run_key: str) -> Revision | None:
        """The newest revision heard of a run whose end has not been heard; for a topic None when it has."""
        if self.run_key is None:
            return self.unfinished.get(run_key)
        return self.newest.rev if self.newest is not None else None

    def lost(self, active: set[str]) -> list[str]:
        """The runs that were going on when last heard of and are not among the `active` ones: their end was missed."""
        return [run_key for run_key in self.unfinished if run_key not in active]
