"""Money of one run as whole numbers, and the refusal of what would not fit."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from msgspec import UNSET

from server.contract.problems import InvalidRequest
from server.data.instrument import MAX_MONEY, Instrument
from server.engine.settings import EngineSettings

RATE_SCALE: Final = 10**9
"""Commission rates and shares of equity are whole numbers of 10⁻⁹, so that int64 products stay exact."""
LEVERAGE_SCALE: Final = 1000
RATE: Final = 0
PER_ORDER: Final = 1
PER_UNIT: Final = 2
_MODELS: Final = {"rate": RATE, "perOrder": PER_ORDER, "perUnit": PER_UNIT}


class Terms(NamedTuple):
    """What the matching kernel knows of settings and instrument; money in money units, all fields whole numbers.

    `commission_value`: 10⁻⁹ of notional for a rate, money units else. One lot is `lot_numerator /
    lot_denominator` units. `leverage` in thousandths, `maintenance` in 10⁻⁹ of the position's value, -1 for none.
    """

    cash: int
    tick_lot: int
    lot_numerator: int
    lot_denominator: int
    commission_model: int
    commission_value: int
    commission_minimum: int
    slippage: int
    margin: int
    leverage: int
    maintenance: int


def terms_of(settings: EngineSettings, instrument: Instrument) -> Terms:
    """The settings in whole numbers; raises InvalidRequest as `check_money` does."""
    check_money(settings, instrument)
    scale = instrument.money_per_unit
    commission = settings.commission
    value_scale = RATE_SCALE if commission.model == "rate" else scale
    lot_numerator, lot_denominator = instrument.lot_size.as_integer_ratio()
    return Terms(
        cash=_scaled(settings.initial_cash, scale),
        tick_lot=instrument.money_per_tick_lot,
        lot_numerator=lot_numerator,
        lot_denominator=lot_denominator,
        commission_model=_MODELS[commission.model],
        commission_value=_scaled(commission.value, value_scale),
        commission_minimum=_scaled(commission.minimum, scale),
        slippage=settings.slippage_ticks,
        margin=int(settings.account.type == "margin"),
        leverage=_scaled(_leverage(settings), LEVERAGE_SCALE),
        maintenance=_maintenance(settings),
    )


def check_money(settings: EngineSettings, instrument: Instrument) -> None:
    """Refuses amounts that int64 money of this instrument cannot hold: InvalidRequest `money_overflow`."""
    if settings.account.type == "cash" and settings.account.maintenance_rate is not UNSET:
        raise InvalidRequest("invalid_request", "account.maintenanceRate", "is for margin accounts")
    scale = instrument.money_per_unit
    largest = MAX_MONEY // scale
    buying = Decimal(str(settings.initial_cash)) * Decimal(str(_leverage(settings)))
    if buying * scale > MAX_MONEY:
        raise InvalidRequest(
            "money_overflow",
            "initialCash",
            f"{settings.initial_cash} {instrument.quote} times leverage is more than the {largest} "
            f"that whole units of 1e-{instrument.money_decimals} {instrument.quote} can hold",
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
