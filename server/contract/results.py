"""What a finished run leaves behind."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType, structs

from server.contract.base import Instant, Model, ParamValue
from server.contract.catalogue import CashFlowKind
from server.contract.run import Leader, Mode

TrialStatus = Literal["Completed", "Failed", "TimedOut"]
OrderSide = Literal["buy", "sell"]
OrderType = Literal["market", "limit", "stop", "stopLimit"]
OrderStatus = Literal["Filled", "Cancelled", "Rejected", "Expired", "Pending"]
TimeInForce = Literal["GTC", "DAY", "IOC"]
ExitReason = Literal["signal", "stopLoss", "takeProfit", "liquidation", "endOfData", "open"]


class Metrics(Model, frozen=True, kw_only=True):
    """The figures of one equity curve with its round trips; percentages as 12.5, drawdowns ≤ 0, undefined is None."""

    net_profit: float
    open_profit: float
    gross_profit: float
    gross_loss: float
    commissions: float
    total_return_pct: float
    annual_return_pct: float | None
    annual_volatility_pct: float | None
    sharpe_ratio: float | None
    sortino_ratio: float | None
    calmar_ratio: float | None
    max_drawdown: float
    max_drawdown_pct: float
    max_drawdown_bars: int
    recovery_factor: float | None
    total_trades: int
    total_fills: int
    win_rate_pct: float | None
    profit_factor: float | None
    expectancy: float | None
    average_win: float | None
    average_loss: float | None
    payoff_ratio: float | None
    exposure_pct: float
    turnover: float
    longest_losing_streak: int
    final_equity: float


METRIC_NAMES: Final[tuple[str, ...]] = tuple(field.encode_name for field in structs.fields(Metrics))
"""The camelCase names of all metrics, in the order of the columns of a trials file."""


class CashFlowsUsed(Model, frozen=True, kw_only=True):
    """Cash flows that a run took into account: `rows` of them lie within its period."""

    kind: CashFlowKind
    dataset_id: str
    content_hash: str
    rows: int


class DataUsed(Model, frozen=True, kw_only=True):
    """One data set that a run read; results of before there were several series do not name it."""

    dataset_id: str
    content_hash: str
    rows: int
    first: Instant
    last: Instant
    synthetic: bool
    asset_name: str = ""
    exchange: str = ""
    time_frame: str = ""
    cash_flows: list[CashFlowsUsed] = []


class RunResult(Model, frozen=True, kw_only=True):
    """What results of both kinds share. `simulate_ms`: the bar loop with metrics, fractional."""

    run_key: str
    attempt: int
    strategy_name: str
    strategy_version: str
    source_hash: str
    engine_version: str
    mode: Mode
    settings: dict[str, Any]
    data: list[DataUsed]
    started_at: Instant
    completed_at: Instant
    duration_ms: int
    simulate_ms: float
    total_bars: int
    warnings: list[str]
    rejected_orders: int
    has_event_log: bool


class BacktestResult(RunResult, frozen=True, kw_only=True):
    """The result of one backtest; those of before trials were found by it do not tell `trial_key`."""

    trial_key: str = ""
    parameters: dict[str, ParamValue]
    metrics: Metrics


class Trial(Model, frozen=True, kw_only=True):
    """One set of parameters of an optimization."""

    trial_key: str
    index: int
    parameters: dict[str, ParamValue]
    status: TrialStatus
    metrics: Metrics | None
    fitness: float | None
    error_message: str | None
    error_stack_trace: str | None
    duration_ms: float
    reused: bool


class FailureGroup(Model, frozen=True, kw_only=True):
    """Trials that failed with the same message."""

    message: str
    count: int
    example_trial_key: str


class LeaderRobustness(Model, frozen=True, kw_only=True):
    """A leading trial beside the trials next to it: how many, the median of their values, and between quartiles."""

    trial_key: str
    value: float | None
    neighbours: int
    median: float | None
    spread: float | None


class Robustness(Model, frozen=True, kw_only=True):
    """What speaks for the leaders being more than lucky.

    `deflated_sharpe`: the probability that the best trial's Sharpe ratio is above zero, given that it is the best of
    `trials`.
    """

    deflated_sharpe: float | None
    trials: int
    leaders: list[LeaderRobustness]


class StitchedMetrics(Model, frozen=True, kw_only=True):
    """Of the metrics those that follow from a stitched curve, with the round trips and fills of all its parts."""

    net_profit: float
    total_return_pct: float
    annual_return_pct: float | None
    annual_volatility_pct: float | None
    sharpe_ratio: float | None
    sortino_ratio: float | None
    calmar_ratio: float | None
    max_drawdown: float
    max_drawdown_pct: float
    max_drawdown_bars: int
    recovery_factor: float | None
    total_trades: int
    total_fills: int
    final_equity: float


class Equity(Model, frozen=True, kw_only=True):
    """`points` of `[tsMs, equity, drawdownPct]`, `total` before down-sampling."""

    points: list[tuple[int, float, float]]
    total: int


class WalkForwardWindow(Model, frozen=True, kw_only=True):
    """What a window chose in sample, and what that came to out of sample; each part from its first to its last instant.

    The values are those of the objective. `parameters` is None where no trial could be chosen; `trial_key`, `metrics`
    and the value out of sample are those of the backtest out of sample, None where it failed.
    """

    index: int
    in_sample_start: Instant
    in_sample_end: Instant
    out_of_sample_start: Instant
    out_of_sample_end: Instant
    parameters: dict[str, ParamValue] | None
    trial_key: str | None
    in_sample_value: float | None
    out_of_sample_value: float | None
    efficiency: float | None
    metrics: Metrics | None


class WalkForwardResult(Model, frozen=True, kw_only=True):
    """All windows, and their parts out of sample as one run: `equity` from one into the next, `metrics` of it."""

    windows: list[WalkForwardWindow]
    efficiency: float | None
    metrics: StitchedMetrics | None
    equity: Equity | None


class OptimizationResult(RunResult, frozen=True, kw_only=True):
    """The result of an optimization; `trials` sorted best first, the first ones only (`trials_total` counts all)."""

    axes: dict[str, Any]
    method: str
    seed: int
    sort_by: str
    total_combinations: int
    completed: int
    failed: int
    skipped: int
    filtered: int
    reused: int
    best: Leader | None
    failures: list[FailureGroup]
    trials_total: int
    pareto_front: list[str] | None = None
    """Of several objectives the trialKeys of those that no other trial beats, at most 1,000."""
    robustness: Robustness | None = None
    walk_forward: WalkForwardResult | None = None
    trials: list[Trial] | UnsetType = UNSET


class RoundTrip(Model, frozen=True, kw_only=True):
    """A position from entry to exit; `exit_*` None while open. `profit` is net of commission, in quote currency."""

    entry_time: Instant
    exit_time: Instant | None
    side: Literal["long", "short"]
    quantity: float
    entry_price: float
    exit_price: float | None
    profit: float
    profit_pct: float
    commission: float
    bars: int
    max_adverse: float
    max_favourable: float
    exit_reason: ExitReason
    asset_name: str


class OrderFill(Model, frozen=True, kw_only=True):
    """One trade of an order; `quantity` > 0, money in quote currency."""

    time: Instant
    price: float
    quantity: float
    commission: float


class Order(Model, frozen=True, kw_only=True):
    """One order with what became of it.

    `quantity` is None while a share of the equity has not been turned into units; `group` names the orders of which
    the first to fill cancels the others; `reason` tells why an order was rejected.
    """

    order_id: int
    submitted_at: Instant
    asset_name: str
    side: OrderSide
    type: OrderType
    quantity: float | None
    limit_price: float | None
    stop_price: float | None
    time_in_force: TimeInForce
    group: int | None
    status: OrderStatus
    reason: str | None
    fills: list[OrderFill]
