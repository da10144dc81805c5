"""Reads columns of times in the forms that data vendors use, as UTC milliseconds."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import numpy as np

from server.contract.base import instant_ms
from server.data.bars import Int64s

_COMPACT: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_PER_MS: Final[dict[str, Decimal]] = {
    "seconds": Decimal("0.001"),
    "milliseconds": Decimal(1),
    "microseconds": Decimal(1_000),
    "nanoseconds": Decimal(1_000_000),
}
_NUMBER: Final = re.compile(r"\d+(?:\.\d*)?(?:[eE]\+?\d{1,2})?", re.ASCII)
_DOTTED: Final = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)", re.ASCII)
"""Between dots the day comes first; between slashes nobody knows."""
_UTC: Final = re.compile(r"\s+(?:UTC|GMT|Z)", re.ASCII)
LAST_MS: Final = 253_402_300_799_999
FIRST_MS: Final = -62_135_596_800_000
"""The years 1 to 9999."""
_EXPECTED: Final = "use ISO 8601 (2024-01-31T09:30:00Z) or the epoch in seconds to nanoseconds"


class TimeReader:
    """Reads one file's times. Numbers since the epoch are all in the unit of the first, which its size gives away.

    A time without a zone is UTC.
    """

    def __init__(self) -> None:
        self._unit: str | None = None

    def read(self, texts: Sequence[str], refuse: Callable[[int, str], None]) -> Int64s:
        """(n,) int64 in ms, rounded down; `refuse(row, reason)` is told of what is no time, which is 0."""
        values = np.zeros(len(texts), dtype=np.int64)
        for row, text in enumerate(texts):
            try:
                values[row] = self._milliseconds(text.strip())
            except (ValueError, OverflowError) as error:
                refuse(row, str(error))
        return values

    def _milliseconds(self, text: str) -> int:
        if not text:
            raise ValueError("the time is empty")
        if _NUMBER.fullmatch(text):
            compact = _COMPACT.get(len(text))
            if compact and self._unit is None and 1900 <= int(text[:4]) <= 2200:
                return _moment_ms(text, lambda: datetime.strptime(text, compact))  # noqa: DTZ007  # zone set below
            return self._since_epoch(text)
        return _moment_ms(text, lambda: datetime.fromisoformat(_isoformat(text)))

    def _since_epoch(self, text: str) -> int:
        number = Decimal(text)
        unit = _unit_of(number)
        if self._unit is None:
            self._unit = unit
        elif number and unit != self._unit:
            raise ValueError(f"{text[:40]!r} is in {unit}, the times before it are in {self._unit}")
        ms = int(number / _PER_MS[self._unit])
        if ms > LAST_MS:
            raise ValueError(f"{text[:40]!r} is after the year 9999")
        return ms


def _unit_of(number: Decimal) -> str:
    """By magnitude: seconds reach 1e11 in the year 5138, milliseconds are there since 1973."""
    if number < 10**11:
        return "seconds"
    if number < 10**14:
        return "milliseconds"
    return "microseconds" if number < 10**17 else "nanoseconds"


def _moment_ms(text: str, parse: Callable[[], datetime]) -> int:
    try:
        moment = parse()
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time; {_EXPECTED}") from None
    return instant_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _isoformat(text: str) -> str:
    """The text with hyphens in its date, and without the name of the zone that is meant without one."""
    zone = _UTC.search(text)
    if zone is not None and zone.end() == len(text):
        text = text[: zone.start()]
    if (day_first := _DAY_FIRST.match(text)) is not None:
        day, month, year = day_first.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}{text[day_first.end() :]}"
    return _DOTTED.sub(_hyphens, text, count=1)


def _hyphens(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}"
