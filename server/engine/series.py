"""What a run reads: one series of bars for each data subscription, the main one first."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.data.instrument import Instrument

FUNDING: Final = 1
DIVIDEND: Final = 2
FLOW_DTYPE: Final = np.dtype([("ts", "<i8"), ("kind", "<i8"), ("amount", "<i8")])
"""Cash flows of one asset, `ts` in ms since the epoch and not falling; at one instant funding comes first. `kind`
FUNDING: `amount` is a rate of the position's value in 1e-9, paid by who is long and received by who is short; DIVIDEND:
quote currency for each unit held, in 1e-9, received by who is long and paid by who is short."""
NO_FLOWS: Final = np.empty(0, dtype=FLOW_DTYPE)


class Series(NamedTuple):
    """The columns `[first, stop)` of `bars`: (6, n) int64, C order, rows ts_ms, open, high, low, close, volume.

    `ts_ms` strictly rising, prices in ticks, volume in lots. A bar is complete `interval_ms` after its open. `flows`:
    rows of FLOW_DTYPE, within the period, `ts` not falling; two series of one asset carry the same.
    """

    bars: npt.NDArray[np.int64]
    first: int
    stop: int
    instrument: Instrument
    interval_ms: int
    flows: npt.NDArray[Any] = NO_FLOWS
