"""Turns a submission into what can be run: everything it names is found, checked and identified."""

from pathlib import Path
from typing import Any, Final, Protocol

from msgspec import UNSET, to_builtins

from server.contract.base import format_instant, instant_ms
from server.contract.catalogue import DatasetInfo, StrategyInfo
from server.contract.identity import run_key
from server.contract.problems import ForgeError, InvalidRequest
from server.contract.requests import (
    Account,
    Axis,
    BacktestRequest,
    Commission,
    OptimizationRequest,
    RunSettings,
)
from server.data.instrument import Instrument
from server.engine.money import check_money
from server.engine.settings import ENGINE_VERSION, EngineSettings
from server.execution.tasks import DataSlice
from server.optimization.leaders import check_sort
from server.optimization.space import grid, size
from server.runs.prepared import AnyPrepared, PreparedBacktest, PreparedOptimization
from server.runs.supported import refuse_unsupported
from server.strategies.parameters import bind_parameters
from server.strategies.source import FoundStrategy

_YEAR_1_MS: Final = -62_135_596_800_000
_YEAR_9999_MS: Final = 253_402_300_799_999


class Series(Protocol):
    """The catalogue's index: answers without loading bars."""

    def resolve(self, asset: str, exchange: str, time_frame: str) -> DatasetInfo:
        """The newest version of a series; InvalidRequest `unknown_dataset`."""
        ...

    def rows_between(self, dataset_id: str, start_ms: int, end_ms: int) -> tuple[int, int]:
        """The rows `[first, stop)` whose bars open in the period."""
        ...

    def directory(self, dataset_id: str) -> Path:
        """Where its files are."""
        ...

    def instrument(self, dataset_id: str) -> Instrument:
        """Its units."""
        ...


def prepare(request: BacktestRequest | OptimizationRequest, found: FoundStrategy, series: Series) -> AnyPrepared:
    """Checks a submission against its strategy and the catalogue.

    Raises InvalidRequest with the path of the field, or ForgeError `not_supported`, `strategy_broken`.
    """
    refuse_unsupported(request)
    info = _runnable(request, found)
    start_ms, end_ms = _period(request)
    data = _data(request, series, start_ms, end_ms)
    settings = engine_settings(request)
    check_money(settings, series.instrument(data.dataset.id))
    shared: dict[str, Any] = _shared_identity(data.dataset, settings, info)
    assert found.source is not None  # an invariant of what loads
    common: dict[str, Any] = {
        "strategy": found.source,
        "data": [data],
        "settings": settings,
        "settings_sent": _settings_sent(data.dataset, settings, start_ms, end_ms),
        "start_ms": start_ms,
        "end_ms": end_ms,
        "identity": shared,
        "priority": request.priority,
        "label": None if request.label is UNSET else request.label,
        "timeout_s": None if request.timeout_seconds is UNSET else request.timeout_seconds,
    }
    if isinstance(request, BacktestRequest):
        parameters = bind_parameters(info.parameters, request.strategy_parameters, "strategyParameters")
        key = run_key("backtest", info.name, info.version, start_ms, end_ms, {**shared, "parameters": parameters})
        return PreparedBacktest(run_key=key, total=data.stop_row - data.first_row, parameters=parameters, **common)
    return _prepare_optimization(request, info, shared, common)


def _prepare_optimization(
    request: OptimizationRequest, info: StrategyInfo, shared: dict[str, Any], common: dict[str, Any]
) -> PreparedOptimization:
    check_sort(request.sort_by)
    space = grid(info.parameters, request.axes)
    total = size(space)
    if total > request.max_combinations:
        raise InvalidRequest(
            "too_many_combinations",
            "axes",
            f"{total:,} combinations are more than maxCombinations ({request.max_combinations:,}); "
            "narrow an axis, widen a step, or raise maxCombinations",
        )
    searched = {
        "axes": dict(zip(space.names, space.values, strict=True)),
        "conditions": sorted(request.conditions),
        "method": request.method,
        "seed": request.seed,
        "sortBy": request.sort_by,
        "objectives": to_builtins(request.objectives),
        "fitness": None,
        "filters": to_builtins(request.filters),
        "stopRules": to_builtins(request.stop_rules),
        "budget": None,
        "timeBudget": None,
        "batchSize": None,
        "walkForward": None,
    }
    key = run_key(
        "optimization", info.name, info.version, common["start_ms"], common["end_ms"], {**shared, "search": searched}
    )
    return PreparedOptimization(
        run_key=key,
        total=total,
        axes=_axes_sent(info, request.axes),
        space=space,
        method=request.method,
        seed=request.seed,
        sort_by=request.sort_by,
        trial_timeout_s=None if request.trial_timeout_seconds is UNSET else request.trial_timeout_seconds,
        max_parallelism=None if request.max_parallelism is UNSET else request.max_parallelism,
        **common,
    )


def _runnable(request: RunSettings, found: FoundStrategy) -> StrategyInfo:
    info = found.info
    if info.error is not None or found.source is None:
        error = info.error
        where = f"{error.file}, line {error.line}: {error.message}" if error else "it does not load"
        raise InvalidRequest("strategy_broken", "strategyName", f"{info.name} does not load: {where}")
    if request.strategy_version is not UNSET and request.strategy_version != info.version:
        raise InvalidRequest(
            "invalid_request",
            "strategyVersion",
            f"{info.name} is loaded in version {info.version}, not {request.strategy_version}",
        )
    return info


def _period(request: RunSettings) -> tuple[int, int]:
    start_ms, end_ms = instant_ms(request.start_time), instant_ms(request.end_time)
    if end_ms < start_ms:
        raise InvalidRequest("invalid_request", "endTime", "must not be before startTime")
    for path, ts_ms in (("startTime", start_ms), ("endTime", end_ms)):
        if not _YEAR_1_MS <= ts_ms <= _YEAR_9999_MS:  # in UTC; with its offset it was within them
            raise InvalidRequest("invalid_request", path, "must lie in the years 1 to 9999")
    return start_ms, end_ms


def _data(request: RunSettings, series: Series, start_ms: int, end_ms: int) -> DataSlice:
    dataset = series.resolve(*subscription(request))
    first, stop = series.rows_between(dataset.id, start_ms, end_ms)
    if first >= stop:
        raise InvalidRequest(
            "empty_period",
            "startTime",
            f"{dataset.asset_name} {dataset.time_frame} of {dataset.exchange} has no bars in this period; "
            f"it reaches from {dataset.first} to {dataset.last}",
        )
    return DataSlice(dataset=dataset, directory=str(series.directory(dataset.id)), first_row=first, stop_row=stop)


def subscription(request: RunSettings) -> tuple[str, str, str]:
    """Asset, exchange and time frame of the main series; InvalidRequest when they are missing or given twice."""
    named = {"assetName": request.asset_name, "exchange": request.exchange, "timeFrame": request.time_frame}
    if request.data_subscriptions is not UNSET:
        twice = [path for path, value in named.items() if value is not UNSET]
        if twice:
            raise InvalidRequest("invalid_request", twice[0], "give either this or dataSubscriptions, not both")
        main = request.data_subscriptions[0]
        return main.asset_name, main.exchange, main.time_frame
    for path, value in named.items():
        if value is UNSET:
            raise InvalidRequest("invalid_request", path, "is required: it names the data set")
    return str(request.asset_name), str(request.exchange), str(request.time_frame)


def engine_settings(request: RunSettings) -> EngineSettings:
    """The engine's part of a request with every default spelled out; InvalidRequest when costs contradict."""
    if request.commission is not UNSET and request.commission_per_trade is not UNSET:
        raise InvalidRequest("invalid_request", "commission", "give either this or commissionPerTrade, not both")
    if request.commission is not UNSET:
        commission = request.commission
    else:
        rate = 0.0 if request.commission_per_trade is UNSET else request.commission_per_trade
        commission = Commission(model="rate", value=rate)
    account = request.account
    if account.leverage is not UNSET and account.type == "cash":
        raise InvalidRequest("invalid_request", "account.leverage", "needs account.type margin")
    if account.type == "margin" and account.leverage is UNSET:
        account = Account(type="margin", leverage=1.0)
    return EngineSettings(
        initial_cash=request.initial_cash,
        commission=commission,
        account=account,
        slippage_ticks=request.slippage_ticks,
        close_at_end=request.close_at_end,
        risk_free_rate=request.risk_free_rate,
        compile=request.compile == "auto",
        event_log=request.event_log,
    )


def _shared_identity(dataset: DatasetInfo, settings: EngineSettings, info: StrategyInfo) -> dict[str, Any]:
    """Everything besides strategy name, period and parameters that decides a result."""
    return {
        "engine": ENGINE_VERSION,
        "source": info.source_hash,
        "data": [
            {
                "asset": dataset.asset_name,
                "exchange": dataset.exchange,
                "timeFrame": dataset.time_frame,
                "content": dataset.content_hash,
            }
        ],
        "cash": settings.initial_cash,
        "commission": to_builtins(settings.commission),
        "slippageTicks": settings.slippage_ticks,
        "account": to_builtins(settings.account),
        "closeAtEnd": settings.close_at_end,
        "riskFreeRate": settings.risk_free_rate,
    }


def _settings_sent(dataset: DatasetInfo, settings: EngineSettings, start_ms: int, end_ms: int) -> dict[str, Any]:
    """The settings as a result shows them: a request that gives the same run again."""
    return {
        "assetName": dataset.asset_name,
        "exchange": dataset.exchange,
        "timeFrame": dataset.time_frame,
        "startTime": format_instant(start_ms),
        "endTime": format_instant(end_ms),
        "initialCash": settings.initial_cash,
        "commission": to_builtins(settings.commission),
        "slippageTicks": settings.slippage_ticks,
        "account": to_builtins(settings.account),
        "closeAtEnd": settings.close_at_end,
        "riskFreeRate": settings.risk_free_rate,
    }


def _axes_sent(info: StrategyInfo, axes: dict[str, Axis]) -> dict[str, Axis]:
    """The axes with every parameter spelled out, so that a reader sees the whole space."""
    return {parameter.name: axes.get(parameter.name, Axis(fixed=parameter.default)) for parameter in info.parameters}


def unknown_strategy(name: str, known: list[str]) -> ForgeError:
    """The error for a strategy that is not loaded, with the names of those that are."""
    listed = ", ".join(known) if known else "none is loaded"
    return InvalidRequest("unknown_strategy", "strategyName", f"there is no strategy {name!r}; there are: {listed}")
