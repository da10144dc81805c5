"""The broker of a single process: dictionaries on the event loop."""

import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from server.broker.port import BrokerEvent, BrokerHealth, Deliver, Published, RunRemoved, TopicChanged
from server.contract.messages import Topic
from server.contract.run import Revision, RunSnapshot

_log = logging.getLogger(__name__)

KEEP_FINAL_S: Final = 60.0
"""How long a final state stays here for those who ask; afterwards the store knows it."""
MAX_FINALS: Final = 1_000
MAX_FENCES: Final = 100_000
"""Removed and forgotten runs whose older revisions are still refused; the oldest are forgotten first."""


@dataclass(frozen=True, eq=False)
class _Subscriber:
    """One subscription; the same `deliver` may have several."""

    deliver: Deliver


class MemoryBroker:
    """Implements server.broker.port.Broker. Nothing here awaits, so check and change are one step."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._newest: dict[str, RunSnapshot] = {}
        self._finals: OrderedDict[str, float] = OrderedDict()
        """Since when each final state in `_newest` is there, the oldest first."""
        self._fences: OrderedDict[str, Revision] = OrderedDict()
        """The last revision of runs that are not in `_newest` any more."""
        self._runs: dict[str, list[_Subscriber]] = {}
        self._topics: dict[Topic, list[_Subscriber]] = {}

    async def publish(self, snapshot: RunSnapshot) -> bool:
        """As in the port."""
        run_key = snapshot.run_key
        known = self._revision(run_key)
        if known is not None and snapshot.rev <= known:
            return False
        self._fences.pop(run_key, None)
        self._finals.pop(run_key, None)
        self._newest[run_key] = snapshot
        if snapshot.final:
            self._finals[run_key] = self._now_s()
        self._forget_finals()
        self._deliver_run(run_key, Published(snapshot))
        return True

    async def remove(self, run_key: str, rev: Revision) -> None:
        """As in the port; repeated removals are told once."""
        known = self._revision(run_key)
        if known is not None and rev <= known:
            return
        self._newest.pop(run_key, None)
        self._finals.pop(run_key, None)
        self._fence(run_key, rev)
        self._deliver_run(run_key, RunRemoved(run_key, rev))

    async def announce(self, topic: Topic, data: Any) -> None:
        """As in the port; ValueError for `runs`, whose news are states."""
        if topic == "runs":
            raise ValueError("the topic runs carries what is published, not announcements")
        self._deliver(self._topics.get(topic), TopicChanged(topic, data))

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """As in the port."""
        self._forget_finals()
        return self._newest.get(run_key)

    @asynccontextmanager
    async def subscribe(self, run_key: str, deliver: Deliver) -> AsyncIterator[None]:
        """As in the port."""
        subscriber = _Subscriber(deliver)
        self._runs.setdefault(run_key, []).append(subscriber)
        try:
            yield
        finally:
            subscribers = self._runs[run_key]
            subscribers.remove(subscriber)
            if not subscribers:
                del self._runs[run_key]

    @asynccontextmanager
    async def subscribe_topic(self, topic: Topic, deliver: Deliver) -> AsyncIterator[None]:
        """As in the port."""
        subscriber = _Subscriber(deliver)
        self._topics.setdefault(topic, []).append(subscriber)
        try:
            yield
        finally:
            self._topics[topic].remove(subscriber)

    def newest(self) -> list[RunSnapshot]:
        """Every state that is kept."""
        return list(self._newest.values())

    def health(self) -> BrokerHealth:
        """Always up."""
        return BrokerHealth(name="memory", up=True)

    def _revision(self, run_key: str) -> Revision | None:
        newest = self._newest.get(run_key)
        return newest.rev if newest is not None else self._fences.get(run_key)

    def _fence(self, run_key: str, rev: Revision) -> None:
        self._fences[run_key] = rev
        self._fences.move_to_end(run_key)
        while len(self._fences) > MAX_FENCES:
            self._fences.popitem(last=False)

    def _forget_finals(self) -> None:
        horizon = self._now_s() - KEEP_FINAL_S
        while self._finals:
            run_key, since = next(iter(self._finals.items()))
            if since > horizon and len(self._finals) <= MAX_FINALS:
                return
            del self._finals[run_key]
            self._fence(run_key, self._newest.pop(run_key).rev)

    def _deliver_run(self, run_key: str, event: BrokerEvent) -> None:
        self._deliver(self._runs.get(run_key), event, run_key)
        self._deliver(self._topics.get("runs"), event, run_key)

    def _deliver(self, subscribers: list[_Subscriber] | None, event: BrokerEvent, run_key: str | None = None) -> None:
        """Tells all who are subscribed now; one that leaves meanwhile, at another's hand, is told no more."""
        for subscriber in tuple(subscribers or ()):
            if subscribers is None or subscriber not in subscribers:
                continue
            try:
                subscriber.deliver(event)
            except Exception:  # noqa: BLE001  # the others are not to suffer from it
                _log.exception("a subscriber raised on news", extra={"run_key": run_key} if run_key else {})
