"""The units in which one asset's prices, quantities and money are whole numbers."""

from decimal import Decimal
from typing import Final

from server.contract.base import Model
from server.contract.problems import InvalidRequest

MONEY_DECIMALS: Final = 8
MAX_MONEY_DECIMALS: Final = 12
MAX_MONEY: Final = 2**61
"""Money in units beyond this is refused at submission, so that sums of cash and positions stay within int64."""

MAX_VALUE: Final = 2**60
"""Money units of one position or trade."""
MAX_PRICE: Final = 2**53
"""Ticks, which floats hold exactly."""


class Instrument(Model, frozen=True, kw_only=True):
    """Tick size (quote currency a tick), lot size (units a lot) and multiplier (quote currency a point and unit)."""

    asset_name: str
    exchange: str
    tick_size: Decimal
    lot_size: Decimal
    quote: str
    multiplier: Decimal = Decimal(1)

    @property
    def money_decimals(self) -> int:
        """Money is int64 in units of 10^-money_decimals: 8, or up to 12 where a tick of a lot is worth less."""
        needed = -int((self.tick_size * self.lot_size * self.multiplier).normalize().as_tuple().exponent)
        if needed > MAX_MONEY_DECIMALS:
            raise InvalidRequest(
                "invalid_request",
                "lotSize",
                f"one tick of one lot is worth {self.tick_size * self.lot_size * self.multiplier} {self.quote}; "
                f"tick × lot × multiplier must be a multiple of 1e-{MAX_MONEY_DECIMALS}",
            )
        return max(MONEY_DECIMALS, needed)

    @property
    def money_per_unit(self) -> int:
        """Money units in one unit of quote currency."""
        return int(10**self.money_decimals)

    @property
    def money_per_tick_lot(self) -> int:
        """Money units that one lot gains when the price rises one tick; exact."""
        return int(self.tick_size * self.lot_size * self.multiplier * self.money_per_unit)
