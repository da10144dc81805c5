"""What a client may ask to be run."""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from server.contract.base import ParamValue, Request
from server.contract.catalogue import CashFlowKind

RunKind = Literal["backtest", "optimization"]
Priority = Literal["high", "normal", "low"]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a time zone")]
Rate = Annotated[float, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]


DATA_AXIS: Final = "dataSubscription"
"""The axis of data sets: the one axis that no parameter of the strategy stands behind."""


class DataSubscription(Request, frozen=True, kw_only=True):
    """Names one bar series; `timeFrame` takes `1m 5m 1h 1d …` and `"1:00:00"`."""

    asset_name: Name
    exchange: Name
    time_frame: Name


class Commission(Request, frozen=True, kw_only=True):
    """`rate` of notional, quote currency `perOrder` or `perUnit`; `minimum` in quote currency per order."""

    model: Literal["rate", "perOrder", "perUnit"]
    value: Rate
    minimum: Rate = 0.0


class Account(Request, frozen=True, kw_only=True):
    """`cash` buys what it can pay for and never goes short; `margin` may do both."""

    type: Literal["cash", "margin"] = "cash"
    leverage: Annotated[float, Meta(ge=1)] | UnsetType = UNSET
    maintenance_rate: Annotated[float, Meta(ge=0, lt=1)] | UnsetType = UNSET


class RunSettings(Request, frozen=True, kw_only=True):
    """What backtests and optimizations share: data, period, costs, account; money in quote currency."""

    strategy_name: Name
    start_time: Moment
    end_time: Moment
    initial_cash: Positive
    asset_name: Name | UnsetType = UNSET
    exchange: Name | UnsetType = UNSET
    time_frame: Name | UnsetType = UNSET
    data_subscriptions: Annotated[list[DataSubscription], Meta(min_length=1, max_length=64)] | UnsetType = UNSET
    cash_flows: Annotated[list[CashFlowKind], Meta(max_length=2)] = []
    strategy_version: str | UnsetType = UNSET
    commission_per_trade: Rate | UnsetType = UNSET
    commission: Commission | UnsetType = UNSET
    slippage_ticks: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    account: Account = Account()
    close_at_end: bool = False
    risk_free_rate: Annotated[float, Meta(gt=-1, le=10)] = 0.0
    timeout_seconds: Positive | UnsetType = UNSET
    compile: Literal["auto", "off"] = "auto"
    event_log: bool = False
    force: bool = False
    priority: Priority = "normal"
    label: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET


class BacktestRequest(RunSettings, frozen=True, kw_only=True):
    """One set of parameters; those left out take their defaults."""

    strategy_parameters: dict[str, ParamValue] = {}


class Axis(Request, frozen=True, kw_only=True):
    """The values one parameter takes: `{min, max, step?}`, `{values}` or `{fixed}`, exactly one of these forms."""

    min: int | float | UnsetType = UNSET
    max: int | float | UnsetType = UNSET
    step: Annotated[int, Meta(gt=0)] | Annotated[float, Meta(gt=0)] | UnsetType = UNSET
    values: Annotated[list[ParamValue | DataSubscription], Meta(max_length=1_000_000)] | UnsetType = UNSET
    fixed: ParamValue | UnsetType = UNSET


class Objective(Request, frozen=True, kw_only=True):
    """One metric to be made as large (`max`) or as small (`min`) as possible."""

    metric: str
    direction: Literal["max", "min"]


class Fitness(Request, frozen=True, kw_only=True):
    """Weights of metrics in a trial's fitness."""

    weights: dict[str, float]


class Filters(Request, frozen=True, kw_only=True):
    """Trials that miss one of these bounds are kept, but never lead."""

    min_total_trades: int | UnsetType = UNSET
    min_net_profit: float | UnsetType = UNSET
    min_profit_factor: float | UnsetType = UNSET
    max_drawdown_pct: float | UnsetType = UNSET
    min_sharpe_ratio: float | UnsetType = UNSET
    min_sortino_ratio: float | UnsetType = UNSET
    min_annual_return_pct: float | UnsetType = UNSET


class StopRules(Request, frozen=True, kw_only=True):
    """When a search ends before its budget."""

    no_improvement_trials: Count | UnsetType = UNSET
    target_metric: float | UnsetType = UNSET


class WalkForward(Request, frozen=True, kw_only=True):
    """Windows in and out of sample."""

    windows: Count
    out_of_sample_pct: Annotated[float, Meta(gt=0, lt=100)]
    anchored: bool = False
    objective: str = "sharpeRatio"


class OptimizationRequest(RunSettings, frozen=True, kw_only=True):
    """A space of parameters; an axis left out is the parameter's default."""

    axes: dict[str, Axis]
    conditions: Annotated[list[str], Meta(max_length=64)] = []
    method: Literal["grid", "random", "tpe", "genetic", "nsga2", "walkForward"] = "grid"
    budget: Count | UnsetType = UNSET
    time_budget_seconds: Positive | UnsetType = UNSET
    seed: int = 0
    sort_by: str = "fitness"
    objectives: Annotated[list[Objective], Meta(max_length=8)] = []
    fitness: Fitness | UnsetType = UNSET
    filters: Filters = Filters()
    stop_rules: StopRules = StopRules()
    max_combinations: Count = 500_000
    trial_timeout_seconds: Positive | UnsetType = UNSET
    keep_curves: Annotated[int, Meta(ge=0, le=10_000)] = 100
    max_parallelism: Count | UnsetType = UNSET
    walk_forward: WalkForward | UnsetType = UNSET
