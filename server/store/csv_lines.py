"""Rows as lines of CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any


def csv_lines(lines: Iterable[Sequence[Any]]) -> bytes:
    """As RFC 4180 has it; None is empty, truth is `true` or `false`."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def _plain(cell: Any) -> Any:
    return str(cell).lower() if isinstance(cell, bool) else cell
