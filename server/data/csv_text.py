"""Reads a CSV as text, piece by piece."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

from server.contract.problems import ForgeError
from server.data.bad_rows import BadRows
from server.data.columns import PIECE_ROWS, Columns, Layout, Piece, find_layout, header_of, join_times, plain_name

_LONGEST_LINE: Final = 65_536
_DELIMITERS: Final = ",;\t|"
_INDEX: Final = ("",)
"""What pandas calls an index of times that has no name."""
_BINARY: Final[dict[bytes, str]] = {
    b"\x1f\x8b": "gzip; unpack it first",
    b"PK": "a zip archive; unpack it first",
    b"FEA1": "Feather of version 1; save it as version 2",
    b"PARE": "encrypted Parquet; save it without encryption",
    b"\xff\xff\xff\xff": "an Arrow stream; save it as Feather (an Arrow file)",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
}


def read_pieces(path: Path, wanted: Columns, bad: BadRows) -> Iterator[Piece]:
    """The rows of the file. Rows of a wrong width go to `bad`; ForgeError `bad_rows` for what is no such CSV."""
    _refuse_binary(path)
    with path.open(encoding="utf-8-sig", newline="") as file, _text_errors():
        delimiter = _delimiter(file)
        reader = csv.reader(_lines(file, delimiter), delimiter=delimiter, skipinitialspace=True, strict=True)
        first = _first_row(reader)
        header, rest = (found, [first]) if (found := header_of(first, wanted)) else ([*map(plain_name, first)], [])
        layout = find_layout(header, wanted, _INDEX)
        lines: list[int] = []
        rows: list[list[str]] = []
        try:
            for row in chain(rest, reader):
                if not row or (len(row) == 1 and not row[0].strip()):
                    continue
                if len(row) != len(header):
                    bad.add(reader.line_num, f"has {len(row)} fields, the header has {len(header)}")
                    continue
                lines.append(reader.line_num)
                rows.append(row)
                if len(rows) == PIECE_ROWS:
                    yield _piece(lines, rows, layout)
                    lines, rows = [], []
        except csv.Error as error:
            bad.add_unreadable(reader.line_num, f"cannot be read: {error}")
        if rows:
            yield _piece(lines, rows, layout)


def _piece(lines: list[int], rows: Sequence[Sequence[str]], layout: Layout) -> Piece:
    columns = list(zip(*rows, strict=True))
    first, *second = layout.time
    times = join_times(columns[first], columns[second[0]]) if second else columns[first]
    return Piece(lines, times, {name: list(columns[position]) for name, position in layout.others.items()})


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


def _first_row(reader: Iterator[list[str]]) -> list[str]:
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                return row
    except csv.Error as error:
        raise ForgeError("bad_rows", f"The header cannot be read: {error}.") from error
    raise ForgeError("bad_rows", "The file holds no rows.")
