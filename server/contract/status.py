"""A run as one flat object: what `/status`, `GET /{runKey}` and lists answer."""

from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from server.contract.base import Instant, Model, ParamValue
from server.contract.requests import Axis
from server.contract.results import BacktestResult, OptimizationResult
from server.contract.run import TERMINAL, Leader, Mode, Phase, Revision, RunStatus


class KeyMetrics(Model, frozen=True, kw_only=True):
    """What a list shows of the newest completed attempt; of an optimization its best trial."""

    net_profit: float | None = None
    total_return_pct: float | None = None
    sharpe_ratio: float | None = None
    max_drawdown_pct: float | None = None
    profit_factor: float | None = None
    win_rate_pct: float | None = None
    total_trades: int | None = None


class FlatRun(Model, frozen=True, kw_only=True):
    """What both kinds share: run, state, revision, place in the queue, the attempt whose result is shown."""

    run_key: str
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
    label: str | None
    status: RunStatus
    phase: Phase | None
    mode: Mode | None
    processed: int
    failed: int
    skipped: int
    rate_per_second: float | None
    bars_per_second: float | None
    eta_seconds: float | None
    elapsed_ms: int
    updated_at: Instant
    started_at: Instant | None
    cancel_requested: bool
    error_message: str | None
    error_stack_trace: str | None
    rev: Revision
    queue_position: int | None
    result_attempt: int | None
    stop_reason: str | None

    @property
    def final(self) -> bool:
        """Whether no later state of this attempt can follow."""
        return self.status in TERMINAL


class FlatBacktest(FlatRun, frozen=True, kw_only=True, tag_field="kind", tag="backtest"):
    """What every flat backtest has."""

    parameters: dict[str, ParamValue]
    bar_time: Instant | None
    equity: float | None
    processed_bars: int
    total_bars: int


class FlatOptimization(FlatRun, frozen=True, kw_only=True, tag_field="kind", tag="optimization"):
    """What every flat optimization has; `stagnation` counts the trials since the best one."""

    axes: dict[str, Axis]
    best: Leader | None
    top: list[Leader]
    stagnation: int
    last_error: str | None
    reused: int
    completed_combinations: int
    failed_combinations: int
    total_combinations: int


class BacktestStatus(FlatBacktest, frozen=True, kw_only=True, tag_field="kind", tag="backtest"):
    """A backtest as it stands; `result` once Completed, `request` (the submission) of a stored run alone."""

    result: BacktestResult | None
    request: dict[str, Any] | UnsetType = UNSET


class OptimizationStatus(FlatOptimization, frozen=True, kw_only=True, tag_field="kind", tag="optimization"):
    """An optimization as it stands; `result` once Completed, with its first trials; `request` as for a backtest."""

    result: OptimizationResult | None
    request: dict[str, Any] | UnsetType = UNSET


class BacktestItem(FlatBacktest, frozen=True, kw_only=True, tag_field="kind", tag="backtest"):
    """A backtest in a list."""

    metrics: KeyMetrics | None


class OptimizationItem(FlatOptimization, frozen=True, kw_only=True, tag_field="kind", tag="optimization"):
    """An optimization in a list."""

    metrics: KeyMetrics | None


AnyStatus = BacktestStatus | OptimizationStatus
_ANY_STATUS: Final[msgspec.json.Decoder[AnyStatus]] = msgspec.json.Decoder(AnyStatus)


def decode_status(body: bytes) -> AnyStatus:
    """The body of a status answer; msgspec.ValidationError when it is none."""
    return _ANY_STATUS.decode(body)
