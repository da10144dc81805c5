"""The orders of an attempt with their fills, page by page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from server.contract.base import format_instant
from server.contract.problems import ForgeError, InvalidRequest
from server.contract.results import Order, OrderFill, OrderSide, OrderStatus, OrderType, TimeInForce
from server.engine.kernel.reasons import REASONS
from server.engine.kernel.records import LIMIT, MARKET, STOP, STOP_LIMIT
from server.engine.outcome import FILL_DTYPE, ORDER_DTYPE, ORDER_STATUSES
from server.engine.tables import map_rows
from server.store.csv_lines import csv_lines
from server.store.cursors import decode_cursor, encode_cursor
from server.store.encoded_page import EncodedPage
from server.store.keyset import After, next_rows, place_of

FILE: Final = "orders.npy"
FILLS_FILE: Final = "fills.npy"
_SORTS: Final = {"submittedAt": "submitted_at", "orderId": "id", "quantity": "quantity"}
_KINDS: Final[Mapping[OrderType, int]] = {"market": MARKET, "limit": LIMIT, "stop": STOP, "stopLimit": STOP_LIMIT}
_TYPES: Final[Mapping[int, OrderType]] = {kind: type_ for type_, kind in _KINDS.items()}
_TIMES_IN_FORCE: Final[tuple[TimeInForce, ...]] = get_args(TimeInForce)
"""By the numbers of server.strategies.desk."""

BLOCK_ROWS: Final = 1_000
"""Orders written at a time: some 10 ms, for which the interpreter is held now and then."""
Table = npt.NDArray[Any]


class OrderFilter(NamedTuple):
    """What orders must have, None for anything."""

    status: OrderStatus | None = None
    side: OrderSide | None = None
    type: OrderType | None = None


def orders_page(
    folder: Path,
    *,
    wanted: OrderFilter,
    sort: str,
    cursor: str | None,
    limit: int,
    asset_names: Sequence[str],
    ended: bool,
) -> EncodedPage:
    """Orders that match `wanted`, in the order `sort` (falling with a leading `-`); `total_count` counts those.

    `asset_names`: the run's assets, the main one first. Without a file the page is empty, but
    of an attempt that `ended` with a result ForgeError `not_found`. InvalidRequest for sort and cursor.
    """
    name = _column(sort)
    binding = ["orders", folder.parent.name, folder.name, sort, *wanted]
    after = None if cursor is None else After.from_cursor(decode_cursor(binding, cursor, size=2))
    orders, fills = _read(folder, ended)
    matching = np.flatnonzero(_matches(orders, wanted))
    values = orders[name][matching]
    ties = matching.astype(np.int64)
    found = next_rows(values, ties, falling=sort.startswith("-"), limit=limit + 1, after=after)
    shown = found[:limit]
    more = len(found) > limit
    return EncodedPage(
        items=msgspec.json.encode(_with_fills(orders[matching[shown]], fills, asset_names)),
        next_cursor=encode_cursor(binding, list(place_of(values, ties, int(shown[-1])))) if more else None,
        total_count=len(matching),
    )


def all_orders(folder: Path, wanted: OrderFilter, sort: str, *, ended: bool) -> tuple[Table, Table]:
    """Every order that matches, in that order, and the fills of all; errors as of `orders_page`."""
    name = _column(sort)
    orders, fills = _read(folder, ended)
    matching = np.flatnonzero(_matches(orders, wanted))
    values, ties = orders[name][matching], matching.astype(np.int64)
    rows = next_rows(values, ties, falling=sort.startswith("-"), limit=max(1, len(matching)))
    return orders[matching[rows]], fills


def csv_header() -> bytes:
    """The names of the columns; those of the fills of an order come last, together."""
    names = [field.encode_name for field in structs.fields(Order) if field.name != "fills"]
    return csv_lines([[*names, "fills", "filledQuantity", "averagePrice", "commission", "lastFillTime"]])


def csv_rows(orders: Table, fills: Table, asset_names: Sequence[str]) -> bytes:
    """Orders as lines of CSV; what there is not is empty."""
    return csv_lines(_csv_row(order) for order in _with_fills(orders, fills, asset_names))


def _csv_row(order: Order) -> list[Any]:
    told = [getattr(order, field.name) for field in structs.fields(Order) if field.name != "fills"]
    quantity = sum(fill.quantity for fill in order.fills)
    if not order.fills:
        return [*told, 0, 0.0, None, 0.0, None]
    price = sum(fill.price * fill.quantity for fill in order.fills) / quantity
    commission = sum(fill.commission for fill in order.fills)
    return [*told, len(order.fills), quantity, price, commission, order.fills[-1].time]


def _column(sort: str) -> str:
    name = _SORTS.get(sort.removeprefix("-"))
    if name is None:
        raise InvalidRequest("invalid_request", "sort", f"{sort!r} is none of {', '.join(_SORTS)}; a leading - falls")
    return name


def _read(folder: Path, ended: bool) -> tuple[Table, Table]:
    """The tables of orders and fills, mapped."""
    try:
        return map_rows(folder / FILE), map_rows(folder / FILLS_FILE)
    except FileNotFoundError as error:
        if ended:
            detail = 'The orders of this attempt were not kept. Submit the run again with "force": true to have them.'
            raise ForgeError("not_found", detail) from error
        return np.empty(0, dtype=ORDER_DTYPE), np.empty(0, dtype=FILL_DTYPE)


def _matches(orders: Table, wanted: OrderFilter) -> npt.NDArray[np.bool_]:
    matches = np.ones(len(orders), dtype=bool)
    if wanted.status is not None:
        matches &= orders["status"] == ORDER_STATUSES.index(wanted.status)
    if wanted.side is not None:
        matches &= orders["side"] == (1 if wanted.side == "buy" else -1)
    if wanted.type is not None:
        matches &= orders["kind"] == _KINDS[wanted.type]
    return matches


def _with_fills(orders: Table, fills: Table, asset_names: Sequence[str]) -> list[Order]:
    by_order: dict[int, list[OrderFill]] = {order: [] for order in orders["id"].tolist()}
    for fill in fills[np.isin(fills["order"], orders["id"])]:
        by_order[int(fill["order"])].append(
            OrderFill(
                time=format_instant(int(fill["time"])),
                price=float(fill["price"]),
                quantity=abs(float(fill["quantity"])),
                commission=float(fill["commission"]),
            )
        )
    return [_order(row, by_order[int(row["id"])], asset_names) for row in orders]


def _order(row: Any, fills: list[OrderFill], asset_names: Sequence[str]) -> Order:
    group, reason = int(row["group"]), int(row["reason"])
    return Order(
        order_id=int(row["id"]),
        submitted_at=format_instant(int(row["submitted_at"])),
        asset_name=asset_names[row["asset"]],
        side="buy" if row["side"] > 0 else "sell",
        type=_TYPES[int(row["kind"])],
        quantity=_number(row["quantity"]),
        limit_price=_number(row["limit"]),
        stop_price=_number(row["stop"]),
        time_in_force=_TIMES_IN_FORCE[row["time_in_force"]],
        group=group or None,
        status=ORDER_STATUSES[row["status"]],
        reason=REASONS[reason] if reason else None,
        fills=fills,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
