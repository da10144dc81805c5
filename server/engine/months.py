"""The last equity of every month of a curve."""

import numpy as np

from server.engine.thinning import Curve


def month_ends(curve: Curve) -> list[tuple[int, int, float]]:
    """Year, month (1–12, UTC) and equity in quote currency, for each month that has a bar, in order of time.

    `curve`: (n,) EQUITY_DTYPE, `ts` strictly rising.
    """
    if not len(curve):
        return []
    months = curve["ts"].astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    lasts = np.flatnonzero(np.append(months[1:] != months[:-1], True))
    ends = zip(months[lasts].tolist(), curve["equity"][lasts].tolist(), strict=True)
    return [(1970 + month // 12, 1 + month % 12, equity) for month, equity in ends]
