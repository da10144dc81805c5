"""The kernel's journal as an array, for whoever reads a run's orders and fills."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from server.engine.kernel.journal import Entry

Rows: TypeAlias = npt.NDArray[Any]
ENTRY_DTYPE: Final = np.dtype([(name, "<i8") for name in Entry._fields])


def columns_of(entries: Sequence[Entry]) -> npt.NDArray[np.int64]:
    """The entries as (n, fields) int64, C order: rows of ENTRY_DTYPE without its names."""
    return np.array(entries, dtype=np.int64)


def rows_of(blocks: Sequence[npt.NDArray[np.int64]]) -> Rows:
    """The entries of all blocks, made by `columns_of`, as one structured array of ENTRY_DTYPE."""
    if not blocks:
        return np.empty(0, dtype=ENTRY_DTYPE)
    return np.concatenate(blocks).view(ENTRY_DTYPE)[:, 0]


def entries_of(block: npt.NDArray[np.int64]) -> list[Entry]:
    """The rows of one block, one by one."""
    return [Entry(*row) for row in block.tolist()]


def float_of(bits: int) -> float:
    """The float whose 64 bits a whole number has."""
    return float(np.int64(bits).view(np.float64))
