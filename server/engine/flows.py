"""Cash flows by the bar before which they are due."""

from typing import Any

import numpy as np
import numpy.typing as npt


def due_before(flows: npt.NDArray[Any], opens: npt.NDArray[np.int64]) -> dict[int, list[tuple[int, int]]]:
    """The flows (kind, amount) that are due before each bar, those of one bar in order of time.

    `flows`: rows of FLOW_DTYPE, `opens` of the bars in ms. A flow is due before the first bar that opens at its time
    or later; one after the last open is due no more.
    """
    due: dict[int, list[tuple[int, int]]] = {}
    bars = np.searchsorted(opens, flows["ts"], side="left")
    for bar, kind, amount in zip(bars.tolist(), flows["kind"].tolist(), flows["amount"].tolist(), strict=True):
        if bar < len(opens):
            due.setdefault(bar, []).append((kind, amount))
    return due
