"""What happens in a run, told to sinks: progress always, events only where somebody listens."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from server.contract.events import Event as Event
from server.contract.events import EventType as EventType
from server.engine import journal
from server.engine.groups import Groups
from server.engine.journal import Entry
from server.engine.progress import Progress
from server.engine.reasons import MARGIN, REASONS
from server.engine.records import KIND_NAMES, LIQUIDATION, NO_PRICE, SHARE
from server.engine.scales import Scales
from server.strategies.types import Bar

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


class Narrator:
    """Turns a run's bars and journal into the content of events; prices and money in quote currency."""

    def __init__(self, asset_name: str, scales: Scales, tick_lot: int) -> None:
        self.asset_name = asset_name
        self.scales = scales
        self.tick_lot = tick_lot
        self._groups = Groups()

    def tell(self, bars: Sequence[Bar], entries: Sequence[Entry]) -> Iterator[Happening]:
        """A block's events in order: a bar's orders and fills, then the bar."""
        at = 0
        for bar in bars:
            while at < len(entries) and entries[at].bar <= bar.i:
                yield from self._entry(bar.time, entries[at])
                yield from self._changes(bar.time, entries[at])
                at += 1
            yield bar.time, "bar", "data", self._bar(bar)

    def _bar(self, bar: Bar) -> dict[str, Any]:
        return {
            "assetName": self.asset_name,
            "open": self.scales.price(bar.open),
            "high": self.scales.price(bar.high),
            "low": self.scales.price(bar.low),
            "close": self.scales.price(bar.close),
            "volume": self.scales.units(bar.volume),
        }

    def _entry(self, ts: int, entry: Entry) -> Iterator[Happening]:
        content: dict[str, Any] = {
            "assetName": self.asset_name,
            "orderId": entry.order,
            "side": "buy" if entry.lots > 0 else "sell",
        }
        if entry.sizing != SHARE or entry.code == journal.FILLED:
            content["quantity"] = self.scales.units(abs(entry.lots))
        match entry.code:
            case journal.FILLED:
                content |= {
                    "price": self.scales.price(entry.price),
                    "commission": entry.commission / self.scales.money_per_unit,
                }
                if entry.purpose == LIQUIDATION:
                    yield ts, "risk", "engine", {**content, "reason": "liquidation"}
                yield ts, "ord.fill", "engine", content
                yield ts, "pos", "engine", self._position(entry)
            case journal.REJECTED:
                content["reason"] = REASONS[entry.reason]
                yield ts, "ord.reject", "engine", content
                if entry.reason == MARGIN:
                    yield ts, "risk", "engine", content
            case journal.CANCELLED:
                yield ts, "ord.cancel", "engine", content
            case journal.EXPIRED:
                yield ts, "ord.cancel", "engine", {**content, "reason": "expired"}
            case _:
                content["type"] = KIND_NAMES[entry.kind]
                for name, ticks in (("limitPrice", entry.limit), ("stopPrice", entry.stop)):
                    if ticks != NO_PRICE:
                        content[name] = self.scales.price(ticks)
                yield ts, "ord.place", "engine", content

    def _changes(self, ts: int, entry: Entry) -> Iterator[Happening]:
        for group, transition in self._groups.follow(entry):
            content = {"assetName": self.asset_name, "orderId": entry.order, "groupId": group, "transition": transition}
            yield ts, "grp", "engine", content

    def _position(self, entry: Entry) -> dict[str, Any]:
        content: dict[str, Any] = {"assetName": self.asset_name, "quantity": self.scales.units(entry.position)}
        if entry.closed:
            content["realizedPnl"] = entry.profit / self.scales.money_per_unit
        if entry.position:
            ticks = entry.cost / (abs(entry.position) * self.tick_lot)
            content["averageEntryPrice"] = self.scales.price(ticks)
        return content
