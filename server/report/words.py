"""Numbers and instants as a report writes them."""

from typing import Any, Final

from server.contract.base import ParamValue

NONE: Final = "–"
_MINUS: Final = "\N{MINUS SIGN}"


def number(value: float | None, digits: int = 2, *, signed: bool = False, unit: str = "") -> str:
    """`1,234.50`; a dash for what is undefined, no sign at what is zero as it is written."""
    if value is None:
        return NONE
    rounded = round(value, digits) + 0.0
    text = f"{abs(rounded):,.{digits}f}{unit}"
    if rounded < 0:
        return _MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def count(value: float | None) -> str:
    """`1,234`."""
    return number(value, 0)


def several(value: int, what: str) -> str:
    """`1 trade`, `12 trades`."""
    return f"{value:,} {what}{'' if value == 1 else 's'}"


def exact(value: Any) -> str:
    """A parameter, price or quantity with all the digits that it carries, up to eight."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            text = f"{abs(value):,.8f}".rstrip("0").rstrip(".")
            return f"{_MINUS}{text}" if value < 0 else text
        case None:
            return NONE
        case _:
            return str(value)


def day(instant: str) -> str:
    """`2024-01-31` of an instant of the contract."""
    return instant[:10]


def minute(instant: str | None) -> str:
    """`2024-01-31 12:00`."""
    return NONE if instant is None else f"{instant[:10]} {instant[11:16]}"


def second(instant: str) -> str:
    """`2024-01-31 12:00:05 UTC`."""
    return f"{instant[:10]} {instant[11:19]} UTC"


def span(ms: float) -> str:
    """`12 ms`, `3.4 s`, `2:05`."""
    if ms < 1000:
        return f"{ms:.0f} ms" if ms >= 1 else f"{ms:.2g} ms"
    seconds = ms / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def spoken(name: str) -> str:
    """`fastPeriod` as `Fast period`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def listed(parameters: dict[str, ParamValue]) -> str:
    """`fast period 5, slow period 20`."""
    return ", ".join(f"{spoken(name).lower()} {exact(value)}" for name, value in parameters.items()) or "none"
