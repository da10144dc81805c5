"""Parquet and Feather files as people have them."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

from tests.unit.data.csv_files import FIRST, ROWS

_FIELDS: Final = ("open", "high", "low", "close", "volume")


def bars(**columns: Any) -> Any:
    """The three hourly bars as a table; `columns` replaces some, None leaves one out."""
    table: dict[str, Any] = {"timestamp": pa.array([FIRST + timedelta(hours=n) for n in range(len(ROWS))])}
    for position, name in enumerate(_FIELDS):
        table[name] = [float(row.split(",")[position]) for row in ROWS]
    return pa.table({name: column for name, column in {**table, **columns}.items() if column is not None})


def renamed(names: Mapping[str, str]) -> Any:
    """The same with other names."""
    table = bars()
    return table.rename_columns([names.get(name, name) for name in table.column_names])


def as_parquet(table: Any, **options: Any) -> bytes:
    """The content of a Parquet file."""
    file = io.BytesIO()
    parquet.write_table(table, file, **options)
    return file.getvalue()


def as_feather(table: Any, **options: Any) -> bytes:
    """The content of a Feather file."""
    file = io.BytesIO()
    feather.write_feather(table, file, **options)
    return file.getvalue()


WRITERS: Final[tuple[Callable[..., bytes], ...]] = (as_parquet, as_feather)
