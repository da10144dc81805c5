"""What a run trades: the assets behind its series, in one money."""

from collections.abc import Sequence
from typing import NamedTuple

from server.contract.problems import InvalidRequest
from server.data.instrument import MAX_VALUE, Instrument
from server.engine.kernel.records import AssetRecord
from server.engine.scales import Scales
from server.engine.series import Series


class Market(NamedTuple):
    """The distinct assets of the series, the main one first.

    `asset_of` each series; `matched`: whether orders are matched against a series, which is the one with the shortest
    bars of its asset. `scale`: money units in one unit of quote currency, fine enough for all assets.
    """

    instruments: tuple[Instrument, ...]
    asset_of: tuple[int, ...]
    matched: tuple[bool, ...]
    scale: int

    def records(self) -> list[AssetRecord]:
        """A record for each asset, with nothing held."""
        return [self._record(instrument) for instrument in self.instruments]

    def _record(self, instrument: Instrument) -> AssetRecord:
        tick_lot = instrument.money_per_tick_lot * (self.scale // instrument.money_per_unit)
        most = float(MAX_VALUE) / len(self.instruments) / tick_lot
        return AssetRecord(tick_lot, *instrument.lot_size.as_integer_ratio(), most)

    def scales(self) -> tuple[Scales, ...]:
        """The scales of each asset in the run's money."""
        return tuple(
            Scales(
                *instrument.tick_size.as_integer_ratio(),
                *instrument.lot_size.as_integer_ratio(),
                self.scale,
            )
            for instrument in self.instruments
        )


def market_of(series: Sequence[Series]) -> Market:
    """The assets of `series`; raises InvalidRequest for quote currencies, or units of one asset, that differ."""
    instruments: list[Instrument] = []
    asset_of: list[int] = []
    for number, one in enumerate(series):
        names = [(known.asset_name, known.exchange) for known in instruments]
        name = (one.instrument.asset_name, one.instrument.exchange)
        if name not in names:
            names.append(name)
            instruments.append(one.instrument)
        if one.instrument != instruments[names.index(name)]:
            raise InvalidRequest(
                "invalid_request",
                f"dataSubscriptions[{number}]",
                f"has another tick size, lot size, quote currency or multiplier than an earlier series of "
                f"{one.instrument.asset_name}",
            )
        if one.instrument.quote != instruments[0].quote:
            raise InvalidRequest(
                "invalid_request",
                f"dataSubscriptions[{number}]",
                f"is quoted in {one.instrument.quote}, the main series in {instruments[0].quote}",
            )
        asset_of.append(names.index(name))
    return Market(
        tuple(instruments), tuple(asset_of), _matched(series, asset_of), max(one.money_per_unit for one in instruments)
    )


def _matched(series: Sequence[Series], asset_of: Sequence[int]) -> tuple[bool, ...]:
    finest: dict[int, int] = {}
    for number, asset in enumerate(asset_of):
        if asset not in finest or series[number].interval_ms < series[finest[asset]].interval_ms:
            finest[asset] = number
    return tuple(finest[asset] == number for number, asset in enumerate(asset_of))
