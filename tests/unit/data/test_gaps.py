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


WORKING_WEEK = [hour for day in range(5) for hour in range(day * DAY, (day + 1) * DAY)]


def weeks(count: int, week: list[int] = WORKING_WEEK) -> list[int]:
    """So many weeks of these hours."""
    return [number * 7 * DAY + hour for number in range(count) for hour in week]


def test_weekends_are_no_gaps_and_a_hole_counts_what_was_due() -> None:
    hours = [hour for hour in weeks(8) if not 11 * DAY <= hour < 15 * DAY]  # Friday, and Monday after it
    report = find_gaps(at(*hours), HOUR_MS)
    (gap,) = report.longest
    assert (gap.from_, gap.to, gap.bars) == ("2024-01-12T00:00:00.000Z", "2024-01-15T23:00:00.000Z", 48)
    assert report.total == 1
    assert find_gaps(at(*weeks(8)), HOUR_MS).total == 0


def test_a_hole_begins_and_ends_with_bars_that_were_due() -> None:
    hours = [hour for hour in weeks(8) if not 14 * DAY <= hour < 15 * DAY]  # the weekend before it is none of it
    (gap,) = find_gaps(at(*hours), HOUR_MS).longest
    assert (gap.from_, gap.to, gap.bars) == ("2024-01-15T00:00:00.000Z", "2024-01-15T23:00:00.000Z", 24)


def test_a_hole_of_weeks_counts_their_hours_alone() -> None:
    hours = [hour for hour in weeks(20) if not 35 * DAY <= hour < 56 * DAY]
    (gap,) = find_gaps(at(*hours), HOUR_MS).longest
    assert gap.bars == 3 * 5 * DAY


def test_nights_are_no_gaps_of_a_market_with_sessions() -> None:
    hours = [day * DAY + hour for day in range(60) for hour in range(14, 21) if (day, hour) != (31, 16)]
    (gap,) = find_gaps(at(*hours), HOUR_MS).longest
    assert (gap.from_, gap.bars) == ("2024-02-01T16:00:00.000Z", 1)


def test_what_summer_time_moves_is_not_waited_for() -> None:
    hours = [day * DAY + hour - (90 <= day < 300) for day in range(365) for hour in range(14, 21)]
    assert find_gaps(at(*hours), HOUR_MS).total == 0


def test_a_market_without_hours_misses_every_bar() -> None:
    lost = np.random.default_rng(1).random(4_000) < 0.15
    lost[400:700] = True
    lost[[0, 399, 700, 3_999]] = False
    report = find_gaps(at(*np.flatnonzero(~lost).tolist()), HOUR_MS)
    assert report.longest[0].bars == 300
    assert report.total == int((np.diff(lost.astype(int)) > 0).sum())


def test_too_few_weeks_tell_no_hours() -> None:
    report = find_gaps(at(*weeks(2)), HOUR_MS)
    assert [gap.bars for gap in report.longest] == [48]


def test_holidays_of_daily_bars_are_gaps() -> None:
    days = [number * 7 + day for number in range(30) for day in range(5) if (number, day) not in ((9, 4), (20, 0))]
    report = find_gaps(at(*(day * DAY for day in days)), DAY * HOUR_MS)
    assert [(gap.from_[:10], gap.bars) for gap in report.longest] == [("2024-03-08", 1), ("2024-05-20", 1)]


def test_hours_are_found_in_whatever_pieces_and_before_the_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = at(*(hour for hour in weeks(30) if not 60 * DAY <= hour < 61 * DAY))
    whole = find_gaps(hours, HOUR_MS)
    monkeypatch.setattr(gaps, "_PIECE", 13)
    assert find_gaps(hours, HOUR_MS) == whole
    moved = find_gaps(hours - 3_000 * 7 * DAY * HOUR_MS, HOUR_MS)
    assert (moved.total, moved.longest[0].bars) == (whole.total, whole.longest[0].bars) == (1, 24)


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
