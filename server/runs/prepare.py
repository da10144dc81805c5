"""Turns a submission into what can be run: everything it names is found, checked and identified."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import UNSET, to_builtins

from server.contract.base import format_instant, instant_ms
from server.contract.catalogue import StrategyInfo
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
from server.engine.money import check_money
from server.engine.settings import ENGINE_VERSION, EngineSettings
from server.execution.tasks import DataSlice
from server.optimization.leaders import check_sort
from server.optimization.space import grid, size
from server.runs.prepared import AnyPrepared, PreparedBacktest, PreparedOptimization
from server.runs.slices import Series, slices
from server.runs.supported import refuse_unsupported
from server.strategies.parameters import bind_parameters
from server.strategies.source import FoundStrategy

_YEAR_1_MS: Final = -62_135_596_800_000
_YEAR_9999_MS: Final = 253_402_300_799_999


def prepare(request: BacktestRequest | OptimizationRequest, found: FoundStrategy, series: Series) -> AnyPrepared:
    """Checks a submission against its strategy and the catalogue.

    Raises InvalidRequest with the path of the field, or ForgeError `not_supported`, `strategy_broken`.
    """
    refuse_unsupported(request)
    info = _runnable(request, found)
    start_ms, end_ms = _period(request)
    data = slices(request, series, start_ms, end_ms)
    settings = engine_settings(request)
    for part in data:
        check_money(settings, series.instrument(part.dataset.id))
    shared: dict[str, Any] = _shared_identity(data, settings, info)
    assert found.source is not None  # an invariant of what loads
    common: dict[str, Any] = {
        "strategy": found.source,
        "data": data,
        "settings": settings,
        "settings_sent": _settings_sent(data, settings, start_ms, end_ms),
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
        return PreparedBacktest(run_key=key, total=sum(part.rows for part in data), parameters=parameters, **common)
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
        forced=request.force,
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


def _shared_identity(data: Sequence[DataSlice], settings: EngineSettings, info: StrategyInfo) -> dict[str, Any]:
    """Everything besides strategy name, period and parameters that decides a result."""
    return {
        "engine": ENGINE_VERSION,
        "source": info.source_hash,
        "data": [_identity(part) for part in data],
        "cash": settings.initial_cash,
        "commission": to_builtins(settings.commission),
        "slippageTicks": settings.slippage_ticks,
        "account": to_builtins(settings.account),
        "closeAtEnd": settings.close_at_end,
        "riskFreeRate": settings.risk_free_rate,
    }


def _identity(part: DataSlice) -> dict[str, Any]:
    """A series by its content; cash flows only where they are asked for, so that no run without them is renamed."""
    dataset = part.dataset
    named: dict[str, Any] = {
        "asset": dataset.asset_name,
        "exchange": dataset.exchange,
        "timeFrame": dataset.time_frame,
        "content": dataset.content_hash,
    }
    if part.feeds:
        named["cashFlows"] = [{"kind": feed.kind, "content": feed.dataset.content_hash} for feed in part.feeds]
    return named


def _settings_sent(data: Sequence[DataSlice], settings: EngineSettings, start_ms: int, end_ms: int) -> dict[str, Any]:
    """The settings as a result shows them: a request that gives the same run again."""
    named = [
        {
            "assetName": part.dataset.asset_name,
            "exchange": part.dataset.exchange,
            "timeFrame": part.dataset.time_frame,
        }
        for part in data
    ]
    flows = [feed.kind for feed in data[0].feeds]
    return {
        **(named[0] if len(named) == 1 else {"dataSubscriptions": named}),
        **({"cashFlows": flows} if flows else {}),
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
