"""The types of numba that stand for the kernel's records."""

from typing import Any, Final

import numpy as np
from numba import boolean, float64, from_dtype, int64
from numba.core import types
from numba.core.types import containers

from server.engine.compile.columns import CANDLE_DTYPE, DUE_DTYPE
from server.engine.journal import ENTRY_DTYPE
from server.engine.kernel.records import AccountRecord, AssetRecord, Book, OrderRecord, TermsRecord, dtype_of
from server.engine.kernel.tally import TallyRecord
from server.engine.tables import EQUITY_DTYPE

ACCOUNT: Final = from_dtype(dtype_of(AccountRecord))
ASSET: Final = from_dtype(dtype_of(AssetRecord))
ORDER: Final = from_dtype(dtype_of(OrderRecord))
TERMS: Final = from_dtype(dtype_of(TermsRecord))
TALLY: Final = from_dtype(dtype_of(TallyRecord))
CURVE: Final = from_dtype(EQUITY_DTYPE)
CANDLE: Final = from_dtype(CANDLE_DTYPE)
DUE: Final = from_dtype(DUE_DTYPE)
ENTRY: Final = from_dtype(ENTRY_DTYPE)
BOOK: Final = containers.NamedTuple((ACCOUNT, ASSET, ORDER, TERMS, ENTRY), Book)
"""Tables are told by their first rows: five addresses, which a call keeps in registers."""
OF_ANNOTATION: Final[dict[str, Any]] = {
    "int": int64,
    "float": float64,
    "bool": boolean,
    "None": types.none,
    "Book": BOOK,
    "AccountRecord": ACCOUNT,
    "AssetRecord": ASSET,
    "OrderRecord": ORDER,
    "TermsRecord": TERMS,
    "TallyRecord": TALLY,
    "Closes": types.CPointer(int64),
    "Times": types.Array(int64, 1, "C", readonly=True),
    "Curve": types.Array(CURVE, 1, "C"),
}
"""What stands for an annotation of the kernel."""


def readonly(element: Any) -> Any:
    """An array that may be a read-only memory map: another type to numba than one that can be written."""
    return types.Array(element, 1, "C", readonly=True)


def aligned(fields: list[tuple[str, Any]]) -> np.dtype[np.void]:
    """A record of nested fields with the padding that machines want."""
    return np.dtype(fields, align=True)
