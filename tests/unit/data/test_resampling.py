"""Bars of longer time frames: they hold what their fine bars hold, and nothing is made up in between."""

from pathlib import Path

import numpy as np
import pytest

from server.contract.problems import InvalidRequest
from server.data.bars import Int64s, open_bars
from server.data.catalogue import Catalogue
from server.data.resampling import Groups, resample
from server.data.time_frames import parse_time_frame
from tests.unit.data.csv_files import FIRST_MS, HOUR_MS, Importer, instant

DAY_MS = 24 * HOUR_MS
HEADER = "time,open,high,low,close,volume"


def series(count: int, *, without: range = range(0), first: int = 0) -> str:
    """Hourly bars with prices that tell their hour, but for some."""
    lines = [HEADER]
    for hour in range(first, first + count):
        if hour not in without:
            price = 1000 + hour
            lines.append(f"{instant(hour).isoformat()},{price},{price + 5},{price - 5},{price + 1},{hour % 7}")
    return "\n".join(lines)


def resampled(importer: Importer, frame: str) -> Int64s:
    """The bars of the newest import in another frame."""
    importer.info, created = resample(importer.root, importer.info.id, frame)
    assert created
    return open_bars(importer.root / importer.info.id)


def by_hand(fine: Int64s, frame_ms: int, offset_ms: int = 0) -> list[list[int]]:
    """The same, a bar at a time."""
    bars: dict[int, list[int]] = {}
    for ts, opened, high, low, close, volume in fine.T.tolist():
        start = ts - (ts - offset_ms) % frame_ms
        if start not in bars:
            bars[start] = [start, opened, high, low, close, volume]
            continue
        bar = bars[start]
        bar[2:] = [max(bar[2], high), min(bar[3], low), close, bar[5] + volume]
    return [list(row) for row in zip(*bars.values(), strict=True)]


def test_four_hours_make_one_bar(importer: Importer) -> None:
    importer.add(series(10))
    assert resampled(importer, "4h").tolist() == [
        [FIRST_MS, FIRST_MS + 4 * HOUR_MS, FIRST_MS + 8 * HOUR_MS],
        [1000, 1004, 1008],
        [1008, 1012, 1014],
        [995, 999, 1003],
        [1004, 1008, 1010],
        [0 + 1 + 2 + 3, 4 + 5 + 6 + 0, 1 + 2],
    ]


@pytest.mark.parametrize("frame", ["2h", "3h", "5h", "1d", "36h"])
@pytest.mark.parametrize("piece", [1, 7, 1 << 18])
def test_any_multiple_is_what_it_is_by_hand(
    importer: Importer, frame: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.data.resampling._PIECE", piece)
    fine = importer.add(series(200, without=range(50, 120), first=5))
    assert resampled(importer, frame).tolist() == by_hand(fine, parse_time_frame(frame).ms)


def test_a_rest_has_no_bars_and_counts_as_a_gap(importer: Importer) -> None:
    importer.add(series(96, without=range(20, 50)))
    bars = resampled(importer, "4h")
    assert sorted(np.diff(bars[0]).tolist()) == [4 * HOUR_MS] * 15 + [32 * HOUR_MS]
    assert (importer.info.gap_count, importer.info.gaps[0].bars) == (1, 7)


def test_weeks_begin_on_mondays(importer: Importer) -> None:
    fine = importer.add(series(24 * 20, first=30))
    bars = resampled(importer, "1w")
    assert bars.tolist() == by_hand(fine, 7 * DAY_MS, FIRST_MS)  # the first of January 2024 is one
    assert bars[0].tolist() == [FIRST_MS + week * 7 * DAY_MS for week in range(4)]


def test_times_before_1970_are_grouped_alike() -> None:
    times = np.arange(-30, 30) * HOUR_MS
    fine = np.vstack([times, np.ones((5, 60), dtype=np.int64)])
    groups = Groups(fine, parse_time_frame("1d"))
    assert next(groups.row(0)).tolist() == [day * DAY_MS for day in (-2, -1, 0, 1)]


def test_what_is_known_of_the_source_stays(importer: Importer) -> None:
    importer.add(series(50) + "\nx,1,1,1,1,1", quarantine=True, tick_size=None, quote="EUR")
    source = importer.info
    resampled(importer, "2h")
    info = importer.info
    assert (info.asset_name, info.exchange, info.time_frame, info.rows) == ("ACME", "TEST", "2h", 25)
    assert (info.quote, info.tick_size, info.lot_size) == ("EUR", source.tick_size, source.lot_size)
    assert (info.quarantined, info.source) == (1, f"resampled from {source.id}")


def test_the_same_again_is_the_same_version(importer: Importer) -> None:
    importer.add(series(50))
    source = importer.info.id
    first = resample(importer.root, source, "2h")
    assert resample(importer.root, source, "2:00:00") == (first[0], False)


@pytest.mark.parametrize("frame", ["1h", "30m", "90m", "soon"])
def test_what_does_not_divide_is_refused(importer: Importer, frame: str) -> None:
    importer.add(series(50))
    with pytest.raises(InvalidRequest):
        resample(importer.root, importer.info.id, frame)
    assert importer.left_over() == []


def test_volumes_that_do_not_add_up_are_refused(importer: Importer) -> None:
    importer.add(series(50).replace(",6\n", ",4000000000000000000\n"), lot_size=None)
    with pytest.raises(InvalidRequest, match="volumes"):
        resample(importer.root, importer.info.id, "1d")
    assert importer.left_over() == []


def test_a_source_that_is_gone_is_told_to_the_caller(importer: Importer) -> None:
    importer.add(series(50))
    with pytest.raises(OSError, match="none"):
        resample(importer.root, "none", "2h")


def asked(importer: Importer, frame: str) -> str | None:
    """The id of what the catalogue would have resampled."""
    source = Catalogue(importer.root).resampling_source("ACME", "TEST", frame)
    return source.id if source else None


def test_the_finest_series_that_divides_is_resampled(importer: Importer) -> None:
    importer.add(series(50))
    hourly = importer.info.id
    days = [f"{instant(24 * day).isoformat()},1,1,1,1,1" for day in range(9)]
    importer.add("\n".join([HEADER, *days]), time_frame="1d")
    assert [asked(importer, frame) for frame in ("2h", "2d", "1h", "1d", "90m")] == [hourly, hourly, None, None, None]
    assert Catalogue(importer.root).resampling_source("OTHER", "TEST", "2h") is None


def test_what_was_resampled_is_found_until_its_source_is_corrected(importer: Importer) -> None:
    importer.add(series(50))
    resampled(importer, "2h")
    first = importer.info
    assert asked(importer, "2h") is None
    assert asked(importer, "4h") == first.source.removeprefix("resampled from ")
    assert Catalogue(importer.root).resolve("ACME", "TEST", "2h") == first
    importer.add(series(52))
    corrected = importer.info.id
    assert asked(importer, "2h") == corrected
    with pytest.raises(InvalidRequest):
        Catalogue(importer.root).resolve("ACME", "TEST", "2h")
    resampled(importer, "2h")
    assert Catalogue(importer.root).resolve("ACME", "TEST", "2h") == importer.info
    assert importer.info.version == 2


def test_imported_bars_go_before_resampled_ones(importer: Importer) -> None:
    importer.add(series(50))
    resampled(importer, "1d")
    days = [f"{instant(24 * day).isoformat()},1,1,1,1,1" for day in range(9)]
    importer.add("\n".join([HEADER, *days]), time_frame="1d")
    imported = importer.info
    assert Catalogue(importer.root).resolve("ACME", "TEST", "1d") == imported
    assert asked(importer, "1d") is None


def test_a_copy_that_is_imported_is_one_of_its_own(importer: Importer, tmp_path: Path) -> None:
    fine = importer.add(series(8))
    resampled(importer, "4h")
    derived = importer.info
    lines = [HEADER]
    for ts, *numbers in np.array(by_hand(fine, 4 * HOUR_MS)).T.tolist():
        lines.append(",".join(str(number) for number in (ts, *numbers)))
    importer.add("\n".join(lines), time_frame="4h")
    assert importer.info.content_hash == derived.content_hash
    assert importer.info.id != derived.id
