"""The trades that this engine and backtesting.py make of the same real prices, in one form."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from backtesting import Backtest
from backtesting import Strategy as TheirStrategy

from server.contract.base import ParamValue
from server.engine.tables import OPEN
from server.strategies import Strategy
from tests.trading import COIN, Bars, run, settings

_CASH: Final = 1e8
Trade = tuple[int, int, int, int, int]
"""Side, bars of entry and exit, prices of entry and exit in ticks."""


@dataclass(frozen=True)
class Prices:
    """One series of real prices in whole ticks, for both engines."""

    bars: Bars
    frame: pd.DataFrame


def prices_of(frame: pd.DataFrame, ticks: int) -> Prices:
    """Real prices as whole ticks; `ticks` a unit of quote currency."""
    table = np.round(frame[["Open", "High", "Low", "Close"]].to_numpy() * ticks).astype(np.int64)
    times = frame.index.to_numpy().astype("datetime64[ms]").astype(np.int64)
    whole = np.ascontiguousarray(np.vstack((times, table.T, np.ones(len(table), dtype=np.int64))))
    columns = dict(zip(("Open", "High", "Low", "Close"), table.T.astype(float), strict=True))
    return Prices(whole, pd.DataFrame(columns, index=frame.index))


def ours(strategy: type[Strategy], prices: Prices, parameters: dict[str, ParamValue] | None = None) -> list[Trade]:
    result = run(strategy, prices.bars, parameters, under=settings(cash=_CASH, account="margin"))
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
    trades = Backtest(frame, strategy, cash=_CASH, finalize_trades=False).run()._trades
    return sorted(
        (int(np.sign(size)), int(entry), int(leave), round(entered), round(left))
        for size, entry, leave, entered, left in trades[
            ["Size", "EntryBar", "ExitBar", "EntryPrice", "ExitPrice"]
        ].itertuples(index=False)
    )
