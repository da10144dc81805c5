"""The store as the rest of the server knows it."""

from collections.abc import Collection, Sequence
from typing import Any, Literal, Protocol

import msgspec

from server.contract.base import Instant
from server.contract.requests import Priority, RunKind
from server.contract.run import Revision, RunSnapshot, RunStatus
from server.timing import Timing


class AttemptRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt as it is kept. `request` is the submission's body (JSON), `prepared` what the owner made of it
    (JSON, opaque to the store); `visible` False while it waits behind a cancelled attempt; `families` of its trials
    are kept with a new attempt, and not told again."""

    snapshot: RunSnapshot
    request: bytes
    prepared: bytes
    priority: Priority
    visible: bool = True
    metrics: dict[str, Any] | None = None
    stop_reason: str | None = None
    families: tuple[str, ...] = ()

    @property
    def run_key(self) -> str:
        """The run of this attempt."""
        return self.snapshot.run.run_key

    @property
    def attempt(self) -> int:
        """Its number within the run, from 1."""
        return self.snapshot.run.attempt


class StoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run: its newest visible attempt, its newest completed one, the first hidden one that waits."""

    newest: AttemptRecord
    completed: AttemptRecord | None
    waiting: AttemptRecord | None


class RunFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of runs is to hold; `sort` a column or metric name in camelCase, falling with a leading `-`."""

    kind: RunKind
    strategy: str | None = None
    asset: str | None = None
    exchange: str | None = None
    time_frame: str | None = None
    status: tuple[RunStatus, ...] = ()
    from_: Instant | None = None
    to: Instant | None = None
    q: str | None = None
    sort: str = "-submittedAt"
    limit: int = 50
    cursor: str | None = None


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    """Runs in order, the cursor of the next page, and how many there are on all pages."""

    items: list[StoredRun]
    next_cursor: str | None
    total_count: int


class TrialSource(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt in whose folder finished trials may be: those of an optimization, or the one of a backtest."""

    run_key: str
    attempt: int
    kind: RunKind


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message on the end of an attempt that a receiver outside is to be brought; `receiver` names it."""

    receiver: str
    message_id: str
    run_key: str
    attempt: int
    body: bytes


class KeptNotice(Notice, frozen=True, kw_only=True):
    """One that waits: kept since `kept_ms`, refused by its receiver `refusals` times."""

    number: int
    kept_ms: int
    refusals: int


class FinishedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose newest attempt has ended, at the revision of that end."""

    run_key: str
    kind: RunKind
    ended_ms: int
    rev: Revision


class StoreHealth(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` says what is wrong when not `up`."""

    up: bool
    detail: str | None = None
    size_bytes: int = 0


class RunStore(Protocol):
    """Keeps runs. Writes are committed when they return; they raise ForgeError `disk_full` or `store_unavailable`."""

    @property
    def write_timing(self) -> Timing:
        """How long writes took since the start, from asking for one to its commit."""
        ...

    @property
    def read_timing(self) -> Timing:
        """How long reads took since the start, from asking to the answer; what is in memory is no read."""
        ...

    @property
    def store_id(self) -> str:
        """The UUID of the home."""
        ...

    async def add_attempt(self, record: AttemptRecord) -> AttemptRecord:
        """Keeps a new attempt. A visible one gets the next generation in its snapshot's revision, seq 0."""
        ...

    async def save(self, snapshot: RunSnapshot) -> None:
        """Replaces the state of an attempt that is not terminal."""
        ...

    async def finish(
        self,
        snapshot: RunSnapshot,
        *,
        metrics: dict[str, Any] | None = None,
        stop_reason: str | None = None,
        drop_waiting: bool = False,
        notices: Sequence[Notice] = (),
    ) -> AttemptRecord | None:
        """Commits a terminal state; reveals and returns the first attempt that waits behind it, at the next generation.

        With `drop_waiting` forgets them instead. `notices` are kept in the same commit.
        """
        ...

    async def drop_waiting(self, run_key: str) -> None:
        """Forgets the attempts that wait (they were answered from a stored result, or cancelled)."""
        ...

    async def raise_generation(self, snapshot: RunSnapshot) -> RunSnapshot:
        """Gives an unfinished attempt the next generation (at start and at recovery)."""
        ...

    async def load(self, run_key: str) -> StoredRun | None:
        """One run with what is known of it."""
        ...

    async def load_attempt(self, run_key: str, attempt: int) -> AttemptRecord | None:
        """One attempt."""
        ...

    async def newest_ends(self, limit: int) -> list[RunSnapshot]:
        """The terminal states that runs came to last, the newest first."""
        ...

    async def unfinished(self) -> list[AttemptRecord]:
        """Every attempt that is not terminal, hidden ones too, in order of submission."""
        ...

    async def delete(self, run_key: str) -> RunSnapshot | None:
        """Forgets a run with all its attempts and trials; returns its newest snapshot at the next generation."""
        ...

    async def known_runs(self, run_keys: Collection[str]) -> set[str]:
        """Those of the runs that have an attempt here."""
        ...

    async def expired_runs(self, *, beyond: int | None, before_ms: int | None, limit: int) -> list[FinishedRun]:
        """At most `limit` finished runs, the oldest ends first: those that are not among the `beyond` newest ends, and
        those that ended before `before_ms`; None: no such rule."""
        ...

    async def named_datasets(self, dataset_ids: Collection[str], without_runs: Collection[str]) -> set[str]:
        """Those of the data sets that an attempt was made from, leaving some runs out of account."""
        ...

    async def replace_prepared(self, run_key: str, attempt: int, prepared: bytes) -> None:
        """Keeps what an attempt that has ended is now taken to have been made from."""
        ...

    async def page(self, query: RunFilter) -> RunPage:
        """One page of runs; raises InvalidRequest for an unknown sort column or a cursor of another query."""
        ...

    async def trial_sources(self, family: str, limit: int) -> list[TrialSource]:
        """At most `limit` attempts that may hold finished trials of a family (see server.contract.identity), the
        newest first: optimizations whatever their state, and completed backtests."""
        ...

    def health(self) -> StoreHealth:
        """How the store is, without asking it."""
        ...


ResultFile = Literal["result.json", "equity.npy", "trades.npy"]
