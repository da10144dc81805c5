"""Holds the numbers of an import on disk until their units are known."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from server.data.bars import Int64s
from server.data.decimals import Scaled

_COLUMNS = ("time", "open", "high", "low", "close", "volume")


class _Kept(NamedTuple):
    rows: int
    price_decimals: int
    volume_decimals: int


class Spool:
    """Columns as raw int64 files in `folder`, each piece in its own power of ten; read back in the finest one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pieces: list[_Kept] = []
        self._price_divisor = 0
        self._volume_divisor = 0
        self._divisor_decimals = 0
        self._volume_divisor_decimals = 0

    @property
    def rows(self) -> int:
        """Rows kept so far."""
        return sum(piece.rows for piece in self._pieces)

    @property
    def price_decimals(self) -> int:
        """Prices are read back in units of 10^-price_decimals."""
        return max((piece.price_decimals for piece in self._pieces), default=0)

    @property
    def volume_decimals(self) -> int:
        """Volumes are read back in units of 10^-volume_decimals."""
        return max((piece.volume_decimals for piece in self._pieces), default=0)

    def add(self, ts_ms: Int64s, prices: list[Scaled], volume: Scaled) -> None:
        """Appends rows: times (n,), open, high, low, close in one unit, volume."""
        columns = (ts_ms, *(column.values for column in prices), volume.values)
        for name, values in zip(_COLUMNS, columns, strict=True):
            with (self._folder / name).open("ab") as file:
                file.write(np.ascontiguousarray(values, dtype="<i8").data)
        self._pieces.append(_Kept(len(ts_ms), prices[0].decimals, volume.decimals))
        price_divisor = int(np.gcd.reduce([int(np.gcd.reduce(column.values)) for column in prices]))
        self._price_divisor, self._divisor_decimals = _common(
            self._price_divisor, self._divisor_decimals, price_divisor, prices[0].decimals
        )
        self._volume_divisor, self._volume_divisor_decimals = _common(
            self._volume_divisor, self._volume_divisor_decimals, int(np.gcd.reduce(volume.values)), volume.decimals
        )

    def price_divisor(self) -> int:
        """The greatest common divisor of all prices, in units of 10^-price_decimals."""
        return max(1, self._price_divisor * int(10 ** (self.price_decimals - self._divisor_decimals)))

    def price_padding(self) -> int:
        """How many of the last decimals are 0 in every price."""
        return _trailing_zeros(self.price_divisor(), self.price_decimals)

    def volume_resolution(self) -> int:
        """How many decimals volumes really have."""
        divisor = self._volume_divisor * 10 ** (self.volume_decimals - self._volume_divisor_decimals)
        return self.volume_decimals - _trailing_zeros(divisor, self.volume_decimals)

    def times(self) -> Iterator[Int64s]:
        """The times, piece by piece."""
        for _, _, values in self._column("time"):
            yield values

    def prices(self, name: str) -> Iterator[tuple[int, Int64s]]:
        """A price column, each piece with the number of its first row."""
        finest = self.price_decimals
        for first, piece, values in self._column(name):
            yield first, Scaled(values, piece.price_decimals).to(finest).values

    def volumes(self) -> Iterator[Int64s]:
        """The volumes, piece by piece."""
        finest = self.volume_decimals
        for _, piece, values in self._column("volume"):
            yield Scaled(values, piece.volume_decimals).to(finest).values

    def _column(self, name: str) -> Iterator[tuple[int, _Kept, Int64s]]:
        first = 0
        with (self._folder / name).open("rb") as file:
            for piece in self._pieces:
                yield first, piece, np.frombuffer(file.read(piece.rows * 8), dtype="<i8").astype(np.int64, copy=False)
                first += piece.rows


def _common(divisor: int, decimals: int, other: int, other_decimals: int) -> tuple[int, int]:
    finest = max(decimals, other_decimals)
    return math.gcd(divisor * 10 ** (finest - decimals), other * 10 ** (finest - other_decimals)), finest


def _trailing_zeros(divisor: int, most: int) -> int:
    if divisor == 0:
        return most
    zeros = 0
    while zeros < most and divisor % 10 == 0:
        divisor //= 10
        zeros += 1
    return zeros
