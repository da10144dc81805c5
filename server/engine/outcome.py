"""What a backtest hands back, and the tables of orders and fills in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.results import Metrics
from server.contract.run import Mode
from server.engine.journal import Rows
from server.engine.kernel.journal import CANCELLED, EXPIRED, FILLED, MOVED, PLACED, REJECTED
from server.engine.kernel.reasons import REASONS
from server.engine.kernel.records import LOTS, NO_PRICE
from server.engine.scales import Scales
from server.engine.tracks import Track

FILL_DTYPE: Final = np.dtype(
    [
        ("time", "<i8"),  # the open of the asset's bar
        ("bar", "<i8"),  # from 0 in the series that the asset's orders are matched against
        ("order", "<i8"),
        ("asset", "<u2"),  # index into the run's assets, the main one first
        ("quantity", "<f8"),  # units, below 0 for a sale
        ("price", "<f8"),
        ("commission", "<f8"),
    ]
)
ORDER_DTYPE: Final = np.dtype(
    [
        ("id", "<i8"),
        ("submitted_at", "<i8"),  # the open of the bar that it was ordered in, whatever asset's
        ("asset", "<u2"),
        ("side", "<i1"),  # 1 buy, -1 sell
        ("kind", "<u1"),  # index into server.engine.kernel.records.KIND_NAMES
        ("quantity", "<f8"),  # NaN while a share of the equity has not filled
        ("limit", "<f8"),  # NaN: none
        ("stop", "<f8"),
        ("time_in_force", "<u1"),
        ("group", "<i8"),
        ("status", "<u1"),  # index into ORDER_STATUSES
        ("reason", "<u1"),  # index into server.engine.kernel.reasons.REASONS
    ]
)
ORDER_STATUSES: Final = ("Pending", "Filled", "Cancelled", "Rejected", "Expired")


@dataclass(frozen=True, kw_only=True)
class EngineResult:
    """One backtest: `round_trips` rows of ROUND_TRIP_DTYPE, `fills` of FILL_DTYPE, `orders` of ORDER_DTYPE.

    `rejected` counts refused orders, `rejections` by reason. `bars` of all series were played, `curve_rows` of them of
    the main series; of a cancelled run everything is about those.
    `simulate_ms` is the bar loop with metrics.
    """

    status: Literal["finished", "cancelled"]
    metrics: Metrics
    round_trips: npt.NDArray[Any]
    fills: npt.NDArray[Any]
    orders: npt.NDArray[Any]
    rejected: int
    rejections: dict[str, int]
    warnings: list[str]
    bars: int
    curve_rows: int
    mode: Mode
    why_interpreted: str | None
    simulate_ms: float


def fills_of(rows: Rows, tracks: Sequence[Track], scales: Sequence[Scales]) -> npt.NDArray[Any]:
    """The fills among the journal's rows; `tracks` and `scales` of each asset."""
    filled = rows[rows["code"] == FILLED]
    table = np.zeros(len(filled), dtype=FILL_DTYPE)
    table["order"] = filled["order"]
    table["asset"] = filled["asset"]
    for asset, (track, scale) in enumerate(zip(tracks, scales, strict=True)):
        of = filled["asset"] == asset
        table["time"][of] = track.opens_at(filled["bar"][of])
        table["bar"][of] = track.bar_at(filled["bar"][of])
        table["commission"][of] = filled["commission"][of] / scale.money_per_unit
    table["quantity"] = _by_asset(filled, "lots", scales, Scales.units)
    table["price"] = _by_asset(filled, "price", scales, Scales.price)
    return table


def orders_of(rows: Rows, opens_ms: npt.NDArray[np.int64], scales: Sequence[Scales]) -> npt.NDArray[Any]:
    """Every order in the order of its id, with what became of it; ids are 1, 2, 3 …

    `opens_ms` of the run's rows, `scales` of each asset. The prices of a bracket that moved are its last.
    """
    placed = rows[rows["code"] == PLACED]
    table = np.zeros(len(placed), dtype=ORDER_DTYPE)
    table["id"] = placed["order"]
    table["submitted_at"] = opens_ms[placed["bar"]]
    table["asset"] = placed["asset"]
    table["side"] = np.sign(placed["lots"])
    table["kind"] = placed["kind"]
    units = np.abs(_by_asset(placed, "lots", scales, Scales.units))
    table["quantity"] = np.where(placed["sizing"] == LOTS, units, np.nan)
    priced = rows[(rows["code"] == PLACED) | (rows["code"] == MOVED)]
    for name in ("limit", "stop"):
        price = _by_asset(priced, name, scales, Scales.price)
        table[name][priced["order"] - 1] = np.where(priced[name] == NO_PRICE, np.nan, price)
    table["time_in_force"] = placed["time_in_force"]
    table["group"] = np.maximum(placed["group"], 0)  # below 0 is a bracket
    ends = ((FILLED, "Filled"), (CANCELLED, "Cancelled"), (REJECTED, "Rejected"), (EXPIRED, "Expired"))
    for code, status in ends:
        ended = rows[rows["code"] == code]
        table["status"][ended["order"] - 1] = ORDER_STATUSES.index(status)
        table["reason"][ended["order"] - 1] = ended["reason"]
        if code == FILLED:
            table["quantity"][ended["order"] - 1] = np.abs(_by_asset(ended, "lots", scales, Scales.units))
    return table


def _by_asset(
    rows: Rows, name: str, scales: Sequence[Scales], convert: Callable[[Scales, Any], Any]
) -> npt.NDArray[np.float64]:
    """A column of the journal as users read it, each row by the scales of its asset."""
    values = np.empty(len(rows))
    for asset, scale in enumerate(scales):
        of = rows["asset"] == asset
        values[of] = convert(scale, rows[name][of])
    return values


def rejections_of(rows: Rows) -> dict[str, int]:
    """How many orders were refused for which reason, most first."""
    counts = np.bincount(rows["reason"][rows["code"] == REJECTED], minlength=1)
    order = np.argsort(-counts, kind="stable")
    return {REASONS[reason]: int(counts[reason]) for reason in order if counts[reason]}
