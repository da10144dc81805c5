"""The trades that this engine and backtesting.py make of the same real prices, in one form."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from backtesting import Backtest
from backtesting import Strategy as TheirStrategy

from server.contract.base import ParamValue
from server.engine.tables import OPEN
from server.strategies import Strategy
from tests.oracles.prices import Prices
from tests.trading import COIN, run, settings

CASH: Final = 1e8
Trade = tuple[int, int, int, int, int]
"""Side, bars of entry and exit, prices of entry and exit in ticks."""


def ours(strategy: type[Strategy], prices: Prices, parameters: dict[str, ParamValue] | None = None) -> list[Trade]:
    result = run(strategy, prices.bars, parameters, under=settings(cash=CASH, account="margin"))
    assert result.rejected == 0
    at = {int(ts): bar for bar, ts in enumerate(prices.bars[0])}
    return sorted(
        (
            int(trip["side"]),
            at[int(trip["entry_time"])],
            at[int(trip["exit_time"])],
            round(float(trip["entry_price"]) / float(COIN.tick_size)),
            round(float(trip["exit_price"]) / float(COIN.tick_size)),
        )
        for trip in result.round_trips
        if trip["exit_time"] != OPEN
    )


def theirs(strategy: type[TheirStrategy], prices: Prices, **columns: npt.NDArray[Any]) -> list[Trade]:
    """Their trades; `columns` are read by the strategy bar by bar, as `self.data.Name[-1]`."""
    frame = prices.frame.assign(**columns)
    return trades_in(Backtest(frame, strategy, cash=CASH, finalize_trades=False).run())


def trades_in(stats: Any) -> list[Trade]:
    columns = ["Size", "EntryBar", "ExitBar", "EntryPrice", "ExitPrice"]
    return sorted(
        (int(np.sign(size)), int(entry), int(leave), round(entered), round(left))
        for size, entry, leave, entered, left in stats._trades[columns].itertuples(index=False)
    )
