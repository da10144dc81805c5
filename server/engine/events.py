"""What happens in a run, told to sinks: progress always, events only where somebody listens."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from server.contract.events import Event as Event
from server.contract.events import EventType as EventType
from server.engine.progress import Progress

Happening = tuple[int, EventType, str, dict[str, Any]]
"""An event before it is numbered: ts, type, source, content."""


class BlockSink(Protocol):
    """Told once a block of bars."""

    def block(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """`bars` are done since the start; the last one's open and the equity at its close, in quote currency."""
        ...


class EventSink(Protocol):
    """Told every event, a block's at a time and in order."""

    def accept(self, events: Sequence[Event]) -> None:
        """Takes the events; what it keeps is its own affair."""
        ...


class BarCounter:
    """The sink that is always on: adds a block to the progress of the task."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def block(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Counts a block."""
        self._progress.advance(bars, bar_time_ms, equity)


class Recorder:
    """Keeps every event in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def accept(self, events: Sequence[Event]) -> None:
        """Keeps a block's events."""
        self.events += events


class EventBus:
    """Hands blocks to block sinks and events to event sinks; numbers the events."""

    def __init__(self, counters: Sequence[BlockSink], listeners: Sequence[EventSink]) -> None:
        self._counters = tuple(counters)
        self._listeners = tuple(listeners)
        self._sq = 0

    @property
    def listened(self) -> bool:
        """Whether events are to be made at all: when not, a bar costs nothing here."""
        return bool(self._listeners)

    def block(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """A block is done."""
        for counter in self._counters:
            counter.block(bars, bar_time_ms, equity)

    def publish(self, happenings: Iterator[Happening]) -> None:
        """Numbers what happened (ts, type, source, content) and hands it to every listener."""
        events: list[Event] = []
        for ts, kind, source, content in happenings:
            self._sq += 1
            events.append(Event(ts=ts, sq=self._sq, type=kind, src=source, d=content))
        for listener in self._listeners:
            listener.accept(events)
