"""Data frames of either library, made of the same bytes."""

import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from server.client import NoFrameLibrary
from server.client.libraries import Column, Library, framing

EACH = pytest.mark.parametrize("library", ["polars", "pandas"])
COLUMNS = {
    "count": Column.INT,
    "few": Column.INT,
    "figure": Column.FLOAT,
    "flag": Column.BOOL,
    "text": Column.TEXT,
    "at": Column.INSTANT,
}
CSV = (
    b"a,b,c,d,e,f\r\n"
    b'1,,0.1,true,"two, and\na line",2024-01-31T12:00:00.250Z\r\n'
    b"-9007199254740993,7,5e-324,false,NA,\r\n"
    b"3,,,true,,1969-12-31T23:59:59.999Z\r\n"
)
NOON = datetime(2024, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    """The values of a frame of either library, None for what is undefined."""
    if hasattr(frame, "rows"):
        return list(frame.rows())
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))


def types_of(frame: Any) -> list[str]:
    """What the library calls the types of the columns."""
    return [str(one) for one in frame.dtypes]


@EACH
def test_a_csv_keeps_every_value_as_it_is(library: Library) -> None:
    frame = framing(library).read_csv(CSV, lambda _: COLUMNS)
    assert list(frame.columns) == list(COLUMNS)
    assert rows_of(frame) == [
        (1, None, 0.1, True, "two, and\na line", NOON),
        (-9_007_199_254_740_993, 7, 5e-324, False, "NA", None),
        (3, None, None, True, None, datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ]


def test_polars_has_a_type_for_each_column() -> None:
    frame = framing("polars").read_csv(CSV, lambda _: COLUMNS)
    assert types_of(frame) == [
        "Int64",
        "Int64",
        "Float64",
        "Boolean",
        "String",
        "Datetime(time_unit='ms', time_zone='UTC')",
    ]


def test_pandas_takes_its_types_without_null_where_nothing_is_undefined() -> None:
    frame = framing("pandas").read_csv(CSV, lambda _: COLUMNS)
    assert types_of(frame) == ["int64", "Int64", "float64", "bool", "str", "datetime64[ms, UTC]"]


@EACH
def test_a_table_without_rows_keeps_its_types(library: Library) -> None:
    full, empty = (
        framing(library).read_csv(text, lambda _: COLUMNS) for text in (CSV, CSV.split(b"\r\n")[0] + b"\r\n")
    )
    assert len(empty) == 0
    assert types_of(empty)[2] == types_of(full)[2]
    assert types_of(empty)[5] == types_of(full)[5]


@EACH
def test_rows_with_stamps_become_instants(library: Library) -> None:
    columns = {"time": Column.STAMP, "value": Column.FLOAT}
    frame = framing(library).from_rows([(1_706_702_400_250, 1.5), (0, None)], columns)
    assert rows_of(frame) == [(NOON, 1.5), (datetime(1970, 1, 1, tzinfo=UTC), None)]
    assert types_of(framing(library).from_rows([], columns)) == types_of(frame)


def test_polars_is_preferred_to_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(framing()) is type(framing("polars"))
    monkeypatch.setattr("server.client.libraries.find_spec", lambda name: None if name == "polars" else sys)
    assert type(framing()) is type(framing("pandas"))
    with pytest.raises(NoFrameLibrary, match="polars is not installed"):
        framing("polars")


def test_without_either_library_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.client.libraries.find_spec", lambda _: None)
    with pytest.raises(NoFrameLibrary, match="neither polars nor pandas is installed: `pip install polars`"):
        framing()
