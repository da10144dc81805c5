"""Days and instants, however they are written."""

from datetime import UTC, date, datetime, time
from typing import Final

from server.contract.base import Instant, format_instant, instant_ms

Moment = str | date | datetime
"""A day or an instant, as text or as Python has it (as pandas has it too); without a time zone it is in UTC."""

_DAY_MS: Final = 86_400_000


def moment_ms(moment: Moment, *, ends: bool = False) -> int:
    """Milliseconds since the epoch; a day begins with its first one or, where it `ends` a period, ends with its last.

    ValueError for a text that is neither a day nor an instant.
    """
    if isinstance(moment, str):
        text = moment.strip()
        try:
            moment = datetime.fromisoformat(text) if len(text) > len("2024-01-31") else date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is no day (2024-01-31) and no instant (2024-01-31T12:00:00Z)") from None
    if isinstance(moment, datetime):
        return instant_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    start_ms = instant_ms(datetime.combine(moment, time(), UTC))
    return start_ms + _DAY_MS - 1 if ends else start_ms


def instant_of(moment: Moment, *, ends: bool = False) -> Instant:
    """The same as the contract writes it."""
    return format_instant(moment_ms(moment, ends=ends))
