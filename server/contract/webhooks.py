"""What receivers of webhooks are sent: one event when a run ends."""

from typing import Literal

from server.contract.base import Instant, Model
from server.contract.requests import RunKind
from server.contract.run import RunStatus
from server.contract.status import KeyMetrics

EventName = Literal["run.completed", "run.failed", "run.cancelled", "ping"]


class EventLinks(Model, frozen=True, kw_only=True):
    """Where to read on: URLs where the server was told its own address (`FORGE_PUBLIC_URL`), else paths on it."""

    self: str
    status: str
    report: str


class EndedRun(Model, frozen=True, kw_only=True):
    """A run at its end; `metrics` of a completed one, of an optimization those of its best trial."""

    run_key: str
    kind: RunKind
    attempt: int
    store_id: str
    status: RunStatus
    strategy_name: str
    strategy_version: str
    asset_name: str
    exchange: str
    time_frame: str
    label: str | None
    submitted_at: Instant
    started_at: Instant | None
    ended_at: Instant
    elapsed_ms: int
    processed: int
    failed: int
    skipped: int
    total: int
    stop_reason: str | None
    error_message: str | None
    metrics: KeyMetrics | None
    links: EventLinks


class RunEvent(Model, frozen=True, kw_only=True):
    """The body of one webhook; `timestamp`: when it happened. `data` is null for a `ping` alone."""

    type: EventName
    timestamp: Instant
    data: EndedRun | None
