"""Writes trials as a Parquet file. Needs pyarrow: processes that last no longer import it."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import structs

from server.contract.results import METRIC_NAMES, Metrics
from server.engine.tables import TRIAL_STATUSES
from server.store.trial_chunks import TrialChunks
from server.store.trial_files import Chunk, Rows
from server.store.trial_query import TrialQuery
from server.store.trial_rows import find_rows
from server.store.trial_set import TrialSet

_GROUP_ROWS: Final = 50_000
"""Rows in memory at a time."""
_COUNTS: Final = frozenset(field.encode_name for field in structs.fields(Metrics) if field.type is int)


def write_parquet(folder: Path, query: TrialQuery, path: Path) -> None:
    """The trials of an attempt that match, in order, with the columns that they have as CSV; undefined is null.

    ForgeError `store_unavailable` where they cannot be read, OSError when the disk is full.
    """
    trials = TrialChunks().read(folder)
    rows = find_rows(trials, query, limit=None).rows
    schema = _schema(trials)
    with pq.ParquetWriter(path, schema) as writer:
        for at in range(0, len(rows), _GROUP_ROWS):
            writer.write_table(_table(_picked(trials, rows[at : at + _GROUP_ROWS]), schema))


def _schema(trials: TrialSet) -> pa.Schema:
    return pa.schema(
        {
            "trialKey": pa.string(),
            "index": pa.int64(),
            "status": pa.string(),
            "fitness": pa.float64(),
            "durationMs": pa.float64(),
            "reused": pa.bool_(),
            **{name: _type_of(trials.column(name)) for name in trials.parameters},
            **{name: pa.int64() if name in _COUNTS else pa.float64() for name in METRIC_NAMES},
            "errorMessage": pa.string(),
        }
    )


def _type_of(column: npt.NDArray[Any]) -> pa.DataType:
    return pa.string() if column.dtype.kind == "U" else pa.from_numpy_dtype(column.dtype)


def _picked(trials: TrialSet, rows: Rows) -> Chunk:
    """A copy of some rows, at least one, in any order."""
    order = np.argsort(rows)
    return trials.pick(rows[order]).pick(np.argsort(order))


def _table(chunk: Chunk, schema: pa.Schema) -> pa.Table:
    messages = np.array([*(error.message for error in chunk.errors), None], dtype=object)
    columns: dict[str, npt.NDArray[Any]] = {
        "trialKey": chunk.trial_key.astype("U"),
        "index": chunk.index,
        "status": np.array(TRIAL_STATUSES)[chunk.status],
        "fitness": chunk.fitness,
        "durationMs": chunk.duration_ms,
        "reused": chunk.reused,
        **chunk.parameters,
        **dict(zip(METRIC_NAMES, chunk.metrics.T, strict=True)),
        "errorMessage": messages[chunk.error],
    }
    return pa.table([_array(columns[field.name], field.type) for field in schema], schema=schema)


def _array(column: npt.NDArray[Any], type_: pa.DataType) -> pa.Array:
    """NaN as null; whole numbers that were kept as floats as what they are."""
    if column.dtype.kind != "f":
        return pa.array(column).cast(type_)
    absent = np.isnan(column)
    return pa.array(np.where(absent, 0.0, column).astype(type_.to_pandas_dtype()), mask=absent)
