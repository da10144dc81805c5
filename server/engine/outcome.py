"""What a backtest hands back, and the tables of orders and fills in it."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.results import Metrics
from server.contract.run import Mode
from server.engine.journal import Rows
from server.engine.kernel.journal import CANCELLED, EXPIRED, FILLED, PLACED, REJECTED
from server.engine.kernel.reasons import REASONS
from server.engine.kernel.records import NO_PRICE
from server.engine.scales import Scales

FILL_DTYPE: Final = np.dtype(
    [
        ("time", "<i8"),  # the bar's open
        ("bar", "<i8"),
        ("order", "<i8"),
        ("asset", "<u2"),
        ("quantity", "<f8"),  # units, below 0 for a sale
        ("price", "<f8"),
        ("commission", "<f8"),
    ]
)
ORDER_DTYPE: Final = np.dtype(
    [
        ("id", "<i8"),
        ("submitted_at", "<i8"),
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
    simulate_ms: float


def fills_of(rows: Rows, ts_ms: npt.NDArray[np.int64], scales: Scales) -> npt.NDArray[Any]:
    """The fills among the journal's rows."""
    filled = rows[rows["code"] == FILLED]
    table = np.zeros(len(filled), dtype=FILL_DTYPE)
    table["time"] = ts_ms[filled["bar"]]
    table["bar"] = filled["bar"]
    table["order"] = filled["order"]
    table["asset"] = filled["asset"]
    table["quantity"] = scales.units(filled["lots"])
    table["price"] = scales.price(filled["price"])
    table["commission"] = filled["commission"] / scales.money_per_unit
    return table


def orders_of(rows: Rows, ts_ms: npt.NDArray[np.int64], scales: Scales) -> npt.NDArray[Any]:
    """Every order in the order of its id, with what became of it; ids are 1, 2, 3 …"""
    placed = rows[rows["code"] == PLACED]
    table = np.zeros(len(placed), dtype=ORDER_DTYPE)
    table["id"] = placed["order"]
    table["submitted_at"] = ts_ms[placed["bar"]]
    table["asset"] = placed["asset"]
    table["side"] = np.sign(placed["lots"])
    table["kind"] = placed["kind"]
    table["quantity"] = np.where(placed["sizing"] == 0, scales.units(np.abs(placed["lots"])), np.nan)
    for name in ("limit", "stop"):
        table[name] = np.where(placed[name] == NO_PRICE, np.nan, scales.price(placed[name]))
    table["time_in_force"] = placed["time_in_force"]
    table["group"] = placed["group"]
    ends = ((FILLED, "Filled"), (CANCELLED, "Cancelled"), (REJECTED, "Rejected"), (EXPIRED, "Expired"))
    for code, status in ends:
        ended = rows[rows["code"] == code]
        table["status"][ended["order"] - 1] = ORDER_STATUSES.index(status)
        table["reason"][ended["order"] - 1] = ended["reason"]
        if code == FILLED:
            table["quantity"][ended["order"] - 1] = scales.units(np.abs(ended["lots"]))
    return table


def rejections_of(rows: Rows) -> dict[str, int]:
    """How many orders were refused for which reason, most first."""
    counts = np.bincount(rows["reason"][rows["code"] == REJECTED], minlength=1)
    order = np.argsort(-counts, kind="stable")
    return {REASONS[reason]: int(counts[reason]) for reason in order if counts[reason]}
