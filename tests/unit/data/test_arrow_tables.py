"""Parquet and Feather files of bars: they mean what a CSV of the same bars means."""

import random
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from server.contract.media import ARROW_FILE, CSV, PARQUET
from server.contract.problems import ForgeError
from tests.unit.data.arrow_files import WRITERS, as_feather, as_parquet, bars, renamed
from tests.unit.data.csv_files import FIRST, FIRST_MS, HOUR_MS, ROWS, TICKS, Importer, hours

STARTS = [FIRST_MS, FIRST_MS + HOUR_MS, FIRST_MS + 2 * HOUR_MS]
INSTANTS = [FIRST + timedelta(hours=n) for n in range(3)]
Writer = Callable[..., bytes]
both = pytest.mark.parametrize("write", WRITERS)


def refused(importer: Importer, content: bytes, **order: Any) -> ForgeError:
    """Why it is not imported; nothing of it may stay."""
    with pytest.raises(ForgeError) as refusal:
        importer.add(content, **order)
    assert importer.versions() == []
    assert importer.left_over() == []
    assert refusal.value.code == "bad_rows"
    return refusal.value


@both
def test_a_table_of_bars_is_the_data_set_that_its_csv_is(importer: Importer, write: Writer) -> None:
    assert importer.add(hours()).tolist() == [STARTS, *TICKS]
    assert importer.add(write(bars()), created=False).tolist() == [STARTS, *TICKS]


@both
@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_compressed_files_are_read(importer: Importer, write: Writer, compression: str) -> None:
    assert importer.add(write(bars(), compression=compression)).tolist() == [STARTS, *TICKS]


@both
@pytest.mark.parametrize(
    "times",
    [
        *[pa.array(INSTANTS, pa.timestamp(unit, "UTC")) for unit in ("s", "ms", "us", "ns")],
        pa.array([instant.replace(tzinfo=None) for instant in INSTANTS], pa.timestamp("us")),
        pa.array([instant.astimezone(ZoneInfo("America/New_York")) for instant in INSTANTS]),
        pa.array([start * 1_000_000 + 999_999 for start in STARTS], pa.timestamp("ns")),
        pa.array([start // 1000 for start in STARTS]),
        pa.array(STARTS, pa.uint64()),
        pa.array([float(start * 1_000_000) for start in STARTS]),
        pa.array([instant.isoformat() for instant in INSTANTS]),
        pa.array([f"{instant:%Y-%m-%d %H:%M}" for instant in INSTANTS], pa.large_string()),
        pa.array([instant.isoformat() for instant in INSTANTS]).dictionary_encode(),
    ],
    ids=["s", "ms", "us", "ns", "no zone", "zone", "ns rounded", "epoch s", "epoch ms", "float", "ISO", "large",
         "dictionary"],
)  # fmt: skip
def test_times_are_read_in_any_unit_and_form(importer: Importer, write: Writer, times: Any) -> None:
    assert importer.add(write(bars(timestamp=times))).tolist() == [STARTS, *TICKS]


@both
@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_days_are_midnights_in_utc(importer: Importer, write: Writer, kind: Any) -> None:
    days = pa.array([date(2024, 1, day) for day in (1, 2, 3)], kind)
    assert importer.add(write(bars(timestamp=days)), time_frame="1d")[0].tolist() == [
        FIRST_MS + 24 * n * HOUR_MS for n in range(3)
    ]


@both
def test_a_date_and_a_time_of_day_make_one_time(importer: Importer, write: Writer) -> None:
    table = bars(timestamp=None, date=[date(2024, 1, 1)] * 3, time=[time(hour) for hour in range(3)])
    assert importer.add(write(table)).tolist() == [STARTS, *TICKS]


@both
def test_times_before_1970_are_times(importer: Importer, write: Writer) -> None:
    times = pa.array([datetime(1960, 1, 1) + timedelta(hours=n) for n in range(3)], pa.timestamp("s"))  # noqa: DTZ001  # without a zone is the point
    importer.add(write(bars(timestamp=times)))
    assert importer.info.first == "1960-01-01T00:00:00.000Z"


@both
@pytest.mark.parametrize(
    "names",
    [
        {"timestamp": "Open Time", "open": "Open", "close": "CLOSE", "volume": "Vol"},
        {"timestamp": "ts", "open": "o", "high": "h", "low": "l", "close": "c", "volume": "v"},
        {"timestamp": "__index_level_0__"},
        {"timestamp": "index"},
    ],
    ids=["words", "letters", "an index of pandas", "an index that was reset"],
)
def test_the_usual_names_are_known(importer: Importer, write: Writer, names: dict[str, str]) -> None:
    assert importer.add(write(renamed(names))).tolist() == [STARTS, *TICKS]


@both
def test_columns_stand_in_any_order_and_others_are_left_out(importer: Importer, write: Writer) -> None:
    table = bars(note=[["a", "b"], [], None], close_=[{"x": 1}] * 3, volume=None)
    assert importer.add(write(table.select(list(reversed(table.column_names))))).tolist() == [
        STARTS, *TICKS[:-1], [0, 0, 0]
    ]  # fmt: skip


@both
@pytest.mark.parametrize(
    ("kind", "convert"),
    [
        (pa.float32(), float),
        (pa.float16(), float),
        (pa.decimal128(18, 4), Decimal),
        (pa.decimal256(60, 2), Decimal),
        (pa.string(), str),
        (pa.large_string(), str),
    ],
    ids=str,
)
def test_prices_are_exact_whatever_type_holds_them(
    importer: Importer, write: Writer, kind: Any, convert: Callable[[str], Any]
) -> None:
    texts = [row.split(",")[0] for row in ROWS]
    opened = pa.array([convert(text) for text in texts], kind)
    assert importer.add(write(bars(open=opened))).tolist() == [STARTS, *TICKS]


@both
def test_floats_are_the_shortest_decimals_that_read_as_the_same(importer: Importer, write: Writer) -> None:
    for kind in (pa.float32(), pa.float64()):
        prices = pa.array([0.1, 0.3, 0.7], kind)
        table = bars(**dict.fromkeys(("open", "high", "low", "close"), prices))
        assert importer.add(write(table), created=kind == pa.float32())[1].tolist() == [1, 3, 7]
        assert importer.info.tick_size == 0.1


@both
def test_small_numbers_need_no_exponent(importer: Importer, write: Writer) -> None:
    prices = [1e-05, 3e-05, 2e-05]
    assert importer.add(write(bars(open=prices, high=prices, low=prices, close=prices)))[1].tolist() == [1, 3, 2]


@both
@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"open": [100.5, None, 100.5]}, "open is empty"),
        ({"open": pa.array(["100.5", None, "100.5"])}, "open is empty"),
        ({"open": [100.5, float("nan"), 100.5]}, "open 'nan' is no number"),
        ({"high": [102.0, float("inf"), 103.0]}, "high 'inf' is no number"),
        ({"high": [102, 100, 103]}, "high is below open or close"),
        ({"low": [99.5, -1.0, 100.5]}, "low is not above 0"),
        ({"volume": [1, -1, 1]}, "volume is negative"),
        ({"volume": pa.array(["1", "many", "1"])}, "volume 'many' is no number"),
        ({"timestamp": pa.array([INSTANTS[0], None, INSTANTS[2]])}, "the time is empty"),
        ({"timestamp": pa.array(["2024-01-01", "soon", "2024-01-03"])}, "'soon' is no time"),
        ({"timestamp": pa.array([STARTS[0], 2**60, STARTS[2]], pa.timestamp("ms"))}, "years 1 to 9999"),
        ({"timestamp": pa.array([STARTS[0], -(2**60), STARTS[2]], pa.timestamp("us"))}, "years 1 to 9999"),
        ({"timestamp": pa.array([INSTANTS[0]] * 2 + [INSTANTS[2]])}, "has the time of row 1"),
    ],
)
def test_a_bad_row_is_named_with_its_number(
    importer: Importer, write: Writer, columns: dict[str, Any], reason: str
) -> None:
    error = refused(importer, write(bars(**columns)))
    assert [field.path for field in error.errors] == ["row 2"]
    assert reason in error.errors[0].message
    assert "row 2" in error.detail


@both
def test_rows_are_counted_across_pieces(importer: Importer, write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.arrow_tables.PIECE_ROWS", 2)
    table = pa.concat_tables([bars(), bars(timestamp=[instant + timedelta(hours=3) for instant in INSTANTS])])
    assert importer.add(write(table))[4].tolist() == TICKS[3] * 2
    later = Importer(importer.root.parent / "later")
    later.root.parent.mkdir()
    assert [field.path for field in refused(later, write(pa.concat_tables([bars(), bars()]))).errors] == [
        "row 4", "row 5", "row 6"
    ]  # fmt: skip


@both
@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"open": [[1.0], [2.0], [3.0]]}, "column of open holds list"),
        ({"close": [{"bid": 1.0}] * 3}, "column of close holds struct"),
        ({"high": [True] * 3}, "column of high holds bool; it must hold numbers"),
        ({"low": [b"1"] * 3}, "column of low holds binary"),
        ({"timestamp": pa.array([1, 2, 3], pa.duration("s"))}, "column of time holds duration[s]; it must hold times"),
        ({"close": None}, "names no column for close"),
        ({"open": ["1" * 5_000] * 3}, "text of 5,000 characters"),
        ({"date": pa.array([1, 2, 3], pa.int8()), "Open": [1.0] * 3, "open": None, "open ": [2.0] * 3}, "bad"),
    ],
)
def test_what_is_no_table_of_bars_is_told_so(
    importer: Importer, write: Writer, columns: dict[str, Any], told: str
) -> None:
    assert told in refused(importer, write(bars(**columns))).detail


def test_a_name_that_two_columns_have_is_refused(importer: Importer) -> None:
    twice = bars().append_column("open", pa.array([1.0, 2.0, 3.0]))
    for write in WRITERS:
        assert "Two columns are named 'open'" in refused(importer, write(twice)).detail


@both
def test_a_table_without_rows_is_refused(importer: Importer, write: Writer) -> None:
    assert "no rows" in refused(importer, write(bars().slice(0, 0))).detail


@both
def test_a_truncated_file_is_refused_wherever_it_ends(importer: Importer, write: Writer) -> None:
    whole = write(bars())
    for end in range(6, len(whole), 197):
        refused(importer, whole[:end])


@both
def test_damage_is_a_mistake_of_the_file_and_never_a_bug(importer: Importer, write: Writer) -> None:
    whole = write(bars(open=pa.array(["100.5", "101", "100.5"]).dictionary_encode()))
    chance = random.Random(7)
    codes = set()
    for number in range(40):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            damaged[chance.randrange(6, len(damaged))] = chance.choice((0, 127, 128, 255))
        try:
            importer.add(bytes(damaged), asset_name=f"A{number}")
        except ForgeError as error:
            codes.add(error.code)
    assert "bad_rows" in codes
    assert codes <= {"bad_rows", "invalid_request"}


def test_a_size_that_no_memory_holds_is_a_mistake_of_the_file(importer: Importer) -> None:
    size, frame = struct.pack("<q", 3 * 8), b"\x04\x22\x4d\x18"  # of three numbers, in front of what lz4 made of them
    content = as_feather(bars(), compression="lz4").replace(size + frame, struct.pack("<q", 2**50) + frame)
    assert "damaged" in refused(importer, content).detail


def test_more_rows_than_a_disk_should_hold_are_refused(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.arrow_tables._MOST_ROWS", 2)
    for write in WRITERS:
        assert "more than 2 rows" in refused(importer, write(bars())).detail


def test_what_a_file_is_said_to_be_it_must_be(importer: Importer) -> None:
    assert f"send it as {PARQUET}" in refused(importer, as_parquet(bars()), media_type=CSV).detail
    assert f"send it as {ARROW_FILE}" in refused(importer, as_feather(bars()), media_type=PARQUET).detail
    assert "no Parquet" in refused(importer, hours().encode(), media_type=PARQUET).detail
    importer.add(as_parquet(bars()), media_type=PARQUET)


@pytest.mark.parametrize("content", [b"FEA1" + b"\0" * 60, b"PARE" + b"\0" * 60])
def test_forms_that_are_not_read_are_named(importer: Importer, content: bytes) -> None:
    assert "save it" in refused(importer, content).detail


def test_a_server_without_pyarrow_says_what_is_missing(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "server.data.arrow_tables", None)
    with pytest.raises(ForgeError) as refusal:
        importer.add(as_parquet(bars()))
    assert refusal.value.code == "not_supported"
    assert 'pip install "algotradeforge[arrow]"' in refusal.value.detail


def test_the_server_loads_no_pyarrow() -> None:
    code = "import sys, server.serve, server.execution.worker; print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
