"""What waits to be sent to a remote broker: bounded by what there is to tell about, not by time."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from server.broker.port import Published, RunRemoved, TopicChanged

Outgoing = Published | RunRemoved | TopicChanged
_MAX_ENDS: Final = 4
"""Unsent ends and removals of one run; older ones say nothing that the newest does not."""


class Outbox:
    """The newest of each run and item, in order of arrival. An unsent end or removal is followed, not replaced."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, list[Outgoing]] = OrderedDict()
        self._filled = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def filled(self) -> None:
        """Waits until there is something."""
        await self._filled.wait()

    def put(self, event: Outgoing) -> None:
        """Adds the newest of a run or item."""
        events = self._waiting.setdefault(_subject(event), [])
        if events and _is_passing(events[-1]):
            events.pop()
        events.append(event)
        del events[:-_MAX_ENDS]
        self._filled.set()

    def put_older(self, events: Iterable[Outgoing]) -> None:
        """Adds what is known of runs of which nothing newer waits."""
        for event in events:
            if _subject(event) not in self._waiting:
                self.put(event)

    def take(self, limit: int) -> list[Outgoing]:
        """Takes out everything about the first subjects, until there are `limit` events or more."""
        taken: list[Outgoing] = []
        while self._waiting and len(taken) < limit:
            taken += self._waiting.popitem(last=False)[1]
        if not self._waiting:
            self._filled.clear()
        return taken

    def put_back(self, events: Iterable[Outgoing]) -> None:
        """Puts what could not be sent before what came meanwhile."""
        returned: OrderedDict[str, list[Outgoing]] = OrderedDict()
        for event in events:
            returned.setdefault(_subject(event), []).append(event)
        for subject, earlier in returned.items():
            later = self._waiting.pop(subject, [])
            if later and _is_passing(earlier[-1]):
                earlier.pop()
            returned[subject] = (earlier + later)[-_MAX_ENDS:]
        returned.update(self._waiting)
        self._waiting = returned
        if self._waiting:
            self._filled.set()


def _is_passing(event: Outgoing) -> bool:
    """Whether something newer about the same says all that it says."""
    return isinstance(event, TopicChanged) or (isinstance(event, Published) and not event.snapshot.final)


def _subject(event: Outgoing) -> str:
    match event:
        case Published(snapshot):
            return f"run {snapshot.run_key}"
        case RunRemoved(run_key, _):
            return f"run {run_key}"
        case TopicChanged(topic, data):
            name = (data.get("id") or data.get("name") or "") if isinstance(data, dict) else ""
            return f"topic {topic} {name}"
