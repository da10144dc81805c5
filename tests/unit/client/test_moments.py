"""Days and instants, however they are written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from server.client.moments import Moment, instant_of

NOON = "2024-01-31T12:00:00.000Z"


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        "2024-01-31 12:00",
        "2024-01-31T13:00:00+01:00",
        datetime(2024, 1, 31, 12, tzinfo=UTC),
        datetime(2024, 1, 31, 12),  # noqa: DTZ001  # as it is typed in a notebook
        datetime(2024, 1, 31, 7, tzinfo=timezone(timedelta(hours=-5))),
        pd.Timestamp("2024-01-31 12:00"),
    ],
)
def test_an_instant_is_in_utc_unless_it_says_otherwise(moment: Moment) -> None:
    assert instant_of(moment) == NOON
    assert instant_of(moment, ends=True) == NOON


@pytest.mark.parametrize("day", ["2024-01-31", date(2024, 1, 31)])
def test_a_day_begins_or_ends_a_period(day: Moment) -> None:
    assert instant_of(day) == "2024-01-31T00:00:00.000Z"
    assert instant_of(day, ends=True) == "2024-01-31T23:59:59.999Z"


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "2024-01-31T25:00:00Z"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no day"):
        instant_of(text)
