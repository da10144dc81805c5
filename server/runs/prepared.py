"""A submission after everything it names was found: what is kept for recovery and what tasks are made from."""

from typing import Any

from msgspec import UNSET

from server.contract.base import Instant, Model, ParamValue, format_instant
from server.contract.identity import family_of
from server.contract.requests import Axis, Objective, Priority, StopRules
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState
from server.engine.settings import EngineSettings
from server.execution.tasks import DataSlice, Market
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.runs.windows import Windows
from server.strategies.source import StrategySource


class Prepared(Model, frozen=True, kw_only=True):
    """What both kinds share. `identity` is what trialKeys hash besides parameters; `total` in bars or combinations."""

    run_key: str
    strategy: StrategySource
    data: list[DataSlice]
    settings: EngineSettings
    settings_sent: dict[str, Any]
    start_ms: int
    end_ms: int
    identity: dict[str, Any]
    total: int
    priority: Priority
    label: str | None = None
    timeout_s: float | None = None

    @property
    def bars(self) -> int:
        """Bars of one pass over all series."""
        return sum(part.rows for part in self.data)

    @property
    def family(self) -> str:
        """The family of its trials, or of the one trial that a backtest is."""
        return self._family(self.identity)

    def _family(self, identity: dict[str, Any]) -> str:
        return family_of(self.strategy.name, self.strategy.version, self.start_ms, self.end_ms, identity)

    @property
    def families(self) -> tuple[str, ...]:
        """All families of its trials."""
        return (self.family,)


class PreparedData(Model, frozen=True, kw_only=True):
    """What a stored `Prepared` says of its data; the other fields are passed over."""

    data: list[DataSlice]


class PreparedSpace(Model, frozen=True, kw_only=True):
    """What a stored `PreparedOptimization` says of its space; the other fields are passed over."""

    space: Space


class PreparedBacktest(Prepared, frozen=True, kw_only=True, tag="backtest"):
    """A backtest with every parameter filled in."""

    parameters: dict[str, ParamValue]


class PreparedOptimization(Prepared, frozen=True, kw_only=True, tag="optimization"):
    """An optimization with its space laid out. `markets`: the values of the axis of data sets, none without it.
    `normalizes`: different sets of it may be the same work.

    `forced`: nothing of earlier runs is taken over, and of its own attempts only those from `resumed` on, which a
    restart interrupted.
    """

    axes: dict[str, Axis]
    space: Space
    conditions: list[str] = []
    method: str
    seed: int
    ranking: Ranking
    time_budget_s: float | None = None
    stop_rules: StopRules = StopRules()
    objectives: list[Objective] = []
    trial_timeout_s: float | None = None
    max_parallelism: int | None = None
    keep_curves: int = 0
    windows: Windows | None = None
    forced: bool = False
    resumed: int | None = None
    markets: list[Market] = []
    normalizes: bool = False

    @property
    def bars(self) -> int:
        """Bars of one pass over all series: at the most where data sets are an axis, of windows on average."""
        if self.windows is not None:
            return self.windows.bars
        return max((market.bars for market in self.markets), default=super().bars)

    @property
    def families(self) -> tuple[str, ...]:
        """The one of all trials; where data sets are an axis those of each, where there are windows those of their
        parts in sample, in order.
        """
        if self.windows is not None:
            return tuple(
                family_of(self.strategy.name, self.strategy.version, period.start_ms, period.end_ms, self.identity)
                for period in (window.in_sample for window in self.windows.windows)
            )
        return tuple(self._family(market.identity) for market in self.markets) or super().families


AnyPrepared = PreparedBacktest | PreparedOptimization


def first_snapshot(prepared: AnyPrepared, *, attempt: int, store_id: str, submitted_at: Instant) -> RunSnapshot:
    """The Pending state with which an attempt begins; the store gives it its generation."""
    backtest = isinstance(prepared, PreparedBacktest)
    dataset = prepared.data[0].dataset
    info = RunInfo(
        run_key=prepared.run_key,
        kind="backtest" if backtest else "optimization",
        attempt=attempt,
        store_id=store_id,
        strategy_name=prepared.strategy.name,
        strategy_version=prepared.strategy.version,
        asset_name=dataset.asset_name,
        exchange=dataset.exchange,
        time_frame=dataset.time_frame,
        start_time=format_instant(prepared.start_ms),
        end_time=format_instant(prepared.end_ms),
        total=prepared.total,
        unit="bars" if backtest else "combinations",
        submitted_at=submitted_at,
        label=prepared.label,
        parameters=prepared.parameters if isinstance(prepared, PreparedBacktest) else UNSET,
        axes=prepared.axes if isinstance(prepared, PreparedOptimization) else UNSET,
    )
    state = RunState(
        status="Pending",
        phase="queued",
        total=prepared.total,
        updated_at=submitted_at,
        bar_time=None if backtest else UNSET,
        equity=None if backtest else UNSET,
        best=UNSET if backtest else None,
        top=UNSET if backtest else [],
        stagnation=UNSET if backtest else 0,
        last_error=UNSET if backtest else None,
        reused=UNSET if backtest else 0,
    )
    return RunSnapshot(run=info, state=state, rev=Revision(0, 0))
