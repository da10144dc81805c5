"""The rows of a column of trials in order of its values."""

import numpy as np
import numpy.typing as npt

from server.store.keyset import Column

Order = npt.NDArray[np.int32]


def rising_order(values: Column) -> Order:
    """The rows by value, equal ones by row, undefined ones last."""
    return np.argsort(values, kind="stable").astype("<i4")


def falling_order(values: Column, rising: Order) -> Order:
    """The same from the largest value down: equal ones by row, undefined ones last."""
    defined = len(rising) - int(np.count_nonzero(np.isnan(values)) if values.dtype.kind == "f" else 0)
    if not defined:
        return rising
    ordered = values[rising[:defined]]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    lengths = np.diff(np.append(starts, defined))[::-1]
    behind = np.repeat(starts[::-1] - (np.cumsum(lengths) - lengths), lengths)
    return np.concatenate([rising[np.arange(defined) + behind], rising[defined:]])
