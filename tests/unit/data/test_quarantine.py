"""Bad rows that are left out because the user says so."""

import msgspec
import pytest

from server.contract.problems import ForgeError
from server.data.catalogue import Catalogue
from tests.unit.data.arrow_files import as_parquet, bars
from tests.unit.data.csv_files import FIRST_MS, HEADER, HOUR_MS, ROWS, TICKS, Importer, hours, instant


def listed(importer: Importer) -> list[str]:
    """What the file beside the bars says."""
    return (importer.root / importer.info.id / "quarantined.txt").read_text().splitlines()


def test_bad_rows_are_left_out_counted_and_listed(importer: Importer) -> None:
    content = hours([ROWS[0], "x,102,99,101,1", ROWS[1], "101,100,99,100,1", "short", ROWS[2]])
    kept = importer.add(content, quarantine=True)
    assert kept[0].tolist() == [FIRST_MS + n * HOUR_MS for n in (0, 2, 5)]
    assert kept[1:].tolist() == TICKS
    assert importer.info.quarantined == 3
    assert listed(importer) == [
        "3 bad rows were left out",
        "line 3: open 'x' is no number",
        "line 5: high is below open or close",
        "line 6: has 2 fields, the header has 6",
    ]
    stored = Catalogue(importer.root).get(importer.info.id)
    assert stored == importer.info


def test_without_asking_none_is_left_out(importer: Importer) -> None:
    with pytest.raises(ForgeError):
        importer.add(hours([*ROWS, "x,102,99,101,1"]))
    assert importer.versions() == []


def test_a_good_file_has_no_list(importer: Importer) -> None:
    importer.add(hours(), quarantine=True)
    assert importer.info.quarantined == 0
    assert {path.name for path in (importer.root / importer.info.id).iterdir()} == {"bars.npy", "dataset.json"}


def test_rows_of_a_table_are_left_out_too(importer: Importer) -> None:
    importer.add(as_parquet(bars(open=[100.5, None, 100.5])), quarantine=True)
    assert (importer.info.rows, importer.info.quarantined) == (2, 1)
    assert listed(importer) == ["1 bad row was left out", "row 2: open is empty"]


def test_rows_that_go_back_in_time_are_left_out(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.csv_text.PIECE_ROWS", 2)
    times = (0, 1, 1, 0, 2, 3, 2, 4)
    lines = [f"{instant(n):%Y-%m-%dT%H:%M:%SZ},{ROWS[0]}" for n in times]
    kept = importer.add("\n".join([HEADER, *lines]), quarantine=True)
    assert kept[0].tolist() == [FIRST_MS + n * HOUR_MS for n in range(5)]
    assert listed(importer)[1:] == [
        "line 4: has the time of line 3; rows must rise in time",
        "line 5: is earlier than line 3; rows must rise in time",
        "line 8: is earlier than line 7; rows must rise in time",
    ]


def test_the_time_of_a_bad_row_counts_for_nothing(importer: Importer) -> None:
    lines = hours().splitlines()
    lines.insert(2, "2030-01-01T00:00:00Z,x,102,99,101,1")
    assert importer.add("\n".join(lines), quarantine=True).shape == (6, 3)


def test_numbers_of_bad_rows_decide_no_sizes(importer: Importer) -> None:
    importer.add(hours([*ROWS, "100.123456,1,1,1,1"]), quarantine=True)
    clean = Importer(importer.root.parent / "clean")
    clean.root.parent.mkdir()
    clean.add(hours())
    assert importer.info.tick_size == clean.info.tick_size
    assert importer.info.content_hash == clean.info.content_hash


def test_more_bad_rows_than_good_ones_are_refused(importer: Importer) -> None:
    half = [ROWS[0], "x,102,99,101,1"]
    with pytest.raises(ForgeError) as refusal:
        importer.add(hours([*half * 3, "x,102,99,101,1"]), quarantine=True)
    assert "4 rows are bad, too many to leave out" in refusal.value.detail
    assert importer.versions() == []
    assert importer.left_over() == []
    importer.add(hours(half * 3), quarantine=True)
    assert importer.info.quarantined == 3


def test_a_file_of_nothing_but_bad_rows_is_refused(importer: Importer) -> None:
    with pytest.raises(ForgeError) as refusal:
        importer.add(hours(["short"] * 3), quarantine=True)
    assert refusal.value.code == "bad_rows"


def test_what_cannot_be_read_to_its_end_is_refused_whole(importer: Importer) -> None:
    with pytest.raises(ForgeError) as refusal:
        importer.add(hours([*ROWS, '101,102,"99,101,1']), quarantine=True)
    assert "cannot be read" in refusal.value.detail


def test_the_first_hundred_are_listed(importer: Importer) -> None:
    importer.add(hours([ROWS[0], ROWS[0], "x,102,99,101,1", "x,102,99,101,1"] * 750), quarantine=True)
    assert importer.info.quarantined == 1_500
    assert len(listed(importer)) == 102
    assert listed(importer)[-1] == "and 1,400 more"


def test_a_million_bad_rows_are_too_many(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.data.bad_rows._MOST_LEFT_OUT", 5)
    with pytest.raises(ForgeError) as refusal:
        importer.add(hours([ROWS[0], "short"] * 50), quarantine=True)
    assert "at least 5 rows are bad" in refusal.value.detail


def test_bars_that_are_there_already_hide_no_bad_rows(importer: Importer) -> None:
    importer.add(hours())
    first = importer.info
    importer.add(hours([*ROWS, "x,102,99,101,1"]), created=False, quarantine=True)
    assert importer.info == msgspec.structs.replace(first, quarantined=1)
