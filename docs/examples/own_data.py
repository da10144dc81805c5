"""Bars of your own, from a data frame to a backtest. Needs a server, polars and numpy."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from server.client import Forge, run

HOURS = 2_000
random = np.random.default_rng(7)
close = np.round(100 + np.cumsum(random.normal(0, 0.4, HOURS)), 2)
opened = np.concatenate([close[:1], close[:-1]])
start = datetime(2024, 1, 1, tzinfo=UTC)

bars = pl.DataFrame(
    {
        "time": pl.datetime_range(start, start + timedelta(hours=HOURS - 1), "1h", eager=True),
        "open": opened,
        "high": np.maximum(opened, close) + 0.1,
        "low": np.minimum(opened, close) - 0.1,
        "close": close,
        "volume": random.integers(100, 1_000, HOURS),
    }
)

with Forge() as forge:
    dataset, created = forge.import_frame(bars, asset_name="WALK", exchange="MINE", time_frame="1h", source="a walk")
    print("brought" if created else "there already", dataset.id, dataset.rows, "bars")
    found = run("SmaCrossover", "WALK", "1h", exchange="MINE", fast_period=10, slow_period=50, forge=forge)
    print(found.bars().head(3))
    print(f"{found.metrics.total_trades} round trips, {found.metrics.net_profit:,.2f}")
