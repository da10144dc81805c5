"""Reads time frames: the span of one bar."""

import re
from typing import Final, NamedTuple

from server.contract.problems import InvalidRequest

_SECOND_MS: Final = 1000
_UNITS_MS: Final[dict[str, int]] = {
    "w": 7 * 86_400 * _SECOND_MS,
    "d": 86_400 * _SECOND_MS,
    "h": 3600 * _SECOND_MS,
    "m": 60 * _SECOND_MS,
    "s": _SECOND_MS,
}
_SHORT: Final = re.compile(r"(?P<count>\d{1,6}) ?(?P<unit>s|m|min|h|H|d|D|w|W)", re.ASCII)
_SPAN: Final = re.compile(r"(?:(?P<days>\d{1,3})\.)?(?P<hours>\d{1,2}):(?P<minutes>\d\d):(?P<seconds>\d\d)", re.ASCII)
_LONGEST_MS: Final = 52 * _UNITS_MS["w"]
_EXPECTED: Final = 'use 1m, 5m, 15m, 1h, 4h, 1d, 1w or a span like "1:00:00"'


class TimeFrame(NamedTuple):
    """The span of one bar: its canonical short name (`60m`, `1h` and `1:00:00` are all `1h`) and milliseconds."""

    name: str
    ms: int


def parse_time_frame(text: str, path: str = "timeFrame") -> TimeFrame:
    """Reads `1m`, `4h`, `1d`, `"1:00:00"` or `"1.00:00:00"`, from one second to 52 weeks.

    Raises InvalidRequest `invalid_request` that names `path`. Months are refused: they have no fixed length, and `1M`
    beside `1m` is a trap.
    """
    ms = _milliseconds(text.strip())
    if ms is None:
        raise InvalidRequest("invalid_request", path, f"{text[:40]!r} is no time frame; {_EXPECTED}")
    if not _SECOND_MS <= ms <= _LONGEST_MS:
        raise InvalidRequest(
            "invalid_request", path, f"{text[:40]!r} is not between 1 second and 52 weeks; {_EXPECTED}"
        )
    return TimeFrame(time_frame_name(ms), ms)


def divides(fine: TimeFrame, frame: TimeFrame) -> bool:
    """Whether bars of `frame` can be made of those of `fine`."""
    return frame.ms > fine.ms and frame.ms % fine.ms == 0


def time_frame_name(ms: int) -> str:
    """The canonical short name of a span of whole seconds: its count of the longest unit that divides it."""
    for unit, unit_ms in _UNITS_MS.items():
        if ms % unit_ms == 0:
            return f"{ms // unit_ms}{unit}"
    return f"{ms}ms"


def _milliseconds(text: str) -> int | None:
    if short := _SHORT.fullmatch(text):
        return int(short["count"]) * _UNITS_MS[short["unit"][0].lower()]
    if span := _SPAN.fullmatch(text):
        days, hours, minutes, seconds = (int(span[part] or 0) for part in ("days", "hours", "minutes", "seconds"))
        if hours < 24 and minutes < 60 and seconds < 60:
            return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * _SECOND_MS
    return None
