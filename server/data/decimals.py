"""Reads columns of decimal numbers as whole numbers of a power of ten, exactly."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.data.bars import Int64s

MAX_DECIMALS: Final = 12
"""More are the noise of binary floats printed in full, and rounded away."""
_FAST_LENGTH: Final = 16  # a sign or point and 15 digits: what a float64 holds exactly
_PLAIN: Final = np.zeros(256, dtype=bool)
_PLAIN[np.frombuffer(b"0123456789.-\0", dtype=np.uint8)] = True
_EXACT: Final = 10**15
"""Up to here the product of a float and a power of ten is wrong by less than a half."""
_LARGEST: Final = 2**62


class Scaled(NamedTuple):
    """`values` (n,) int64 in units of 10^-decimals."""

    values: Int64s
    decimals: int

    def to(self, decimals: int) -> "Scaled":
        """The same numbers with more decimals; OverflowError when one does not fit."""
        if decimals == self.decimals:
            return self
        factor = 10 ** (decimals - self.decimals)
        if len(self.values) and int(np.abs(self.values).max()) > _LARGEST // factor:
            raise OverflowError
        return Scaled(self.values * factor, decimals)

    def only(self, rows: npt.NDArray[np.bool_]) -> "Scaled":
        """Those of the rows that are marked (n,) bool."""
        return self if rows.all() else Scaled(self.values[rows], self.decimals)


def read_decimals(texts: Sequence[str], refuse: Callable[[int, str], None]) -> Scaled:
    """Reads numbers such as `1.25`, `-3`, `1e-5`; `refuse(row, reason)` is told of those that are none, which are 0."""
    return _read_plain(texts) or _read_any(texts, refuse)


def _read_plain(texts: Sequence[str]) -> Scaled | None:
    """The fast way for short plain numbers; None when a text is anything else."""
    try:
        column = np.array(texts, dtype=np.bytes_)
    except UnicodeEncodeError:
        return None
    width = column.dtype.itemsize
    if not width or width > _FAST_LENGTH or not _PLAIN[column.view(np.uint8)].all():
        return None
    try:
        numbers = column.astype(np.float64)
    except ValueError:
        return None
    point = np.char.find(column, b".")
    decimals = int(np.where(point >= 0, np.char.str_len(column) - point - 1, 0).max())
    if decimals > MAX_DECIMALS:
        return None
    scaled = np.rint(numbers * 10.0**decimals)
    if np.abs(scaled).max() >= _EXACT:
        return None
    return Scaled(scaled.astype(np.int64), decimals)


def _read_any(texts: Sequence[str], refuse: Callable[[int, str], None]) -> Scaled:
    numbers = [_number(text, row, refuse) for row, text in enumerate(texts)]
    decimals = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
    decimals = min(max(decimals, 0), MAX_DECIMALS)
    values = np.zeros(len(texts), dtype=np.int64)
    for row, number in enumerate(numbers):
        scaled = round(number.scaleb(decimals))
        if abs(scaled) > _LARGEST:
            refuse(row, f"{texts[row][:40]!r} is too large")
        else:
            values[row] = scaled
    return Scaled(values, decimals)


def read_exactly(texts: Sequence[str], decimals: int, refuse: Callable[[int, str], None]) -> Int64s:
    """(n,) int64 in units of 10^-decimals; `refuse(row, reason)` is told of numbers that have more decimals."""
    values = np.zeros(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        number = _exact(text, row, refuse)
        _, digits, exponent = number.as_tuple()
        further = -int(exponent) - decimals
        if further > 0 and any(digits[-further:]):
            refuse(row, f"{text.strip()[:40]!r} has more than {decimals} decimals")
        elif abs(scaled := int(number.scaleb(decimals))) > _LARGEST:
            refuse(row, f"{text.strip()[:40]!r} is too large")
        else:
            values[row] = scaled
    return values


def _number(text: str, row: int, refuse: Callable[[int, str], None]) -> Decimal:
    number = _exact(text, row, refuse)
    return round(number, MAX_DECIMALS) if -int(number.as_tuple().exponent) > MAX_DECIMALS else number


def _exact(text: str, row: int, refuse: Callable[[int, str], None]) -> Decimal:
    stripped = text.strip()
    if not stripped:
        refuse(row, "is empty")
        return Decimal(0)
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        refuse(row, f"{stripped[:40]!r} is no number")
        return Decimal(0)
    if "_" in stripped or not number.is_finite():
        refuse(row, f"{stripped[:40]!r} is no number")
        return Decimal(0)
    if number and not -18 <= number.adjusted() <= 18:
        refuse(row, f"{stripped[:40]!r} is out of range")
        return Decimal(0)
    return number
