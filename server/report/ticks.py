"""Where the axes of a chart have their labels."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_MS: Final = 86_400_000
_SPANS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months between two labels."""


def round_values(low: float, high: float, most: int) -> list[float]:
    """At most about `most` round numbers from `low` to `high`."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(scale * each for each in _STEPS if scale * each >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [place * step for place in range(first, math.floor(high / step + 1e-9) + 1)]


def instants(first_ms: int, last_ms: int, most: int) -> list[tuple[int, str]]:
    """At most about `most` instants with their labels: firsts of months or years, of a short stretch days."""
    first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (first_ms, last_ms))
    months = 12 * (last.year - first.year) + last.month - first.month
    if months < 2:
        return list(_days(first_ms, last_ms, most))
    span = next((each for each in _SPANS if months / each <= most), _SPANS[-1])
    return list(_firsts(first, last_ms, span))


def _firsts(first: datetime, last_ms: int, span: int) -> Iterator[tuple[int, str]]:
    begun = first > datetime(first.year, first.month, 1, tzinfo=UTC)
    month = -(-(12 * first.year + first.month - 1 + begun) // span) * span
    while True:
        year, place = divmod(month, 12)
        at_ms = int(datetime(year, place + 1, 1, tzinfo=UTC).timestamp() * 1000)
        if at_ms > last_ms:
            return
        yield at_ms, str(year) if place == 0 else f"{_MONTHS[place]} {year}"
        month += span


def _days(first_ms: int, last_ms: int, most: int) -> Iterator[tuple[int, str]]:
    days = max(1, math.ceil((last_ms - first_ms) / _DAY_MS / most))
    at_ms = -(-first_ms // _DAY_MS) * _DAY_MS
    while at_ms <= last_ms:
        yield at_ms, f"{datetime.fromtimestamp(at_ms / 1000, UTC):%d %b}"
        at_ms += days * _DAY_MS
