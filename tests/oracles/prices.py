"""Real prices in whole ticks, for our engine and a foreign one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from backtesting.test import EURUSD, GOOG

from tests.trading import Bars

_MOST: Final = 10_000
"""Bars of a series: enough for hundreds of trades, few enough for an engine that plays 50,000 a second."""
_SHARED: Final[Mapping[str, int]] = {
    "spy_1h": 100,
    "eurusd_mid_1h": 1_000_000,
    "btc_perp_1m": 10,
    "eth_btc_5m": 100_000_000,
}
"""Files of `shared/data`, with the ticks of a unit of quote currency."""
_INDICATORS_ALONE: Final = "eth_btc_5m"


@dataclass(frozen=True)
class Prices:
    """One series: `bars` as the engine takes them, `frame` the same prices in ticks as floats by their time.

    Volumes are those of the source, rounded.
    """

    bars: Bars
    frame: pd.DataFrame


def prices_of(name: str) -> Prices:
    """The last bars of one of ALL_NAMES."""
    if name in _SHARED:
        return _whole(pd.read_csv(_found[name], index_col="timestamp", parse_dates=True).tail(_MOST), _SHARED[name])
    return _whole(GOOG, 100) if name == "GOOG" else _whole(EURUSD, 100_000)


def _whole(frame: pd.DataFrame, ticks: int) -> Prices:
    columns = frame.rename(columns=str.capitalize)
    prices = columns[["Open", "High", "Low", "Close"]]
    table = np.round(prices.to_numpy() * ticks).astype(np.int64)
    index = frame.index.tz_localize(None)
    times = index.to_numpy().astype("datetime64[ms]").astype(np.int64)
    volume = np.round(columns["Volume"].to_numpy()).astype(np.int64)
    bars = np.ascontiguousarray(np.vstack((times, table.T, volume)))
    return Prices(bars, pd.DataFrame(table.astype(float), columns=prices.columns, index=index))


def _shared_files() -> dict[str, Path]:
    """What there is of `shared/data` beside the project, which need not be there."""
    for folder in Path(__file__).resolve().parents:
        found = {name: folder / "shared" / "data" / f"{name}.csv" for name in _SHARED}
        if all(path.is_file() for path in found.values()):
            return found
    return {}


_found: Final = _shared_files()
ALL_NAMES: Final = ("GOOG", "EURUSD", *_found)
"""The prices that backtesting.py ships, and those of `shared/data` where they are."""
NAMES: Final = tuple(name for name in ALL_NAMES if name != _INDICATORS_ALONE)
"""Those that trades and metrics are compared on."""
