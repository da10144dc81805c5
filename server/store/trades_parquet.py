"""Writes round trips as a Parquet file. Needs pyarrow: processes that last no longer import it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import structs

from server.contract.results import RoundTrip
from server.engine.tables import EXIT_REASONS, OPEN
from server.store.round_trips import Table, all_trades

_GROUP_ROWS: Final = 100_000
"""Rows in memory at a time."""
_INSTANT: Final = pa.timestamp("ms", tz="UTC")
_TYPES: Final = {
    "entryTime": _INSTANT,
    "exitTime": _INSTANT,
    "side": pa.string(),
    "bars": pa.int64(),
    "exitReason": pa.string(),
    "assetName": pa.string(),
}
_SCHEMA: Final = pa.schema(
    {field.encode_name: _TYPES.get(field.encode_name, pa.float64()) for field in structs.fields(RoundTrip)}
)


def write_parquet(folder: Path, sort: str, asset_names: Sequence[str], path: Path) -> None:
    """All round trips of an attempt in that order, with the columns that they have as CSV; what is open is null.

    InvalidRequest for the sort, OSError when the disk is full.
    """
    trades = all_trades(folder, sort)
    with pq.ParquetWriter(path, _SCHEMA) as writer:
        for at in range(0, len(trades), _GROUP_ROWS):
            writer.write_table(_table(trades[at : at + _GROUP_ROWS], asset_names))


def _table(trades: Table, asset_names: Sequence[str]) -> pa.Table:
    still_open = trades["exit_time"] == OPEN
    texts: dict[str, npt.NDArray[Any]] = {
        "side": np.where(trades["side"] > 0, "long", "short"),
        "exit_reason": np.array(EXIT_REASONS)[trades["exit_reason"]],
        "asset": np.array(asset_names)[trades["asset"]],
    }
    columns = []
    for name, field in zip(trades.dtype.names or (), _SCHEMA, strict=True):
        values = texts.get(name, trades[name])
        absent = still_open if name in ("exit_time", "exit_price") else None
        columns.append(pa.array(values, mask=absent).cast(field.type))
    return pa.table(columns, schema=_SCHEMA)
