"""The file that holds the bars of one data set version."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from server.contract.identity import canonical_bytes
from server.data.instrument import Instrument
from server.data.npy import npy_header

BARS_FILE: Final = "bars.npy"
TS, OPEN, HIGH, LOW, CLOSE, VOLUME = range(6)
"""Rows of the bars: ms since the epoch, prices in ticks, volume in lots."""
BAR_ROWS: Final = 6

Int64s = npt.NDArray[np.int64]


def open_bars(directory: Path) -> Int64s:
    """The bars of the data set in `directory`: (6, n) int64, C order, a read-only memory map.

    Rows ts_ms, open, high, low, close (ticks), volume (lots); ts_ms strictly rising. Raises OSError when there is no
    such file and ValueError when it is no such array.
    """
    bars: Int64s = np.load(directory / BARS_FILE, mmap_mode="r", allow_pickle=False)
    if bars.dtype != np.int64 or bars.ndim != 2 or bars.shape[0] != BAR_ROWS or not bars.flags.c_contiguous:
        raise ValueError(f"{directory.name}/{BARS_FILE} does not hold (6, n) int64 in C order")
    return bars


def bars_file_size(rows: int) -> int:
    """Bytes that the file of so many bars has."""
    return len(npy_header(BAR_ROWS, rows)) + rows * BAR_ROWS * 8


def write_bars(file: BinaryIO, instrument: Instrument, rows: int, row_pieces: Callable[[int], Iterable[Int64s]]) -> str:
    """Writes the bars piece by piece, returns their content hash: 96 bits of SHA-256 as 24 hex digits.

    `row_pieces(row)` gives the values of one of the six rows in order. The hash covers what decides a result: the
    values, tick size, lot size and multiplier, and the quote currency, so that correcting one makes a new version.
    """
    digest = _begun(instrument, rows)
    file.write(npy_header(BAR_ROWS, rows))
    for row in range(BAR_ROWS):
        for piece in row_pieces(row):
            values = np.ascontiguousarray(piece, dtype="<i8")
            digest.update(values.data)
            file.write(values.data)
    return digest.hexdigest()[:24]


def bars_hash(bars: Int64s, instrument: Instrument) -> str:
    """The content hash of bars as `write_bars` gives it."""
    digest = _begun(instrument, bars.shape[1])
    for row in bars:
        digest.update(np.ascontiguousarray(row, dtype="<i8").data)
    return digest.hexdigest()[:24]


def _begun(instrument: Instrument, rows: int) -> "hashlib._Hash":
    return hashlib.sha256(
        canonical_bytes(
            {
                "lotSize": _plain(instrument.lot_size),
                "multiplier": _plain(instrument.multiplier),
                "quote": instrument.quote,
                "rows": rows,
                "tickSize": _plain(instrument.tick_size),
            }
        )
    )


def _plain(value: object) -> str:
    """One spelling a decimal: 0.010 and 1E-2 are both 0.01."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
