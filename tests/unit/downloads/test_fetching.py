"""The order of requests, against an exchange made of a list."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from server.downloads.fetching import Busy, Fetching, Patience
from server.downloads.messages import Progress, Waiting
from server.downloads.pages import BARS_CSV, Pages, Row

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class ListedExchange:
    """Bars of these hours, three a page; `troubles` come before answers."""

    page_rows = 3

    def __init__(self, hours: Sequence[int], now_h: float) -> None:
        self.hours = hours
        self.now_h = now_h
        self.troubles: deque[Busy] = deque()
        self.asked: list[int] = []

    def now_ms(self) -> int:
        return int(self.now_h * HOUR_MS)

    def page(self, since_ms: int) -> Sequence[Row]:
        if self.troubles:
            raise self.troubles.popleft()
        since = since_ms // HOUR_MS
        self.asked.append(since)
        found = [hour for hour in self.hours if since - 1 <= hour < since + self.page_rows]
        return [Row(hour * HOUR_MS, 1.0, 1.0, 1.0, 1.0, 1.0) for hour in reversed(found)]

    def day_since(self, since_ms: int) -> int | None:
        days = sorted({hour * HOUR_MS // DAY_MS * DAY_MS for hour in self.hours})
        return next((day for day in days if day >= since_ms // DAY_MS * DAY_MS), None)


def fetch(source: ListedExchange, folder: Path, start_h: int = 0, end_h: int | None = None) -> list[Any]:
    """What is told, pauses among it as numbers."""
    told: list[Any] = []
    with Pages(folder) as pages:
        Fetching(
            source,
            pages,
            frame_ms=HOUR_MS,
            start_ms=start_h * HOUR_MS,
            end_ms=None if end_h is None else end_h * HOUR_MS,
            patience=Patience(told.append, told.append),
            tell=told.append,
        ).run()
    return told


def hours_in(folder: Path) -> list[int]:
    lines = (folder / BARS_CSV).read_text().splitlines()[1:]
    return [int(line.partition(",")[0]) // HOUR_MS for line in lines]


def test_a_series_is_fetched_in_order_without_the_bar_that_is_being_made(tmp_path: Path) -> None:
    source = ListedExchange(range(9), now_h=8.5)
    told = fetch(source, tmp_path)
    assert hours_in(tmp_path) == list(range(8))
    assert source.asked == [0, 3, 6]
    assert [(one.fetched, one.until_ms // HOUR_MS) for one in told] == [(3, 7), (6, 7), (8, 7)]


def test_the_end_is_part_of_the_period_and_nothing_behind_it(tmp_path: Path) -> None:
    fetch(ListedExchange(range(100), now_h=100), tmp_path, start_h=2, end_h=6)
    assert hours_in(tmp_path) == [2, 3, 4, 5, 6]


def test_what_is_there_already_is_not_asked_for_again(tmp_path: Path) -> None:
    fetch(ListedExchange(range(5), now_h=5), tmp_path)
    source = ListedExchange(range(9), now_h=9)
    fetch(source, tmp_path)
    assert source.asked == [5, 8]
    assert hours_in(tmp_path) == list(range(9))


def test_years_without_bars_are_passed_by_days(tmp_path: Path) -> None:
    source = ListedExchange([*range(4), *range(5_000, 5_003)], now_h=5_003)
    fetch(source, tmp_path)
    assert hours_in(tmp_path) == [0, 1, 2, 3, 5_000, 5_001, 5_002]
    assert len(source.asked) < 15


def test_nothing_at_all_comes_to_an_end(tmp_path: Path) -> None:
    source = ListedExchange([], now_h=50)
    assert {one.fetched for one in fetch(source, tmp_path)} == {0}


def test_what_passes_is_asked_again_and_later_each_time(tmp_path: Path) -> None:
    source = ListedExchange(range(3), now_h=3)
    source.troubles.extend([Busy("limited", after_s=30.0), *(Busy("gone") for _ in range(3))])
    told = fetch(source, tmp_path)
    pauses = [one for one in told if isinstance(one, float)]
    assert pauses[0] == 30
    assert 1 <= pauses[1] <= 2 <= pauses[2] <= 4 <= pauses[3] <= 8
    assert [one.retries for one in told if isinstance(one, Waiting)] == [1, 2, 3, 4]
    assert isinstance(told[-1], Progress)
    assert hours_in(tmp_path) == [0, 1, 2]


def test_an_exchange_that_never_answers_is_given_up_and_what_was_fetched_stays(tmp_path: Path) -> None:
    source = ListedExchange(range(9), now_h=9)
    fetch(source, tmp_path, end_h=2)
    source.troubles.extend(Busy("gone") for _ in range(8))
    with pytest.raises(Busy):
        fetch(source, tmp_path)
    assert hours_in(tmp_path) == [0, 1, 2]
