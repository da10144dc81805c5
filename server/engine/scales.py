"""The fractions between whole numbers and what users read."""

from typing import Any, NamedTuple

from server.data.instrument import Instrument


class Scales(NamedTuple):
    """Tick and lot size as fractions, so that 0.1 × 3 reads 0.3; `money_per_unit` of quote currency."""

    tick_numerator: int
    tick_denominator: int
    lot_numerator: int
    lot_denominator: int
    money_per_unit: int

    def price(self, ticks: Any) -> Any:
        """Ticks (a number or an array) in quote currency."""
        return ticks * self.tick_numerator / self.tick_denominator

    def units(self, lots: Any) -> Any:
        """Lots (a number or an array) in units."""
        return lots * self.lot_numerator / self.lot_denominator


def scales_of(instrument: Instrument) -> Scales:
    """The scales of one instrument."""
    return Scales(
        *instrument.tick_size.as_integer_ratio(), *instrument.lot_size.as_integer_ratio(), instrument.money_per_unit
    )
