"""Turns a submission into what can be run: everything it names is found, checked and identified."""

from typing import Any, Final

from msgspec import UNSET

from server.contract.base import instant_ms
from server.contract.catalogue import StrategyInfo
from server.contract.identity import run_key
from server.contract.problems import ForgeError, InvalidRequest
from server.contract.requests import BacktestRequest, OptimizationRequest, RunSettings
from server.engine.money import check_money
from server.runs.prepare_optimization import prepare_optimization
from server.runs.prepared import AnyPrepared, PreparedBacktest
from server.runs.run_settings import engine_settings, settings_sent, shared_identity
from server.runs.slices import Series, slices
from server.runs.supported import refuse_unsupported
from server.runs.windows import windows_of
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
    shared: dict[str, Any] = shared_identity(data, settings, info)
    assert found.source is not None  # an invariant of what loads
    common: dict[str, Any] = {
        "strategy": found.source,
        "data": data,
        "settings": settings,
        "settings_sent": settings_sent(data, settings, start_ms, end_ms),
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
    windows = windows_of(request, data, series, start_ms, end_ms)
    return prepare_optimization(request, info, shared, common, windows)


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


def unknown_strategy(name: str, known: list[str]) -> ForgeError:
    """The error for a strategy that is not loaded, with the names of those that are."""
    listed = ", ".join(known) if known else "none is loaded"
    return InvalidRequest("unknown_strategy", "strategyName", f"there is no strategy {name!r}; there are: {listed}")
