"""The file in which bars gather."""

from pathlib import Path

from server.downloads.pages import BARS_CSV, Pages, Row

HOUR_MS = 3_600_000


def row(hour: int, volume: float = 2.5) -> Row:
    return Row(hour * HOUR_MS, 1.1, 1.3, 1.0, 1.2, volume)


def test_pages_are_lines_of_a_csv_without_exponents(tmp_path: Path) -> None:
    with Pages(tmp_path) as pages:
        pages.add([row(0, 1.5e-7)])
    assert (tmp_path / BARS_CSV).read_text() == "timestamp,open,high,low,close,volume\n0,1.1,1.3,1.0,1.2,0.00000015\n"


def test_an_opened_file_knows_what_it_holds(tmp_path: Path) -> None:
    with Pages(tmp_path) as pages:
        assert (pages.rows, pages.first_ms, pages.last_ms) == (0, None, None)
        pages.add([row(1), row(2)])
        pages.add([row(3)])
    with Pages(tmp_path) as again:
        assert (again.rows, again.first_ms, again.last_ms) == (3, HOUR_MS, 3 * HOUR_MS)


def test_half_a_line_is_taken_off_at_any_length(tmp_path: Path) -> None:
    with Pages(tmp_path) as pages:
        pages.add([row(1), row(2)])
    path = tmp_path / BARS_CSV
    whole = path.read_bytes()
    end_of_first = whole.index(b"\n", whole.index(b"\n") + 1) + 1
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with Pages(tmp_path) as pages:
            assert pages.rows == (1 if length >= end_of_first else 0)
            pages.add([row(9)])
            assert pages.last_ms == 9 * HOUR_MS
        assert path.read_bytes().startswith(whole[: end_of_first if length >= end_of_first else whole.index(b"\n") + 1])
