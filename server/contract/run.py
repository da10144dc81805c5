"""A run as everyone sees it: what never changes in an attempt, all that can change, and the revision between."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from server.contract.base import Instant, Model, ParamValue
from server.contract.requests import Axis, RunKind

RunStatus = Literal["Pending", "Running", "Completed", "Failed", "Cancelled"]
Phase = Literal["queued", "starting", "compiling", "simulating", "evaluating", "saving"]
Mode = Literal["compiled", "interpreted"]
Dedup = Literal["none", "inFlight", "cached"]

_TRACE_LIMIT: Final = 16_000

TERMINAL: Final[frozenset[RunStatus]] = frozenset({"Completed", "Failed", "Cancelled"})


class Revision(NamedTuple):
    """`[generation, seq]`: a later state of a run always compares greater."""

    generation: int
    seq: int


class RunInfo(Model, frozen=True, kw_only=True):
    """`run`: what never changes in an attempt. `parameters` for a backtest, `axes` for an optimization."""

    run_key: str
    kind: RunKind
    attempt: int
    store_id: str
    strategy_name: str
    strategy_version: str
    asset_name: str
    exchange: str
    time_frame: str
    start_time: Instant
    end_time: Instant
    total: int
    unit: Literal["bars", "combinations"]
    submitted_at: Instant
    label: str | None = None
    parameters: dict[str, ParamValue] | UnsetType = UNSET
    axes: dict[str, Axis] | UnsetType = UNSET


class Leader(Model, frozen=True, kw_only=True):
    """One of the best trials: `value` is the metric of `sortBy`."""

    trial_key: str
    parameters: dict[str, ParamValue]
    value: float | None


class RunState(Model, frozen=True, kw_only=True):
    """`state`: all that can change in a run; the newest one wins. Fields after `error_stack_trace` by kind."""

    status: RunStatus
    total: int
    updated_at: Instant
    phase: Phase | None = None
    mode: Mode | None = None
    processed: int = 0
    failed: int = 0
    skipped: int = 0
    rate_per_second: float | None = None
    bars_per_second: float | None = None
    eta_seconds: float | None = None
    elapsed_ms: int = 0
    started_at: Instant | None = None
    cancel_requested: bool = False
    error_message: str | None = None
    error_stack_trace: str | None = None
    # backtests
    bar_time: Instant | None | UnsetType = UNSET
    equity: float | None | UnsetType = UNSET
    # optimizations
    best: Leader | None | UnsetType = UNSET
    top: list[Leader] | UnsetType = UNSET
    stagnation: int | UnsetType = UNSET
    last_error: str | None | UnsetType = UNSET
    reused: int | UnsetType = UNSET

    @property
    def final(self) -> bool:
        """Whether no later state of this attempt can follow."""
        return self.status in TERMINAL


class RunSnapshot(Model, frozen=True, kw_only=True):
    """A run at one revision: what brokers carry, the store keeps and subscribers are offered."""

    run: RunInfo
    state: RunState
    rev: Revision

    @property
    def run_key(self) -> str:
        """The key under which subscribers follow this run."""
        return self.run.run_key

    @property
    def final(self) -> bool:
        """Whether this is the last revision of its attempt."""
        return self.state.final


def shortened(snapshot: RunSnapshot) -> RunSnapshot:
    """The snapshot as it travels: a stack trace is cut in the middle, the status keeps the whole."""
    trace = snapshot.state.error_stack_trace
    if trace is None or len(trace) <= _TRACE_LIMIT:
        return snapshot
    half = _TRACE_LIMIT // 2
    cut = f"{trace[:half]}\n… {len(trace) - 2 * half:,} characters left out …\n{trace[-half:]}"
    return msgspec.structs.replace(snapshot, state=msgspec.structs.replace(snapshot.state, error_stack_trace=cut))


class Links(Model, frozen=True, kw_only=True):
    """Where to go on from a submission; `websocket` and the others are paths on the same host."""

    self: str
    status: str
    cancel: str
    websocket: str
    report: str


class Submission(Model, frozen=True, kw_only=True, omit_defaults=False):
    """The answer to a submission: 202, or 200 for a dry run."""

    run_key: str
    kind: RunKind
    attempt: int
    status: RunStatus
    is_dedup: bool
    dedup: Dedup
    queue_position: int | None
    links: Links
    total_bars: int | UnsetType = UNSET
    total_combinations: int | UnsetType = UNSET


class Evaluation(Model, frozen=True, kw_only=True):
    """What an optimization would cost, before it is submitted."""

    total_combinations: int
    unique_combinations: int
    exact: bool
    exceeds_max_combinations: bool
    max_combinations: int
    estimated_seconds: float | None
    estimated_bytes: int | None
    reused_trials: int


class CancelAnswer(Model, frozen=True, kw_only=True):
    """The answer to a cancel request."""

    run_key: str
    status: RunStatus
    cancel_requested: bool


def flat_status(
    snapshot: RunSnapshot,
    *,
    queue_position: int | None,
    result_attempt: int | None,
    stop_reason: str | None = None,
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The flat object of `GET /status` and of list items: run + state + revision + counts named by kind."""
    flat: dict[str, object] = {}
    for part in (snapshot.run, snapshot.state):
        encoded = msgspec.to_builtins(part)
        flat.update(encoded)
    state = snapshot.state
    flat |= {
        "rev": list(snapshot.rev),
        "queuePosition": queue_position,
        "resultAttempt": result_attempt,
        "stopReason": stop_reason,
    }
    if snapshot.run.kind == "backtest":
        flat |= {"processedBars": state.processed, "totalBars": state.total}
    else:
        flat |= {
            "completedCombinations": state.processed,
            "failedCombinations": state.failed,
            "totalCombinations": state.total,
        }
    flat.update(extra or {})
    return flat
