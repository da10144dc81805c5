"""Data frames of bars as CSV."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from server.client.frame_csv import write_frame

TIMES = [datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in (0, 1)]
PRICES = {"Open": [0.1, 1.5], "Close": [1e-05, 2.0]}
LINES = ["1704067200000,0.1", "1704070800000,1.5"]


def lines_of(frame: Any, folder: Path) -> list[str]:
    """The CSV of a frame, header first."""
    write_frame(frame, folder / "frame.csv")
    return (folder / "frame.csv").read_text().splitlines()


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"time": TIMES, "Open": PRICES["Open"]}),
        pl.LazyFrame({"time": TIMES, "Open": PRICES["Open"]}),
        pl.DataFrame({"time": [time.replace(tzinfo=None) for time in TIMES], "Open": PRICES["Open"]}),
        pl.DataFrame({"time": TIMES, "Open": PRICES["Open"]}).with_columns(
            pl.col("time").dt.cast_time_unit("ns").dt.convert_time_zone("Asia/Tokyo")
        ),
        pd.DataFrame({"time": TIMES, "Open": PRICES["Open"]}),
        pd.DataFrame({"Open": PRICES["Open"]}, index=pd.DatetimeIndex(TIMES).tz_convert("Asia/Tokyo")),
        pd.DataFrame({"Open": PRICES["Open"]}, index=pd.DatetimeIndex(TIMES).tz_localize(None)),
        pd.DataFrame({"Open": PRICES["Open"]}, index=pd.period_range("2024-01-01", periods=2, freq="h")),
        pd.DataFrame(
            {("Open", "ACME"): PRICES["Open"]},
            index=pd.DatetimeIndex(TIMES),
        ),
    ],
)
def test_instants_are_ms_since_the_epoch(frame: Any, tmp_path: Path) -> None:
    assert lines_of(frame, tmp_path) == ["time,Open", *LINES]


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"Date": [date(2024, 1, 1)], "Open": [1.5]}),
        pd.DataFrame({"Open": [1.5]}, index=pd.DatetimeIndex(["2024-01-01"], name="Date")),
    ],
)
def test_days_begin_at_midnight(frame: Any, tmp_path: Path) -> None:
    assert lines_of(frame, tmp_path) == ["Date,Open", "1704067200000,1.5"]


def test_texts_stay_what_they_are(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": ["2024-01-01"], "open": ["1.50"]})
    assert lines_of(frame, tmp_path) == ["date,open", "2024-01-01,1.50"]


@pytest.mark.parametrize("thing", [[1, 2], {"open": [1]}, pd.Series([1.0])])
def test_what_is_no_data_frame_is_refused(thing: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="give one of polars or pandas"):
        write_frame(thing, tmp_path / "frame.csv")
