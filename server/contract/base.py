"""The two struct bases from which every message of the contract is made."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

Instant = Annotated[
    str, msgspec.Meta(description="RFC 3339, UTC, milliseconds", extra_json_schema={"format": "date-time"})
]
"""An instant as it is sent: `2024-01-01T00:00:00.000Z`."""

ParamValue = bool | int | float | str
"""One strategy parameter as JSON carries it."""


class Model(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A value that the server sends: snake_case here, camelCase on the wire."""


class Request(Model, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that a client sends: an unknown field is an error that names it."""


def format_instant(ts_ms: int) -> Instant:
    """The instant `ts_ms` milliseconds after the epoch as the contract writes it."""
    seconds, millis = divmod(ts_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{millis:03d}Z"


def parse_instant(text: Instant) -> int:
    """Milliseconds since the epoch; raises ValueError for what is no RFC 3339 instant."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return instant_ms(moment)


def instant_ms(moment: datetime) -> int:
    """Milliseconds since the epoch of an aware datetime, exact to the millisecond (rounded down)."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def plain(value: ParamValue) -> str:
    """A parameter's value as it is typed: numbers without an exponent."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(repr(value)).normalize():f}"
        case _:
            return str(value)
