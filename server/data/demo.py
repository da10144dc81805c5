"""The data sets of a first start: a real daily series, and a long synthetic one labelled as such."""

import csv
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np

from server.contract.base import instant_ms
from server.data.bars import BARS_FILE, TS, Int64s, write_bars
from server.data.catalogue import Catalogue
from server.data.gaps import find_gaps
from server.data.instrument import Instrument
from server.data.staging import Draft, staged
from server.data.time_frames import parse_time_frame

_CENT: Final = Decimal("0.01")
_APPLE: Final = Instrument(asset_name="AAPL", exchange="NASDAQ", tick_size=_CENT, lot_size=Decimal(1), quote="USD")
_APPLE_SOURCE: Final = "hvsampledata (BSD): Apple Inc., daily, 2019 to 2024"
_SYNTHETIC: Final = Instrument(
    asset_name="SYNTHETIC", exchange="DEMO", tick_size=_CENT, lot_size=Decimal("0.01"), quote="USD"
)
_SYNTHETIC_SOURCE: Final = "synthetic: a seeded random walk, no market data"
_SYNTHETIC_ROWS: Final = 525_600
_SYNTHETIC_FIRST: Final = datetime(2023, 1, 1, tzinfo=UTC)
_SEED: Final = 20_230_101

DEMO_SERIES: Final = frozenset((one.asset_name, one.exchange) for one in (_APPLE, _SYNTHETIC))
"""Asset and exchange of each."""


def load_demo(root: Path) -> None:
    """Puts both series into the catalogue at `root`, unless a version of them is there already."""
    there = {(info.asset_name, info.exchange) for info in Catalogue(root).all()}
    series: tuple[tuple[Instrument, str, str, bool, Callable[[], Int64s]], ...] = (
        (_APPLE, "1d", _APPLE_SOURCE, False, _apple_bars),
        (_SYNTHETIC, "1m", _SYNTHETIC_SOURCE, True, _synthetic_bars),
    )
    for instrument, time_frame, source, synthetic, make in series:
        if (instrument.asset_name, instrument.exchange) not in there:
            _publish(root, instrument, time_frame, source, synthetic, make())


def _publish(root: Path, instrument: Instrument, time_frame: str, source: str, synthetic: bool, bars: Int64s) -> None:
    def pieces(row: int) -> Iterator[Int64s]:
        yield bars[row]

    with staged(root) as stage:
        with (stage.dataset / BARS_FILE).open("wb") as file:
            content_hash = write_bars(file, instrument, bars.shape[1], pieces)
        stage.publish(
            Draft(
                instrument=instrument,
                time_frame=time_frame,
                content_hash=content_hash,
                rows=bars.shape[1],
                first_ms=int(bars[TS, 0]),
                last_ms=int(bars[TS, -1]),
                gaps=find_gaps(bars[TS], parse_time_frame(time_frame).ms),
                source=source,
                synthetic=synthetic,
                ingested_ms=time.time_ns() // 1_000_000,
            )
        )


def _apple_bars() -> Int64s:
    """(6, 1509) int64 as `open_bars` gives them."""
    file = resources.files("hvsampledata") / "_data" / "apple_stocks.csv"
    with file.open(encoding="utf-8") as lines:
        rows = [
            (
                instant_ms(datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)),
                *(int(Decimal(row[name]) / _CENT) for name in ("open", "high", "low", "close")),
                int(row["volume"]),
            )
            for row in csv.DictReader(lines)
        ]
    return np.array(rows, dtype=np.int64).T.copy()


def _synthetic_bars() -> Int64s:
    """(6, 525 600) int64: a year of minutes. Whole-number arithmetic alone, so it is the same everywhere."""
    random = np.random.Generator(np.random.PCG64(_SEED))
    moves = random.integers(-4, 5, _SYNTHETIC_ROWS, dtype=np.int64)
    # A slow wave of drift: trends are there to be followed, and to fail.
    minute = np.arange(_SYNTHETIC_ROWS, dtype=np.int64)
    drift = np.where((minute // 20_160) % 2 == 0, 1, -1) * (minute % 10 == 0)
    close = 10_000 + np.cumsum(moves + drift)
    close += max(0, 2_000 - int(close.min()))
    open_ = np.concatenate((close[:1], close[:-1]))
    wicks = random.integers(0, 4, (2, _SYNTHETIC_ROWS), dtype=np.int64)
    bars = np.empty((6, _SYNTHETIC_ROWS), dtype=np.int64)
    bars[0] = instant_ms(_SYNTHETIC_FIRST) + minute * 60_000
    bars[1], bars[4] = open_, close
    bars[2] = np.maximum(open_, close) + wicks[0]
    bars[3] = np.minimum(open_, close) - wicks[1]
    bars[5] = random.integers(1, 10_000, _SYNTHETIC_ROWS, dtype=np.int64)
    return bars
