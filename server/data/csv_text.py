"""Reads a CSV of bars as text, piece by piece: which column is what, and on which line each row stands."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from server.contract.problems import ForgeError
from server.data.bad_rows import BadRows

PIECE_ROWS: Final = 32_768
_LONGEST_LINE: Final = 65_536
_DELIMITERS: Final = ",;\t|"
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "time": ("timestamp", "datetime", "date_time", "open_time", "opentime", "ts", "time", "date", "unix", "epoch"),
    "open": ("open", "o", "open_price", "price_open"),
    "high": ("high", "h", "high_price", "price_high"),
    "low": ("low", "l", "low_price", "price_low"),
    "close": ("close", "c", "close_price", "price_close", "last"),
    "volume": ("volume", "vol", "v", "volume_traded", "base_volume", "tickvol", "tick_volume"),
}
_OPTIONAL: Final = "volume"
_BINARY: Final[dict[bytes, str]] = {
    b"\x1f\x8b": "gzip; unpack it first",
    b"PK": "a zip archive; unpack it first",
    b"PAR1": "Parquet, which is not supported yet; convert it to CSV",
    b"ARROW1": "Feather, which is not supported yet; convert it to CSV",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
}


class Piece(NamedTuple):
    """Consecutive rows: their `lines` (from 1) and, by name, the texts of their columns."""

    lines: list[int]
    columns: dict[str, list[str]]


class _Layout(NamedTuple):
    """Where the columns are: positions by name; `time` has two where date and time of day stand apart."""

    time: tuple[int, ...]
    prices: dict[str, int]
    width: int


def read_pieces(path: Path, bad: BadRows) -> Iterator[Piece]:
    """The rows of the file. Rows of a wrong width go to `bad`; ForgeError `bad_rows` for what is no CSV of bars."""
    _refuse_binary(path)
    with path.open(encoding="utf-8-sig", newline="") as file, _text_errors():
        delimiter = _delimiter(file)
        reader = csv.reader(_lines(file, delimiter), delimiter=delimiter, skipinitialspace=True, strict=True)
        header = _header(reader)
        layout = _layout(header)
        lines: list[int] = []
        rows: list[list[str]] = []
        try:
            for row in reader:
                if not row or (len(row) == 1 and not row[0].strip()):
                    continue
                if len(row) != layout.width:
                    bad.add(reader.line_num, f"has {len(row)} fields, the header has {layout.width}")
                    continue
                lines.append(reader.line_num)
                rows.append(row)
                if len(rows) == PIECE_ROWS:
                    yield _piece(lines, rows, layout)
                    lines, rows = [], []
        except csv.Error as error:
            bad.add(reader.line_num, f"cannot be read: {error}")
        if rows:
            yield _piece(lines, rows, layout)


def _piece(lines: list[int], rows: Sequence[Sequence[str]], layout: _Layout) -> Piece:
    columns = list(zip(*rows, strict=True))
    named = {name: list(columns[position]) for name, position in layout.prices.items()}
    first, *second = layout.time
    times = list(columns[first])
    if second:
        times = [f"{day.strip()} {hour.strip()}" for day, hour in zip(times, columns[second[0]], strict=True)]
    return Piece(lines, {"time": times, **named})


def _refuse_binary(path: Path) -> None:
    with path.open("rb") as file:
        beginning = file.read(4096)
    for magic, what in _BINARY.items():
        if beginning.startswith(magic):
            raise ForgeError("bad_rows", f"The file is {what}.")
    if b"\0" in beginning:
        raise ForgeError("bad_rows", "The file holds binary data; a CSV is text.")
    if not beginning.strip():
        raise ForgeError("bad_rows", "The file is empty.")


@contextmanager
def _text_errors() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise ForgeError("bad_rows", "The file is not UTF-8 text; save it as UTF-8.") from error


def _delimiter(file: TextIO) -> str:
    first = ""
    while not first.strip():
        first = file.readline(_LONGEST_LINE)
        if not first:
            break
    file.seek(0)
    return max(_DELIMITERS, key=lambda delimiter: (first.count(delimiter), -_DELIMITERS.index(delimiter)))


def _lines(file: TextIO, delimiter: str) -> Iterator[str]:
    """Lines of bounded length. Where commas part no columns they are decimal points."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) >= _LONGEST_LINE and line[-1] not in "\r\n":
            raise ForgeError("bad_rows", f"Line {number} has more than {_LONGEST_LINE:,} characters; this is no CSV.")
        if "\0" in line:
            raise ForgeError("bad_rows", f"Line {number} holds binary data; a CSV is text.")
        yield line if delimiter == "," else line.replace(",", ".")


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                return [cell.strip().strip("<>").strip().lower().replace(" ", "_") for cell in row]
    except csv.Error as error:
        raise ForgeError("bad_rows", f"The header cannot be read: {error}.") from error
    raise ForgeError("bad_rows", "The file holds no rows.")


def _layout(header: Sequence[str]) -> _Layout:
    found = {name: _find(header, spellings) for name, spellings in _NAMES.items()}
    missing = [name for name, position in found.items() if position is None and name != _OPTIONAL]
    if missing:
        named = ", ".join(header)[:200]
        raise ForgeError(
            "bad_rows",
            f"The header names no column for {', '.join(missing)}. It must name time, open, high, low, close "
            f"and may name volume; it is: {named}",
        )
    prices = {name: position for name, position in found.items() if name != "time" and position is not None}
    time = found["time"]
    assert time is not None
    if "date" in header and "time" in header and not {"timestamp", "datetime"} & set(header):
        return _Layout((header.index("date"), header.index("time")), prices, len(header))
    return _Layout((time,), prices, len(header))


def _find(header: Sequence[str], spellings: Sequence[str]) -> int | None:
    return next((header.index(spelling) for spelling in spellings if spelling in header), None)
