"""Files of bars: what is understood, what is refused, and that nothing half-imported stays."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.data.catalogue import Catalogue
from server.data.ingestion import ImportOrder, import_bars
from tests.unit.data.csv_files import FIRST_MS, HEADER, HOUR_MS, ROWS, TICKS, Importer, hours, instant

STARTS = [FIRST_MS, FIRST_MS + HOUR_MS, FIRST_MS + 2 * HOUR_MS]


def refused(importer: Importer, content: str | bytes, **order: Any) -> ForgeError:
    """Why it is not imported; nothing of it may stay."""
    with pytest.raises(ForgeError) as refusal:
        importer.add(content, **order)
    assert importer.versions() == []
    assert importer.left_over() == []
    return refusal.value


def bad_lines(importer: Importer, content: str | bytes, **order: Any) -> dict[str, str]:
    """The reasons by line."""
    error = refused(importer, content, **order)
    assert error.code == "bad_rows"
    return {field.path: field.message for field in error.errors}


def test_bars_are_kept_as_ticks_and_lots(importer: Importer) -> None:
    bars = importer.add(hours())
    assert bars.tolist() == [STARTS, *TICKS]
    info = importer.info
    assert (info.rows, info.first, info.last) == (3, "2024-01-01T00:00:00.000Z", "2024-01-01T02:00:00.000Z")
    assert (info.tick_size, info.lot_size, info.version, info.synthetic) == (0.1, 1.0, 1, False)
    assert info.gap_count == 0


@pytest.mark.parametrize(
    "content",
    [
        hours(end="\r\n"),
        hours(end="\r"),
        hours().replace("\n", "\r\n", 2),
        hours().rstrip("\n"),
        "\ufeff" + hours(),
        "\n\n" + hours() + "\n\r\n  \n",
        hours().replace(",", ", "),
        re.sub(r"([^,\n]+)", r'"\1"', hours()),
        hours().replace(",", "\t"),
        hours().replace(",", ";"),
        hours().replace(",", "|"),
        hours().replace(",", ";").replace(".", ","),  # as spreadsheets on the continent write it
        hours(header="Open Time,Open,High,Low,Close,Volume"),
        hours(header="ts,o,h,l,c,v"),
        hours(header="<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>"),
        hours(header="DATE,OPEN,HIGH,LOW,CLOSE,VOL"),
    ],
    ids=["CRLF", "CR", "mixed", "no last end", "BOM", "blank lines", "spaces", "quotes", "tabs", "semicolons", "bars",
         "decimal commas", "words", "letters", "brackets", "capitals"],
)  # fmt: skip
def test_the_same_bars_are_read_whatever_the_file_looks_like(importer: Importer, content: str) -> None:
    assert importer.add(content).tolist() == [STARTS, *TICKS]


def test_columns_stand_in_any_order_and_others_are_left_out(importer: Importer) -> None:
    lines = ["symbol,Close,time,Low,High,Adj Close,Open"]
    for n, row in enumerate(ROWS):
        opened, high, low, close, _ = row.split(",")
        lines.append(f"ACME,{close},{instant(n).isoformat()},{low},{high},1,{opened}")
    bars = importer.add("\n".join(lines))
    assert bars.tolist() == [STARTS, *TICKS[:-1], [0, 0, 0]]


def test_a_date_and_a_time_of_day_make_one_time(importer: Importer) -> None:
    lines = [f"{instant(n):%Y.%m.%d\t%H:%M:%S}\t{row}".replace(",", "\t") for n, row in enumerate(ROWS)]
    header = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>"
    assert importer.add("\n".join([header, *lines])).tolist() == [STARTS, *TICKS]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S.000",
        "%Y-%m-%dT%H:%M:%S.000000000Z",
        "%Y-%m-%d %H:%M:%S+00:00",
        "%Y/%m/%d %H:%M",
        "%Y.%m.%d %H:%M:%S",
        "%Y%m%d%H%M%S",
        "%Y%m%d%H%M",
        "%Y%m%dT%H%M%SZ",
        "%Y%m%d %H%M%S",
        "%Y-%m-%d %H:%M:%S UTC",
        "%Y.%m.%d %H:%M GMT",
        "%d.%m.%Y %H:%M:%S.000",
        "%s",
        "%s.0",
        "%s000",
        "%s000000",
        "%s000000000",
    ],
)
def test_times_are_read_in_the_forms_that_vendors_use(importer: Importer, form: str) -> None:
    seconds = FIRST_MS // 1000
    lines = [f"{instant(n).strftime(form.replace('%s', str(seconds + 3600 * n)))},{row}" for n, row in enumerate(ROWS)]
    assert importer.add("\n".join([HEADER, *lines])).tolist() == [STARTS, *TICKS]


def test_times_that_went_through_floats_are_read(importer: Importer) -> None:
    lines = [f"{(FIRST_MS + n * HOUR_MS) * 1e6!r},{row}" for n, row in enumerate(ROWS)]
    assert "e+18" in lines[0]
    assert importer.add("\n".join([HEADER, *lines])).tolist() == [STARTS, *TICKS]


@pytest.mark.parametrize(
    ("form", "more"),
    [("%Y-%m-%dT%H:%M:%SZ", ""), ("%Y%m%d %H%M%S", ""), ("%Y.%m.%d,%H:%M", ""), ("%Y-%m-%dT%H:%M:%SZ", ",9,8,0")],
)
def test_bars_without_a_header_are_read_in_the_usual_order(importer: Importer, form: str, more: str) -> None:
    lines = [f"{instant(n).strftime(form)},{row}{more}" for n, row in enumerate(ROWS)]
    assert importer.add("\n".join(lines)).tolist() == [STARTS, *TICKS]


def test_what_is_wrong_without_a_header_is_named_by_its_own_line(importer: Importer) -> None:
    lines = hours().splitlines()[1:]
    assert list(bad_lines(importer, "\n".join([lines[0], "never,1,1,1,1,1", lines[2]]))) == ["line 2"]


@pytest.mark.parametrize("name", ["", "Gmt time"])  # pandas' index, Dukascopy
def test_the_time_is_found_by_rarer_names(importer: Importer, name: str) -> None:
    assert importer.add(hours(header=f"{name},open,high,low,close,volume")).tolist() == [STARTS, *TICKS]


def test_a_zone_is_honoured(importer: Importer) -> None:
    lines = [f"2024-01-01T{n + 5:02d}:30:00+05:30,{row}" for n, row in enumerate(ROWS)]
    assert importer.add("\n".join([HEADER, *lines]))[0].tolist() == STARTS


def test_days_are_midnights_in_utc(importer: Importer) -> None:
    lines = [f"2024-01-0{n + 1},{row}" for n, row in enumerate(ROWS)]
    bars = importer.add("\n".join(["date,open,high,low,close,volume", *lines]), time_frame="1d")
    assert bars[0].tolist() == [FIRST_MS + 24 * n * HOUR_MS for n in range(3)]
    assert importer.info.time_frame == "1d"


@pytest.mark.parametrize(
    "time",
    ["01/02/2024", "yesterday", "", "-5", "2024-13-01", "2024-01-01T25:00:00", "nan", "1e9", "１７０４０６７２００",
     "9" * 23, "9" * 25, "9" * 400],
)  # fmt: skip
def test_what_is_no_time_is_named_with_its_line(importer: Importer, time: str) -> None:
    lines = [hours().splitlines()[0], *hours().splitlines()[1:3], f"{time},{ROWS[2]}"]
    assert list(bad_lines(importer, "\n".join(lines))) == ["line 4"]


def test_a_file_of_times_in_two_units_is_refused(importer: Importer) -> None:
    seconds = FIRST_MS // 1000
    lines = [f"{seconds},{ROWS[0]}", f"{seconds + 3600}000,{ROWS[1]}"]
    assert "milliseconds" in bad_lines(importer, "\n".join([HEADER, *lines]))["line 3"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("101,100,99,100,1", "high is below open or close"),
        ("101,102,101.5,102,1", "low is above open or close"),
        ("101,99,102,101,1", "high is below"),
        ("0,0,0,0,1", "low is not above 0"),
        ("-1,102,-1,101,1", "low is not above 0"),
        ("nan,102,99,101,1", "open 'nan' is no number"),
        ("101,inf,99,101,1", "high 'inf' is no number"),
        ("101,102,,101,1", "low is empty"),
        ("101,102,99,abc,1", "close 'abc' is no number"),
        ("1_01,102,99,101,1", "open '1_01' is no number"),
        ("0x65,102,99,101,1", "open '0x65' is no number"),
        ("101,1e300,99,101,1", "high '1e300' is out of range"),
        ("101,102,99,101,-1", "volume is negative"),
        ("101,102,99,101,nan", "volume 'nan' is no number"),
        ("101,102,99,101", "has 5 fields, the header has 6"),
        ("101,102,99,101,1,", "has 7 fields, the header has 6"),
        ('101,102,"99,101,1', "cannot be read"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_reason(importer: Importer, row: str, reason: str) -> None:
    found = bad_lines(importer, hours([ROWS[0], row, ROWS[2]]))
    (line,) = found
    assert line in ("line 3", "line 4")  # an open quote ends with the file
    assert reason in found[line]


def test_rows_rise_in_time_and_repeat_none(importer: Importer) -> None:
    one, two, three = hours().splitlines()[1:]
    assert bad_lines(importer, "\n".join([HEADER, one, two, two, three])) == {
        "line 4": "has the time of line 3; rows must rise in time"
    }
    assert "earlier than line 3" in bad_lines(importer, "\n".join([HEADER, one, three, two]))["line 4"]


def test_lines_count_blank_ones_and_those_inside_quotes(importer: Importer) -> None:
    lines = hours([ROWS[0], "nonsense,102,99,101,1", ROWS[2]]).splitlines()
    content = "\n\n".join(lines)
    assert list(bad_lines(importer, content)) == ["line 5"]
    noted = f"note,{HEADER}\n" + "".join(f'"a\nb",{line}\n' for line in lines[1:])
    assert list(bad_lines(importer, noted)) == ["line 5"]


def test_order_is_checked_across_pieces(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.csv_text.PIECE_ROWS", 2)
    lines = hours([ROWS[0]] * 5).splitlines()
    assert importer.add("\n".join(lines))[4].tolist() == [1010] * 5
    swapped = Importer(importer.root.parent / "swapped")
    swapped.root.parent.mkdir()
    assert list(bad_lines(swapped, "\n".join([*lines[:3], lines[4], lines[3], lines[5]]))) == ["line 5"]


def test_the_first_mistakes_are_listed_and_all_are_counted(importer: Importer) -> None:
    error = refused(importer, hours(["x,y,z,a,b"] * 300))
    assert len(error.errors) == 20
    assert error.errors[0].path == "line 2"
    assert "300 rows are bad" in error.detail


def test_a_file_of_nothing_but_mistakes_is_given_up_early(importer: Importer) -> None:
    error = refused(importer, hours(["x,y,z,a,b"] * 5000))
    assert "at least 1,000 rows are bad" in error.detail


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf", "no"),
        (HEADER.encode(), "no rows"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"PAR1", "damaged"),
        (b"ARROW1", "damaged"),
        (hours().encode("utf-16"), "UTF-16"),
        (hours().encode("utf-16-le"), "binary"),
        (hours().replace("102", "102\0").encode(), "binary"),
        (hours(header="time,öpen,high,low,close,volume").encode("latin-1"), "UTF-8"),
        (b"2024-01-01,100,open,102,100,1\n", "header"),
        (b"100,102,99,101\n", "header"),
        (b"\xff\xff\xff\xff\x10\x01", "an Arrow stream"),
        (b"time,open,high,low\n", "close"),
        (b'"time"x,open,high,low,close\n1,1,1,1,1\n', "header"),
        (b"a" * 100_000, "characters"),
        (b"time,open,high,low,close\n" + b"1" * 100_000, "characters"),
    ],
)
def test_what_is_no_csv_of_bars_is_told_so(importer: Importer, content: bytes, told: str) -> None:
    error = refused(importer, content)
    assert error.code == "bad_rows"
    assert told in error.detail


def test_a_file_that_turns_binary_later_is_refused(importer: Importer) -> None:
    whole = hours([ROWS[0]] * 500).encode()
    assert refused(importer, whole + b"\xff\xfe\xfa garbage").code == "bad_rows"
    assert "binary" in refused(importer, whole.rstrip() + b"\0\n").detail


@pytest.mark.parametrize(
    ("prices", "tick"),
    [
        (["1.10015", "1.1002", "1.10025"], "0.00005"),
        (["100", "250", "175"], "1"),
        (["100.00", "250.00", "175.00"], "1"),
        (["100.25", "250.50", "175.75"], "0.25"),
        (["0.09946999", "0.0997238", "0.099"], "0.00000001"),
        (["0.30000000000000004", "0.1", "0.7999999999999999"], "0.1"),
        (["1e-5", "3E-5", "2e-05"], "0.00001"),
        (["5", "10", "15"], "1"),
    ],
)
def test_the_tick_is_inferred_from_the_prices(importer: Importer, prices: list[str], tick: str) -> None:
    rows = [f"{price},{price},{price},{price},1" for price in prices * 40]
    bars = importer.add(hours(rows))
    assert Decimal(str(importer.info.tick_size)) == Decimal(tick)
    assert bars[1, :3].tolist() == [round(Decimal(price) / Decimal(tick)) for price in prices]


def test_few_rows_are_counted_in_the_decimals_that_are_written(importer: Importer) -> None:
    importer.add(hours(["100.25,100.25,100.25,100.25,1", "100.75,100.75,100.75,100.75,1"]))
    assert importer.info.tick_size == 0.01


def test_a_tick_that_is_given_is_kept_or_refused(importer: Importer) -> None:
    error = refused(importer, hours(), tick_size=Decimal(1))
    assert isinstance(error, InvalidRequest)
    assert error.errors[0].path == "tickSize"
    assert "100.5" in error.detail
    bars = importer.add(hours(), tick_size=Decimal("0.25"))
    assert bars[1].tolist() == [402, 404, 402]


@pytest.mark.parametrize(
    ("order", "path"),
    [
        ({"tick_size": Decimal("1e-18")}, "lotSize"),
        ({"tick_size": Decimal("1e-18"), "lot_size": Decimal("1e18")}, "tickSize"),
        ({"tick_size": Decimal("1e30")}, "tickSize"),
        ({"lot_size": Decimal("1e-30")}, "lotSize"),
        ({"lot_size": Decimal("1e-8")}, "lotSize"),
        ({"lot_size": Decimal("1e30")}, "lotSize"),
        ({"time_frame": "2x"}, "timeFrame"),
        ({"time_frame": "1d"}, "timeFrame"),
        ({"asset_name": " "}, "assetName"),
        ({"exchange": "a\nb"}, "exchange"),
    ],
)
def test_an_order_that_does_not_fit_names_its_field(importer: Importer, order: dict[str, Any], path: str) -> None:
    error = refused(importer, hours(["100.5,102,99.5,101,1e17"] * 20), **order)
    assert [field.path for field in error.errors] == [path]


def test_a_price_that_money_cannot_count_is_refused_with_its_row(importer: Importer) -> None:
    error = refused(importer, hours([ROWS[0]] * 20 + ["90000000000,90000000001,90000000000,90000000000.5,1"]))
    assert error.code == "bad_rows"
    assert "row 21 is too large" in error.detail


def test_a_frame_finer_than_the_bars_is_refused(importer: Importer) -> None:
    error = refused(importer, hours([ROWS[0]] * 20), time_frame="1m")
    assert "1h" in error.detail


@pytest.mark.parametrize("volume", ["0.001", "1234567.125", "1e12", "0.1234567890123", "123456789.1234567891"])
def test_volumes_are_kept_to_the_lot(importer: Importer, volume: str) -> None:
    bars = importer.add(hours([f"100,100,100,100,{volume}"] * 3))
    lot = Decimal(str(importer.info.lot_size))
    assert abs(int(bars[5, 0]) * lot - Decimal(volume)) <= lot / 2


def test_decimals_may_grow_on_the_way(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.csv_text.PIECE_ROWS", 2)
    rows = ["5000000,5000000,5000000,5000000,90000000"] * 2 + ["1.000000000001,2,1,2,0.00000001"] * 2
    error = refused(importer, hours(rows))
    assert error.code == "bad_rows"


def test_an_import_twice_is_one_data_set_and_a_correction_a_new_version(importer: Importer) -> None:
    importer.add(hours())
    first = importer.info
    importer.add(hours(end="\r\n"), created=False)
    assert importer.info == first
    importer.add(hours([ROWS[0], ROWS[1], "100.5,103,100.5,102.5,8"]))
    second = importer.info
    assert (second.version, second.content_hash == first.content_hash) == (2, False)
    importer.add(hours(), asset_name="OTHER")
    assert importer.info.version == 1
    assert Catalogue(importer.root).resolve("ACME", "TEST", "1:00:00") == second


def test_the_same_bars_in_other_units_are_other_content(importer: Importer) -> None:
    importer.add(hours())
    importer.add(hours(), multiplier=Decimal(50))
    assert importer.info.version == 2
    importer.add(hours(), quote="EUR")
    assert importer.info.version == 3


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "/", "a/b\\c", "C:\\x", "🚀", "naïve é", "." * 50, "%2e%2e"]
)
def test_hostile_names_stay_inside_the_catalogue(importer: Importer, name: str) -> None:
    importer.add(hours(), asset_name=name, exchange=name)
    assert re.fullmatch(r"[a-z0-9-]+", importer.info.id)
    assert importer.versions() == [importer.info.id]
    assert importer.info.asset_name == importer.info.exchange == name
    assert Catalogue(importer.root).resolve(name, name, "1h") == importer.info
    assert {path.name for path in importer.root.parent.iterdir()} == {"datasets", "upload"}


def test_a_full_disk_says_so_and_leaves_nothing(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    original = Path.open

    def to_full(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        """Writes to the bars go to a device that is always full."""
        return original(full if path.name == "bars.npy" and "w" in mode else path, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", to_full)
    assert refused(importer, hours()).code == "disk_full"
    monkeypatch.undo()
    importer.add(hours())


def test_a_file_that_is_gone_is_a_bug_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        import_bars(tmp_path / "none", tmp_path / "root", ImportOrder(asset_name="A", exchange="B", time_frame="1h"))
