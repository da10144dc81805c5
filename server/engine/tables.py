"""The columnar result files: their columns, written whole or not at all."""

import io
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

EQUITY_DTYPE: Final = np.dtype([("ts", "<i8"), ("equity", "<f8"), ("drawdown", "<f8")])
"""One row a bar: ms since the epoch, quote currency, percent below the peak (≤ 0)."""

ROUND_TRIP_DTYPE: Final = np.dtype(
    [
        ("entry_time", "<i8"),
        ("exit_time", "<i8"),  # OPEN while the position is open
        ("side", "<i1"),  # 1 long, -1 short
        ("quantity", "<f8"),
        ("entry_price", "<f8"),
        ("exit_price", "<f8"),  # NaN while open
        ("profit", "<f8"),
        ("profit_pct", "<f8"),
        ("commission", "<f8"),
        ("bars", "<i8"),
        ("max_adverse", "<f8"),
        ("max_favourable", "<f8"),
        ("exit_reason", "<u1"),  # index into EXIT_REASONS
        ("asset", "<u2"),  # index into the run's assets, the main one first
    ]
)
OPEN: Final = np.iinfo(np.int64).min
EXIT_REASONS: Final = ("signal", "stopLoss", "takeProfit", "liquidation", "endOfData", "open")

TRIAL_STATUSES: Final = ("Completed", "Failed", "TimedOut")
"""A trials file (.npz) has the columns `index` i8, `status` u1, `duration_ms` f8, `fitness` f8 (NaN: none),
`metrics` (n, len(METRIC_NAMES)) f8 (NaN: null), `trial_key` S24, `reused` bool, `error` i4 (row of `errors`, -1: none),
one `param:<snake_case name>` a parameter, `errors`: UTF-8 JSON `[{"message", "stackTrace"}]` as u1, and `family` S24
(one value, of server.contract.identity). `duration_ms` is NaN where a trial was lost with its worker."""

CURVES_PREFIX: Final = "curves-"
TOTAL: Final = ":total"
"""A file of curves (.npz) has for each trial its trialKey: some rows of EQUITY_DTYPE, and `{trialKey}:total`: of how
many."""


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that after a crash it is there whole or not at all; OSError when the disk is full."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with scratch.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def write_rows(path: Path, rows: npt.NDArray[Any]) -> None:
    """Writes one structured array as .npy, atomically."""
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    write_atomically(path, buffer.getvalue())


def write_columns(path: Path, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Writes named columns as uncompressed .npz, atomically."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **columns)
    write_atomically(path, buffer.getvalue())


def create_rows(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """A new .npy of zeros as a memory map to be written; OSError when the disk has no room for all of it."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.flush()
        # a write to a map for which the disk has no room would end the process by SIGBUS
        os.posix_fallocate(file.fileno(), 0, file.tell() + math.prod(shape) * np.dtype(dtype).itemsize)
    return np.load(path, mmap_mode="r+", allow_pickle=False)  # type: ignore[no-any-return]  # numpy says Any


def map_rows(path: Path) -> npt.NDArray[Any]:
    """One .npy as a read-only memory map."""
    return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]  # numpy says Any
