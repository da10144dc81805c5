"""Which series is meant by what is named of it."""

from typing import Any

import pytest
from msgspec import structs

from server.client import DatasetUnclear
from server.client.series import series_meant
from server.contract.base import format_instant
from server.contract.catalogue import DatasetInfo

ACME = DatasetInfo(
    id="x",
    asset_name="ACME",
    exchange="TEST",
    time_frame="1h",
    version=1,
    content_hash="0",
    rows=1,
    first=format_instant(0),
    last=format_instant(86_400_000),
    tick_size=0.01,
    lot_size=1,
    quote="USD",
    multiplier=1,
    gaps=[],
    gap_count=0,
    quarantined=0,
    source="",
    ingested_at=format_instant(0),
    synthetic=False,
)


def data(**changes: Any) -> DatasetInfo:
    """A data set that differs so from hourly ACME."""
    return structs.replace(ACME, **changes)


def meant(datasets: list[DatasetInfo], *names: str | None) -> tuple[str, str, str]:
    """The names of the one that fits."""
    return series_meant(datasets, *names)[:3]


def test_the_only_one_needs_no_name() -> None:
    assert meant([data(), data(kind="funding", time_frame="funding")]) == ("ACME", "TEST", "1h")


def test_the_newest_version_tells_the_period() -> None:
    newest = data(version=2, last=format_instant(5))
    assert series_meant([newest, data()]).last == format_instant(5)


def test_the_case_of_letters_matters_where_two_differ_by_it_alone() -> None:
    assert meant([data()], "acme", "test") == ("ACME", "TEST", "1h")
    assert meant([data(), data(asset_name="acme")], "acme") == ("acme", "TEST", "1h")
    with pytest.raises(DatasetUnclear):
        meant([data(), data(asset_name="acme")], "Acme")


def test_a_time_frame_that_is_not_stored_is_left_to_the_server() -> None:
    assert meant([data(), data(time_frame="1d")], "ACME", None, "4h") == ("ACME", "TEST", "4h")


def test_several_that_fit_are_named() -> None:
    stored = [data(), data(time_frame="1d"), data(exchange="ELSE")]
    with pytest.raises(DatasetUnclear, match="Several data sets fit ACME") as unclear:
        meant(stored, "ACME")
    assert unclear.value.candidates == (
        "ACME 1h on ELSE, 1970-01-01 to 1970-01-02",
        "ACME 1h on TEST, 1970-01-01 to 1970-01-02",
        "ACME 1d on TEST, 1970-01-01 to 1970-01-02",
    )
    assert meant(stored, "ACME", None, "1d") == ("ACME", "TEST", "1d")
    assert meant(stored, None, "ELSE") == ("ACME", "ELSE", "1h")


def test_where_none_fits_those_that_there_are_are_named() -> None:
    with pytest.raises(DatasetUnclear, match="No data set fits OTHER 1h; there is:\n  ACME 1h on TEST"):
        meant([data()], "OTHER", None, "1h")
    with pytest.raises(DatasetUnclear, match="no data sets yet"):
        meant([])
