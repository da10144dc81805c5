"""Metrics of a curve that no run has made."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from server.contract.results import Metrics
from server.engine.curve import count_bars
from server.engine.kernel.fills import count_trip
from server.engine.kernel.records import AccountRecord, AssetRecord, Book, TermsRecord
from server.engine.kernel.tally import TallyRecord
from server.engine.metrics import Facts, measure

SCALE: Final = 10**8


def measured(
    equity: npt.NDArray[np.float64],
    profits: Sequence[float] = (),
    *,
    initial_cash: float = 10_000.0,
    still_open: float = 0.0,
    commissions: float = 0.0,
    traded: float = 0.0,
    fills: int = 0,
    bars_held: int = 0,
    periods: float | None = 252.0,
    risk_free_rate: float = 0.0,
) -> Metrics:
    """The metrics of an account with this equity at its bars' closes, and these profits of its round trips."""
    cash = round(initial_cash * SCALE)
    free = 0.0 if periods is None else (1 + risk_free_rate) ** (1 / periods) - 1
    tally = TallyRecord(previous=cash, base=float(cash), peak=cash, risk_free=free)
    if len(equity):
        count_bars(tally, np.round(equity * SCALE).astype(np.int64), np.ones(len(equity), dtype=bool))
    account = AccountRecord(
        bars_held=bars_held, fills=fills, commissions=round(commissions * SCALE), traded=traded * SCALE
    )
    asset = AssetRecord(1, 1, 1, 1e18)
    if still_open:
        asset.position, asset.last = 1, round(still_open * SCALE)
    book = Book(account, [asset], [], TermsRecord(cash, SCALE, 0, 0, 0, 0, 0, 1000, -1, 1), [])
    for profit in profits:
        count_trip(book, round(profit * SCALE))
    return measure(account, [asset], tally, Facts(cash, SCALE, periods))
