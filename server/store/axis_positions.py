"""Where on an axis the values of a column of trials stand."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue


def axis_positions(
    values: Iterable[ParamValue], column: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The position among `values`, at least one, of each entry of the column, and whether it is there at all."""
    axis = np.array(list(values))
    order = np.argsort(axis)
    places = np.minimum(np.searchsorted(axis[order], column), len(axis) - 1)
    return order[places], axis[order][places] == column
