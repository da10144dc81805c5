"""The settings of a submission with every default spelled out: for the engine, for identities, for results."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, to_builtins

from server.contract.base import format_instant
from server.contract.catalogue import StrategyInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import Account, Commission, RunSettings
from server.engine.settings import ENGINE_VERSION, EngineSettings
from server.execution.tasks import DataSlice


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


def shared_identity(data: Sequence[DataSlice], settings: EngineSettings, info: StrategyInfo) -> dict[str, Any]:
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


def settings_sent(data: Sequence[DataSlice], settings: EngineSettings, start_ms: int, end_ms: int) -> dict[str, Any]:
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
