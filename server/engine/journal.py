"""What happened to orders, row by row: the one output of the matching kernel besides its records."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

PLACED: Final = 1
FILLED: Final = 2
CANCELLED: Final = 3
REJECTED: Final = 4
EXPIRED: Final = 5


class Entry(NamedTuple):
    """One row, whole numbers only; money in money units, prices in ticks, `lots` below 0 for a sale.

    Of a fill: `closed` lots of the former position, that share of its entry (`entry_value`, `entry_fees`,
    `entry_bar`), the `profit` of the closed lots net of both commissions; `cash`, `position` and `cost` afterwards.
    """

    code: int
    bar: int
    order: int
    asset: int
    lots: int = 0
    kind: int = 0
    sizing: int = 0
    limit: int = 0
    stop: int = 0
    time_in_force: int = 0
    group: int = 0
    purpose: int = 0
    reason: int = 0
    price: int = 0
    commission: int = 0
    closed: int = 0
    entry_value: int = 0
    entry_fees: int = 0
    entry_bar: int = 0
    profit: int = 0
    cash: int = 0
    position: int = 0
    cost: int = 0
    at_close: int = 0


Journal: TypeAlias = list[Entry]
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
