"""Missing bars: nights, weekends, holes."""

import numpy as np
import pytest

from server.data import gaps
from server.data.gaps import find_gaps, measure_spacing
from tests.unit.data.csv_files import FIRST_MS, HOUR_MS

DAY = 24


def at(*hours: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Bars at so many hours after Monday, 2024-01-01."""
    return FIRST_MS + HOUR_MS * np.array(hours, dtype=np.int64)


def test_a_regular_series_has_none() -> None:
    assert find_gaps(at(*range(100)), HOUR_MS) == ([], 0)
    assert find_gaps(at(7), HOUR_MS) == ([], 0)
    assert find_gaps(at(), HOUR_MS) == ([], 0)


def test_a_gap_names_its_first_and_last_missing_bar() -> None:
    report = find_gaps(at(0, 1, 5), HOUR_MS)
    (gap,) = report.longest
    assert (gap.from_, gap.to, gap.bars) == ("2024-01-01T02:00:00.000Z", "2024-01-01T04:00:00.000Z", 3)


def test_weekends_are_counted_and_a_worse_hole_comes_first() -> None:
    week = [hour for day in range(5) for hour in range(day * DAY, (day + 1) * DAY)]
    hours = [week_number * 7 * DAY + hour for week_number in range(4) for hour in week]
    hole = [hour for hour in hours if not 8 * DAY <= hour < 11 * DAY]
    report = find_gaps(at(*hole), HOUR_MS)
    assert [gap.bars for gap in report.longest] == [72, 48, 48, 48]
    assert report.total == 4


def test_sessions_are_gaps_of_every_night() -> None:
    hours = [day * DAY + hour for day in range(10) for hour in range(14, 21)]
    report = find_gaps(at(*hours), HOUR_MS)
    assert report.total == 9
    assert {gap.bars for gap in report.longest} == {17}


def test_the_end_of_summer_time_is_no_gap_of_daily_bars() -> None:
    assert find_gaps(at(0, 24, 49, 73), 24 * HOUR_MS).total == 0
    assert find_gaps(at(0, 24, 47, 71), 24 * HOUR_MS).total == 0


def test_only_the_longest_hundred_are_listed_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = np.random.default_rng(1).permutation(np.arange(2, 302))
    hours = np.concatenate(([0], np.cumsum(sizes)))
    for piece in (1 << 20, 17):  # however it is cut
        monkeypatch.setattr(gaps, "_PIECE", piece)
        report = find_gaps(at(*hours.tolist()), HOUR_MS)
        assert report.total == 300
        assert [gap.bars for gap in report.longest] == list(range(300, 200, -1))


def test_neighbours_closer_than_the_frame_are_measured() -> None:
    assert measure_spacing(at(*range(11)), 24 * HOUR_MS) == (10, 10, HOUR_MS)
    assert measure_spacing(at(0, 24, 47, 71), 24 * HOUR_MS) == (3, 1, 23 * HOUR_MS)
