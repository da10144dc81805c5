"""The round trips of an attempt, page by page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from server.contract.base import format_instant
from server.contract.problems import InvalidRequest
from server.contract.results import RoundTrip
from server.engine.tables import EXIT_REASONS, OPEN, ROUND_TRIP_DTYPE, map_rows
from server.store.csv_lines import csv_lines
from server.store.cursors import decode_cursor, encode_cursor
from server.store.encoded_page import EncodedPage
from server.store.keyset import After, next_rows, place_of

FILE: Final = "trades.npy"
_SORTS: Final = {
    "entryTime": "entry_time",
    "exitTime": "exit_time",
    "profit": "profit",
    "profitPct": "profit_pct",
    "quantity": "quantity",
    "commission": "commission",
    "bars": "bars",
}


BLOCK_ROWS: Final = 1_000
"""Round trips written at a time: some 5 ms, for which the interpreter is held."""
Table = npt.NDArray[Any]
_COLUMNS: Final = structs.fields(RoundTrip)


def trades_page(folder: Path, *, sort: str, cursor: str | None, limit: int, asset_names: Sequence[str]) -> EncodedPage:
    """Round trips in the order `sort` (falling with a leading `-`); none while there is no file.

    `asset_names`: the run's assets, the main one first. InvalidRequest for sort and cursor.
    """
    name = _column(sort)
    binding = ["trades", folder.parent.name, folder.name, sort]
    after = None if cursor is None else After.from_cursor(decode_cursor(binding, cursor, size=2))
    trades = _read(folder)
    values = np.ascontiguousarray(trades[name])
    ties = np.arange(len(trades), dtype=np.int64)
    found = next_rows(values, ties, falling=sort.startswith("-"), limit=limit + 1, after=after)
    shown = found[:limit]
    more = len(found) > limit
    return EncodedPage(
        items=msgspec.json.encode([_round_trip(row, asset_names) for row in trades[shown]]),
        next_cursor=encode_cursor(binding, list(place_of(values, ties, int(shown[-1])))) if more else None,
        total_count=len(trades),
    )


def all_trades(folder: Path, sort: str) -> Table:
    """Every round trip in that order; InvalidRequest for the sort."""
    name = _column(sort)
    trades = _read(folder)
    ties = np.arange(len(trades), dtype=np.int64)
    values = np.ascontiguousarray(trades[name])
    return trades[next_rows(values, ties, falling=sort.startswith("-"), limit=max(1, len(trades)))]


def csv_header() -> bytes:
    """The names of the columns."""
    return csv_lines([[field.encode_name for field in _COLUMNS]])


def csv_rows(trades: Table, asset_names: Sequence[str]) -> bytes:
    """Round trips as lines of CSV; what is not known yet is empty."""
    return csv_lines(structs.astuple(_round_trip(row, asset_names)) for row in trades)


def _column(sort: str) -> str:
    name = _SORTS.get(sort.removeprefix("-"))
    if name is None:
        raise InvalidRequest("invalid_request", "sort", f"{sort!r} is none of {', '.join(_SORTS)}; a leading - falls")
    return name


def _read(folder: Path) -> Table:
    """The table, mapped; none while there is no file."""
    try:
        return map_rows(folder / FILE)
    except FileNotFoundError:
        return np.empty(0, dtype=ROUND_TRIP_DTYPE)


def _round_trip(row: npt.NDArray[Any], asset_names: Sequence[str]) -> RoundTrip:
    (
        entry_time,
        exit_time,
        side,
        quantity,
        entry_price,
        exit_price,
        profit,
        profit_pct,
        commission,
        bars,
        adverse,
        favourable,
        reason,
        asset,
    ) = row.item()
    still_open = exit_time == OPEN
    return RoundTrip(
        entry_time=format_instant(entry_time),
        exit_time=None if still_open else format_instant(exit_time),
        side="long" if side > 0 else "short",
        quantity=quantity,
        entry_price=entry_price,
        exit_price=None if still_open else exit_price,
        profit=profit,
        profit_pct=profit_pct,
        commission=commission,
        bars=bars,
        max_adverse=adverse,
        max_favourable=favourable,
        exit_reason=EXIT_REASONS[reason],
        asset_name=asset_names[asset],
    )
