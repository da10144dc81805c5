"""Money of one run as whole numbers, and the refusal of what would not fit."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from msgspec import UNSET

from server.contract.problems import InvalidRequest
from server.data.instrument import MAX_MONEY, Instrument
from server.engine.kernel.arithmetic import LEVERAGE_SCALE, PER_ORDER, PER_UNIT, RATE, RATE_SCALE
from server.engine.kernel.records import TermsRecord
from server.engine.settings import EngineSettings

_MODELS: Final = {"rate": RATE, "perOrder": PER_ORDER, "perUnit": PER_UNIT}


def terms_of(
    settings: EngineSettings, instrument: Instrument, scale: int | None = None, assets: int = 1
) -> TermsRecord:
    """The settings in whole numbers; raises InvalidRequest as `check_money` does.

    `scale`: money units in one unit of quote currency, those of `instrument` unless told; for so many `assets`.
    """
    scale = scale or instrument.money_per_unit
    check_money(settings, instrument, scale)
    commission = settings.commission
    value_scale = RATE_SCALE if commission.model == "rate" else scale
    return TermsRecord(
        cash=_scaled(settings.initial_cash, scale),
        scale=scale,
        commission_model=_MODELS[commission.model],
        commission_value=_scaled(commission.value, value_scale),
        commission_minimum=_scaled(commission.minimum, scale),
        slippage=settings.slippage_ticks,
        margin=int(settings.account.type == "margin"),
        leverage=_scaled(_leverage(settings), LEVERAGE_SCALE),
        maintenance=_maintenance(settings),
        asset_count=assets,
    )


def check_money(settings: EngineSettings, instrument: Instrument, scale: int | None = None) -> None:
    """Refuses amounts that int64 money of this instrument, or of this `scale`, cannot hold: `money_overflow`."""
    if settings.account.type == "cash" and settings.account.maintenance_rate is not UNSET:
        raise InvalidRequest("invalid_request", "account.maintenanceRate", "is for margin accounts")
    scale = scale or instrument.money_per_unit
    largest = MAX_MONEY // scale
    buying = Decimal(str(settings.initial_cash)) * Decimal(str(_leverage(settings)))
    if buying * scale > MAX_MONEY:
        raise InvalidRequest(
            "money_overflow",
            "initialCash",
            f"{settings.initial_cash} {instrument.quote} times leverage is more than the {largest} "
            f"that whole units of 1e-{len(str(scale)) - 1} {instrument.quote} can hold",
        )
    commission = settings.commission
    if commission.model == "rate" and commission.value > 1:
        raise InvalidRequest("invalid_request", "commission.value", "a rate of notional is at most 1")
    amounts = {"minimum": commission.minimum}
    if commission.model != "rate":
        amounts["value"] = commission.value
    for name, amount in amounts.items():
        if Decimal(str(amount)) * scale > MAX_MONEY:
            raise InvalidRequest("money_overflow", f"commission.{name}", f"must be at most {largest}")


def _leverage(settings: EngineSettings) -> float:
    account = settings.account
    if account.type == "cash" or account.leverage is UNSET:
        return 1.0
    return account.leverage


def _maintenance(settings: EngineSettings) -> int:
    rate = settings.account.maintenance_rate
    return -1 if rate is UNSET else _scaled(rate, RATE_SCALE)


def _scaled(amount: float, scale: int) -> int:
    """`amount` × `scale` as the decimal number that the user wrote, half away from zero."""
    return int((Decimal(str(amount)) * scale).to_integral_value(ROUND_HALF_UP))
