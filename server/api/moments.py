"""Bounds in time as queries carry them: days, or instants."""

from datetime import UTC, datetime
from typing import Final

from msgspec import UnsetType

from server.contract.base import Instant, format_instant, instant_ms, parse_instant
from server.contract.problems import InvalidRequest

_DAY: Final = len("2024-01-31")
_DAY_MS: Final = 86_400_000


def bound(name: str, text: str | UnsetType) -> Instant | None:
    """A day or an instant; a day as `to` reaches to its end. InvalidRequest that names the parameter."""
    ts_ms = bound_ms(name, text)
    try:
        return None if ts_ms is None else format_instant(ts_ms)
    except (ValueError, OverflowError):
        raise _no_moment(name) from None


def bounds_ms(from_: str | UnsetType, to: str | UnsetType) -> tuple[int | None, int | None]:
    """`from` and `to` in ms since the epoch; InvalidRequest when `from` is the later one."""
    first_ms, last_ms = bound_ms("from", from_), bound_ms("to", to)
    if first_ms is not None and last_ms is not None and first_ms > last_ms:
        raise InvalidRequest("invalid_request", "to", "must not be before from")
    return first_ms, last_ms


def bound_ms(name: str, text: str | UnsetType) -> int | None:
    """The same as `bound` in ms since the epoch."""
    if isinstance(text, UnsetType):
        return None
    try:
        if len(text) > _DAY:
            return parse_instant(text)
        return instant_ms(datetime.fromisoformat(text).replace(tzinfo=UTC)) + (_DAY_MS - 1 if name == "to" else 0)
    except (ValueError, OverflowError):
        raise _no_moment(name) from None


def _no_moment(name: str) -> InvalidRequest:
    message = "must be a day (2024-01-31) or an instant with a time zone (2024-01-31T12:00:00Z)"
    return InvalidRequest("invalid_request", name, message)
