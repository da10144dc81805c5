"""Reads Parquet and Feather files, piece by piece. Needs pyarrow: workers alone import it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from server.contract.media import PARQUET
from server.contract.problems import ForgeError
from server.data.arrow_columns import is_moment, read_moments, read_texts
from server.data.bad_rows import BadRows
from server.data.columns import PIECE_ROWS, Columns, Layout, Piece, find_layout, join_times, plain_name

_MOST_ROWS: Final = 100_000_000
"""A few bytes can declare, or really hold, any number of rows."""
_BUFFER_BYTES: Final = 1 << 20
_THRIFT_LIMIT: Final = 16 << 20
"""Bytes of a text, or members of a list, in the metadata of Parquet."""
_INDEX: Final = ("__index_level_0__", "index")
"""What pandas calls an index of times that has no name."""


def read_tables(path: Path, media_type: str, wanted: Columns, bad: BadRows) -> Iterator[Piece]:
    """The rows of the file; ForgeError `bad_rows` when it is damaged, or holds no such table."""
    with _damage_told():
        first = 1
        for batch, layout in _parquet(path, wanted) if media_type == PARQUET else _feather(path, wanted):
            for start in range(0, batch.num_rows, PIECE_ROWS):
                part = batch.slice(start, PIECE_ROWS)
                numbers = range(first, first + part.num_rows)
                first += part.num_rows
                if first > _MOST_ROWS:
                    raise _too_many_rows()
                yield _piece(part, layout, numbers, bad)


def _parquet(path: Path, wanted: Columns) -> Iterator[tuple[Any, Layout]]:
    with pq.ParquetFile(
        str(path),
        pre_buffer=False,
        buffer_size=_BUFFER_BYTES,
        thrift_string_size_limit=_THRIFT_LIMIT,
        thrift_container_size_limit=_THRIFT_LIMIT,
    ) as file:
        if file.metadata.num_rows > _MOST_ROWS:
            raise _too_many_rows()
        names, layout = _chosen(file.schema_arrow, wanted)
        for batch in file.iter_batches(PIECE_ROWS, columns=names, use_threads=False):
            yield batch.select(names), layout


def _feather(path: Path, wanted: Columns) -> Iterator[tuple[Any, Layout]]:
    with pa.memory_map(str(path)) as source:  # a batch may be the whole file; mapped it takes no memory
        schema = pa.ipc.open_file(source).schema
        names, layout = _chosen(schema, wanted)
        fields = sorted(schema.get_field_index(name) for name in names)
        options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
        file = pa.ipc.open_file(source, options=options)
        for position in range(file.num_record_batches):
            batch = file.get_batch(position).select(names)
            batch.validate(full=True)  # offsets and lengths are what the file says: nothing has looked at them
            yield batch, layout


def _chosen(schema: Any, wanted: Columns) -> tuple[list[str], Layout]:
    """The names of the columns to read, and where among them is what."""
    plain = [plain_name(name) for name in schema.names]
    layout = find_layout(plain, wanted, _INDEX)
    time = layout.time
    if len(time) > 1:  # a column that holds date and time needs no other
        time = next(((position,) for position in time if pa.types.is_timestamp(schema.types[position])), time)
    positions = [*time, *layout.others.values()]
    names = [schema.names[position] for position in positions]
    counted = Counter(schema.names)
    for name in names:
        if counted[name] > 1:
            raise ForgeError("bad_rows", f"Two columns are named {name[:80]!r}.")
    others = {name: len(time) + number for number, name in enumerate(layout.others)}
    return names, Layout(tuple(range(len(time))), others)


def _piece(batch: Any, layout: Layout, numbers: Sequence[int], bad: BadRows) -> Piece:
    columns = {name: read_texts(batch.column(position), name) for name, position in layout.others.items()}
    first, *second = (batch.column(position) for position in layout.time)
    if second:
        return Piece(numbers, join_times(read_texts(first, "date"), read_texts(second[0], "time of day")), columns)
    if is_moment(first.type):
        return Piece(numbers, read_moments(first, lambda row, reason: bad.add(numbers[row], reason)), columns)
    return Piece(numbers, read_texts(first, "time"), columns)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Turns what pyarrow says of a file into `bad_rows`; what the disk says stays."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        damage = str(error)
    else:
        return
    # Outside of the handler: a MemoryError in the chain would be told as one of the worker, but the sizes that a
    # damaged file declares are no need of memory.
    said = " ".join(damage.split())[:300]
    raise ForgeError("bad_rows", f"The file cannot be read, it is damaged or not of this kind: {said}")


def _too_many_rows() -> ForgeError:
    return ForgeError("bad_rows", f"The file holds more than {_MOST_ROWS:,} rows; split it.")
