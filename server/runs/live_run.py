"""One visible attempt that is not terminal, as the owner holds it in memory."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from server.contract.base import Instant, format_instant
from server.contract.run import Leader, Mode, Phase, Revision, RunSnapshot, RunState
from server.runs.prepared import AnyPrepared
from server.runs.rates import RateMeter
from server.store.port import AttemptRecord


def now_ms() -> int:
    """The wall clock in milliseconds: for showing, never for measuring."""
    return time.time_ns() // 1_000_000


def now_instant() -> Instant:
    """The wall clock as the contract writes it."""
    return format_instant(now_ms())


class WorkProgress(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has done so far; counts may be behind what was shown before (a retried chunk)."""

    processed: int
    failed: int = 0
    bars: int = 0
    phase: Phase = "starting"
    mode: Mode | None = None
    bar_time: Instant | None | UnsetType = UNSET
    equity: float | None | UnsetType = UNSET
    best: Leader | None | UnsetType = UNSET
    top: list[Leader] | UnsetType = UNSET
    stagnation: int | UnsetType = UNSET
    last_error: str | None | UnsetType = UNSET
    reused: int | UnsetType = UNSET


class Work(Protocol):
    """The running part of an attempt."""

    def progress(self) -> WorkProgress:
        """The newest counts; never blocks."""
        ...

    def stop(self) -> None:
        """Asks the work to end; idempotent."""
        ...


@dataclass
class Waiting:
    """An attempt that waits behind one whose cancel was requested; all but the last of those are cancelled too."""

    record: AttemptRecord
    prepared: AnyPrepared
    force: bool
    cancelled: bool = False


class LiveRun:
    """The mutable part of an attempt: its newest snapshot, its work, what waits behind it. Owned by the ledger."""

    def __init__(self, record: AttemptRecord, prepared: AnyPrepared) -> None:
        self.prepared = prepared
        self.snapshot = record.snapshot
        self.work: Work | None = None
        self.waiting: list[Waiting] = []
        self.ending = False
        self.ended = asyncio.Event()
        self.changed = asyncio.Event()
        self.bars = 0  # of this attempt, as its work has told of them
        self._started: float | None = None
        self._before_s = record.snapshot.state.elapsed_ms / 1000  # of an attempt that a former owner left
        self._rate = RateMeter()
        self._bar_rate = RateMeter()

    @property
    def run_key(self) -> str:
        """The run."""
        return self.snapshot.run_key

    @property
    def attempt(self) -> int:
        """Which attempt of it."""
        return self.snapshot.run.attempt

    @property
    def state(self) -> RunState:
        """The newest state."""
        return self.snapshot.state

    def log(self) -> dict[str, Any]:
        """The fields that every log line on this run carries."""
        return {"run_key": self.run_key, "attempt": self.attempt}

    def advance(self, **changes: Any) -> RunSnapshot:
        """The next revision with these fields of the state changed; not yet the newest one."""
        state = msgspec.structs.replace(
            self.state, updated_at=now_instant(), elapsed_ms=int(self.elapsed_s * 1000), **changes
        )
        return RunSnapshot(
            run=self.snapshot.run,
            state=state,
            rev=Revision(self.snapshot.rev.generation, self.snapshot.rev.seq + 1),
        )

    def take(self, snapshot: RunSnapshot) -> None:
        """Makes a snapshot the newest and wakes those who wait for a change."""
        self.snapshot = snapshot
        self.wake()

    def wake(self) -> None:
        """Wakes those who wait for a change of this run or of its place."""
        self.changed.set()
        self.changed = asyncio.Event()

    def start_clock(self) -> None:
        """The work begins now; times are measured with the monotonic clock from here on."""
        self._started = time.monotonic()

    def measured(self, progress: WorkProgress) -> dict[str, Any]:
        """The changes of the state that a progress reading makes: counts never fall."""
        now = time.monotonic()
        processed = max(self.state.processed, progress.processed)
        failed = max(self.state.failed, progress.failed)
        self._rate.add(now, processed + failed)
        self._bar_rate.add(now, progress.bars)
        self.bars = max(self.bars, progress.bars)
        changes: dict[str, Any] = {
            "processed": processed,
            "failed": failed,
            "phase": progress.phase,
            "mode": progress.mode or self.state.mode,
            "rate_per_second": self._rate.per_second,
            "bars_per_second": self._bar_rate.per_second,
            "eta_seconds": self._rate.eta_s(self.state.total - processed - failed),
        }
        for name in ("bar_time", "equity", "best", "top", "stagnation", "last_error", "reused"):
            value = getattr(progress, name)
            if value is not UNSET:
                changes[name] = value
        return changes

    def averages(self, processed: int, bars: int) -> dict[str, Any]:
        """The rates of a finished attempt: over all of its time."""
        elapsed_s = self.elapsed_s
        if elapsed_s <= 0:
            return {"rate_per_second": None, "bars_per_second": None, "eta_seconds": None}
        return {
            "rate_per_second": round(processed / elapsed_s, 3),
            "bars_per_second": round(bars / elapsed_s, 3),
            "eta_seconds": None,
        }

    @property
    def elapsed_s(self) -> float:
        """Seconds since the work began."""
        return self._before_s if self._started is None else self._before_s + time.monotonic() - self._started
