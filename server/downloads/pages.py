"""The file in which the bars of a download gather, page by page, whatever ends the process in between."""

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

BARS_CSV: Final = "bars.csv"
_HEADER: Final = b"timestamp,open,high,low,close,volume\n"
_TAIL: Final = 4_096
_BLOCK: Final = 1 << 20


class Row(NamedTuple):
    """A bar as an exchange tells it: its open in ms, prices in quote currency, volume in units."""

    ts_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Pages:
    """A CSV that grows by whole pages, each synced; half a line that a crash left is taken off at the next opening."""

    def __init__(self, folder: Path) -> None:
        """OSError when the folder cannot be written to."""
        self._file = (folder / BARS_CSV).open("a+b")
        if self._end() < len(_HEADER):
            self._file.truncate(0)
            self._file.write(_HEADER)
            self._file.flush()
        self._cut_half_line()
        self.rows = self._count_lines() - 1
        self.first_ms = self._first() if self.rows else None
        self.last_ms = self._last() if self.rows else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, rows: Sequence[Row]) -> None:
        """Appends rows that are later than those before, in order; when it returns they survive a power cut."""
        if not rows:
            return
        self._file.write("".join(map(_line, rows)).encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self.rows += len(rows)
        self.last_ms = rows[-1].ts_ms
        if self.first_ms is None:
            self.first_ms = rows[0].ts_ms

    def _end(self) -> int:
        return self._file.seek(0, os.SEEK_END)

    def _cut_half_line(self) -> None:
        end = self._end()
        self._file.seek(max(0, end - _TAIL))
        whole = self._file.read().rfind(b"\n") + 1
        self._file.truncate(max(0, end - _TAIL) + whole)

    def _count_lines(self) -> int:
        self._file.seek(0)
        return sum(block.count(b"\n") for block in iter(lambda: self._file.read(_BLOCK), b""))

    def _first(self) -> int:
        self._file.seek(len(_HEADER))
        return int(self._file.readline().partition(b",")[0])

    def _last(self) -> int:
        self._file.seek(max(0, self._end() - _TAIL))
        return int(self._file.read().rstrip(b"\n").rpartition(b"\n")[2].partition(b",")[0])


def _line(row: Row) -> str:
    ts_ms, *numbers = row
    return f"{ts_ms},{','.join(map(_plain, numbers))}\n"


def _plain(number: float) -> str:
    """The shortest text that reads as the same, without an exponent: what the exchange had written."""
    text = repr(number)
    return f"{Decimal(text):f}" if "e" in text else text
