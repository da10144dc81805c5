"""Reads columns of Arrow: numbers as the texts that a CSV of the same bars would hold, times as milliseconds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.types as kinds

from server.contract.problems import ForgeError
from server.data.bars import Int64s
from server.data.timestamps import FIRST_MS, LAST_MS

_LONGEST_TEXT: Final = 1_000
_UNITS: Final = {"s": (1_000, 1), "ms": (1, 1), "us": (1, 1_000), "ns": (1, 1_000_000)}
_DAY_MS: Final = 86_400_000
_WANTED: Final = {"time": "times", "date": "dates", "time of day": "times of day"}


def is_moment(type_: Any) -> bool:
    """Whether a column of this type says itself what its times are; a date is its midnight in UTC."""
    return bool(kinds.is_timestamp(type_) or kinds.is_date(type_))


def read_moments(column: Any, refuse: Callable[[int, str], None]) -> Int64s:
    """(n,) int64 in ms, rounded down; a time without a zone is UTC. `refuse(row, reason)` is told of what is no time.

    Those are 0.
    """
    for row in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)):
        refuse(int(row), "the time is empty")
    factor, divisor = _to_ms(column.type)
    if kinds.is_date32(column.type):
        column = column.cast(pa.int32())
    values: Int64s = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    outside = (values // divisor > LAST_MS // factor) | (values // divisor < FIRST_MS // factor)
    for row in np.flatnonzero(outside):
        refuse(int(row), "the time is not within the years 1 to 9999")
    return np.where(outside, 0, values) // divisor * factor


def _to_ms(type_: Any) -> tuple[int, int]:
    """By what to multiply, by what to divide."""
    if kinds.is_date32(type_):
        return _DAY_MS, 1
    if kinds.is_date64(type_):
        return 1, 1
    return _UNITS[type_.unit]


def read_texts(column: Any, name: str) -> list[str]:
    """A text a row, "" for null; floats as the shortest that reads as the same.

    ForgeError `bad_rows` for a type that is neither number nor text.
    """
    type_ = column.type
    if kinds.is_dictionary(type_):
        values = read_texts(column.dictionary, name)
        return ["" if index is None else values[index] for index in column.indices.to_pylist()]
    if kinds.is_floating(type_):
        return _floats(column)
    if kinds.is_decimal(type_):
        return ["" if value is None else f"{value:f}" for value in column.to_pylist()]
    if kinds.is_integer(type_) or kinds.is_date32(type_) or kinds.is_time(type_):
        return ["" if value is None else str(value) for value in column.to_pylist()]
    if kinds.is_null(type_):
        return [""] * len(column)
    if kinds.is_string(type_) or kinds.is_large_string(type_) or kinds.is_string_view(type_):
        return _strings(column, name)
    raise ForgeError(
        "bad_rows", f"The column of {name} holds {str(type_)[:80]}; it must hold {_WANTED.get(name, 'numbers')}."
    )


def _floats(column: Any) -> list[str]:
    """Each in the precision that it has: 0.1 in 32 bits is no 0.10000000149."""
    values = column.to_numpy(zero_copy_only=False)  # null is NaN
    texts = [_plain(str(value)) for value in (values.tolist() if values.dtype == np.float64 else values)]
    for row in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)):
        texts[row] = ""
    return texts


def _plain(text: str) -> str:
    """No exponent, which a time has none of and which reads more slowly."""
    return f"{Decimal(text):f}" if "e" in text else text


def _strings(column: Any, name: str) -> list[str]:
    texts: list[str | None] = column.to_pylist()
    for text in texts:
        if text is not None and len(text) > _LONGEST_TEXT:
            raise ForgeError("bad_rows", f"The column of {name} holds a text of {len(text):,} characters.")
    return [text or "" for text in texts]
