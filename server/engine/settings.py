"""What the engine is told besides strategy, parameters and bars."""

from typing import Final

from server.contract.base import Model
from server.contract.requests import Account, Commission

ENGINE_VERSION: Final = "1.2.0"
"""Semantic version of the results: it rises whenever the same request would give other numbers."""


class EngineSettings(Model, frozen=True, kw_only=True):
    """Money in quote currency, commission resolved to one model, `risk_free_rate` yearly."""

    initial_cash: float
    commission: Commission
    account: Account
    slippage_ticks: int = 0
    close_at_end: bool = False
    risk_free_rate: float = 0.0
    compile: bool = True
    event_log: bool = False
