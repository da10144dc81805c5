"""Values as they are typed: parameters, axes, instants."""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import click

from server.contract.base import ParamValue, format_instant, instant_ms

T = TypeVar("T")
_DAY: Final = len("2024-01-31")
_CASH_FLOWS: Final = ("funding", "dividends")


def value(text: str) -> ParamValue:
    """`true`, `12` and `1.5` as what they look like, everything else and what is in double quotes as text."""
    if text in ("true", "false"):
        return text == "true"
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    number = _number(text)
    return text if number is None else number


def axis(text: str) -> dict[str, Any]:
    """`5:50:5` and `5:50` as a range, `5,10,20` as a list (`5,` has one value), `5` as fixed. ValueError otherwise."""
    if not text:
        raise ValueError("give min:max:step, values a,b,c or one fixed value")
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        return {"fixed": value(text)}
    if ":" in text:
        return _range(text)
    if "," in text:
        values = [part.strip() for part in text.removesuffix(",").split(",")]
        if "" in values:
            raise ValueError(f"{text!r} has an empty value between its commas")
        return {"values": [value(part) for part in values]}
    return {"fixed": value(text)}


def moment(text: str, *, end: bool = False) -> str:
    """A day, which as an `end` reaches to its last millisecond, or an instant, in UTC unless it names another zone."""
    try:
        found = datetime.fromisoformat(text)
        if end and len(text) <= _DAY:
            found += timedelta(days=1, milliseconds=-1)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return format_instant(instant_ms(found))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no day like 2024-01-31 and no instant like 2024-01-31T12:00:00Z") from None


def named(parse: Callable[[str], T], typed: Iterable[str], option: str) -> dict[str, T]:
    """`name=…` each, by name in camelCase; UsageError says what is wrong with which."""
    from server.client.wire import camel  # takes longer to import than a command's help may

    found: dict[str, T] = {}
    for text in typed:
        name, equals, rest = text.partition("=")
        name = camel(name.strip())
        if not name or not equals:
            raise click.UsageError(f"{option} {text!r}: give it as name=…")
        if name in found:
            raise click.UsageError(f"{option} {text!r}: {name} is given twice")
        try:
            found[name] = parse(rest.strip())
        except ValueError as error:
            raise click.UsageError(f"{option} {text!r}: {error}") from error
    return found


class Moment(click.ParamType[str]):
    """The type of `--from` and `--to`."""

    name = "time"

    def __init__(self, *, end: bool = False) -> None:
        self._end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See `moment`."""
        try:
            return moment(value, end=self._end)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class CashFlows(click.ParamType[list[str]]):
    """The type of `--cash-flows`: kinds with commas between."""

    name = "kinds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """The kinds, each once, in the order typed."""
        kinds = [part.strip() for part in value.split(",")]
        for kind in kinds:
            if kind not in _CASH_FLOWS:
                self.fail(f"{kind!r} is none of {', '.join(_CASH_FLOWS)}", param, ctx)
        return list(dict.fromkeys(kinds))


def _range(text: str) -> dict[str, Any]:
    numbers = [_number(part.strip()) for part in text.split(":")]
    if not 2 <= len(numbers) <= 3 or None in numbers:
        raise ValueError('a range is min:max or min:max:step in numbers; put text with a colon into "double quotes"')
    return dict(zip(("min", "max", "step"), numbers, strict=False))


def _number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else None
    return None
