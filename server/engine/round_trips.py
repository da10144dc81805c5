"""Round trips from fills: each closing fill with the share of the entry that it closes, and what is still open."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.engine.feed import CLOSE, HIGH, LOW, TS
from server.engine.journal import Rows
from server.engine.kernel.records import AssetRecord
from server.engine.metrics import open_profit
from server.engine.scales import Scales
from server.engine.tables import EXIT_REASONS, OPEN, ROUND_TRIP_DTYPE
from server.engine.tracks import Track

_STILL_OPEN: Final = EXIT_REASONS.index("open")
Bars = npt.NDArray[np.int64]


def round_trips_of(
    fills: Rows, tracks: Sequence[Track], assets: Sequence[AssetRecord], scales: Sequence[Scales]
) -> npt.NDArray[Any]:
    """One row of ROUND_TRIP_DTYPE for each closing fill, entered at the position's average price, in order of exit.

    A partial close is a trip of the lots it closed; a flip closes one and begins another; the last rows, with exit time
    OPEN, are what is held at the end, asset by asset, its profit marked at the last close and net of its entry's
    commission. Profits add up to the net profit. `fills`: journal rows of fills; `tracks`, `assets` and `scales` of
    each asset. `max_adverse` and `max_favourable`: the worst (≤ 0) and best (≥ 0) open profit before costs while the
    trip lasted, in quote currency. The bar of the entry counts whole, of the bar of an exit only the exit's price
    unless that is its close.
    """
    closing = fills[fills["closed"] > 0]
    held = [number for number, asset in enumerate(assets) if asset.position != 0]
    trips = np.zeros(len(closing) + len(held), dtype=ROUND_TRIP_DTYPE)
    for number, asset in enumerate(assets):
        of = np.flatnonzero(closing["asset"] == number)
        if len(of):
            closed = np.zeros(len(of), dtype=ROUND_TRIP_DTYPE)
            _fill_closed(closed, closing[of], tracks[number], asset.tick_lot, scales[number])
            closed["asset"] = number
            trips[of] = closed
    for row, number in enumerate(held, len(closing)):
        _fill_open(trips[row : row + 1], tracks[number], assets[number], scales[number])
        trips["asset"][row] = number
    return trips


def _fill_closed(trips: npt.NDArray[Any], closing: Rows, track: Track, tick_lot: int, scales: Scales) -> None:
    bars, entry_bar, exit_bar = track.bars, track.bar_at(closing["entry_bar"]), track.bar_at(closing["bar"])
    lots = closing["closed"]
    side = np.where(closing["lots"] < 0, 1, -1)
    trips["entry_time"] = bars[TS, entry_bar]
    trips["exit_time"] = bars[TS, exit_bar]
    trips["side"] = side
    trips["exit_price"] = scales.price(closing["price"])
    trips["profit"] = closing["profit"] / scales.money_per_unit
    gross = side * (lots * closing["price"] * tick_lot - closing["entry_value"])
    trips["commission"] = (gross - closing["profit"]) / scales.money_per_unit
    trips["bars"] = exit_bar - entry_bar
    trips["exit_reason"] = closing["purpose"]
    _fill_entry(trips, lots, closing["entry_value"], tick_lot, scales)
    low, high = _extremes(bars, entry_bar, exit_bar + closing["at_close"], closing["price"])
    _fill_excursions(trips, lots, closing["entry_value"], low, high, tick_lot, scales)


def _fill_open(trips: npt.NDArray[Any], track: Track, asset: AssetRecord, scales: Scales) -> None:
    bars, entry_bar = track.bars, track.bar_at(np.array([asset.entry_bar]))
    lots = np.array([abs(asset.position)])
    cost = np.array([asset.cost])
    last = bars.shape[1] - 1
    trips["entry_time"] = bars[TS, entry_bar]
    trips["exit_time"] = OPEN
    trips["side"] = 1 if asset.position > 0 else -1
    trips["exit_price"] = np.nan
    trips["profit"] = open_profit(asset) / scales.money_per_unit
    trips["commission"] = asset.fees / scales.money_per_unit
    trips["bars"] = last - entry_bar
    trips["exit_reason"] = _STILL_OPEN
    _fill_entry(trips, lots, cost, asset.tick_lot, scales)
    low, high = _extremes(bars, entry_bar, np.array([last + 1]), bars[CLOSE, last:])
    _fill_excursions(trips, lots, cost, low, high, asset.tick_lot, scales)


def _fill_entry(
    trips: npt.NDArray[Any],
    lots: npt.NDArray[np.int64],
    value: npt.NDArray[np.int64],
    tick_lot: int,
    scales: Scales,
) -> None:
    trips["quantity"] = scales.units(lots)
    trips["entry_price"] = scales.price(value / (lots * tick_lot))
    entered = np.abs(value) / scales.money_per_unit
    np.divide(trips["profit"] * 100.0, entered, out=trips["profit_pct"], where=entered > 0)


def _fill_excursions(
    trips: npt.NDArray[Any],
    lots: npt.NDArray[np.int64],
    value: npt.NDArray[np.int64],
    low: npt.NDArray[np.int64],
    high: npt.NDArray[np.int64],
    tick_lot: int,
    scales: Scales,
) -> None:
    entered = value / scales.money_per_unit
    lot_money = tick_lot / scales.money_per_unit
    at_low = trips["side"] * (lots * low * lot_money - entered)
    at_high = trips["side"] * (lots * high * lot_money - entered)
    trips["max_adverse"] = np.minimum(np.minimum(at_low, at_high), 0.0)
    trips["max_favourable"] = np.maximum(np.maximum(at_low, at_high), 0.0)


def _extremes(
    bars: Bars, start: npt.NDArray[np.int64], stop: npt.NDArray[np.int64], exit_price: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lowest low and highest high of the bars `[start, stop)` of each trip, and of its exit price."""
    pairs = np.column_stack((start, stop)).ravel()
    held = stop > start
    low = np.minimum.reduceat(np.append(bars[LOW], 0), pairs)[::2]
    high = np.maximum.reduceat(np.append(bars[HIGH], 0), pairs)[::2]
    return (
        np.where(held, np.minimum(low, exit_price), exit_price),
        np.where(held, np.maximum(high, exit_price), exit_price),
    )
