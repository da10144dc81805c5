"""Which column of a file is what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from server.contract.problems import ForgeError
from server.data.bars import Int64s

PIECE_ROWS: Final = 32_768
PRICES: Final = ("open", "high", "low", "close")
_TIME: Final = (
    *("timestamp", "datetime", "date_time", "open_time", "opentime", "ts", "time", "date", "unix", "epoch", "gmt_time"),
)


_TIME_OF_DAY: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?", re.ASCII)


class Columns(NamedTuple):
    """What a kind of file holds: by name the spellings of its columns in plain names, `optional` may be missing."""

    spellings: Mapping[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()


BARS: Final = Columns(
    {
        "time": _TIME,
        "open": ("open", "o", "open_price", "price_open"),
        "high": ("high", "h", "high_price", "price_high"),
        "low": ("low", "l", "low_price", "price_low"),
        "close": ("close", "c", "close_price", "price_close", "last"),
        "volume": ("volume", "vol", "v", "volume_traded", "base_volume", "tickvol", "tick_volume"),
    },
    optional=frozenset({"volume"}),
)
FUNDING: Final = Columns(
    {
        "time": (*_TIME, "funding_time", "fundingtime", "calc_time"),
        "rate": ("rate", "funding_rate", "fundingrate", "last_funding_rate"),
    }
)
DIVIDENDS: Final = Columns(
    {
        "time": ("ex_date", "exdate", "ex-date", "ex_dividend_date", *_TIME),
        "amount": ("amount", "dividend", "dividends", "cash_amount", "dividend_amount"),
    }
)


class Piece(NamedTuple):
    """Consecutive rows: their `numbers` in the file (from 1), their times, and by name the texts of other columns.

    Times are texts, or (n,) int64 in ms where the file has a type for them.
    """

    numbers: Sequence[int]
    times: Sequence[str] | Int64s
    columns: dict[str, list[str]]


class Layout(NamedTuple):
    """Where the columns are: positions by name; `time` has two where date and time of day stand apart."""

    time: tuple[int, ...]
    others: dict[str, int]


def plain_name(cell: str) -> str:
    """A column's name as it is compared."""
    return cell.strip().strip("<>").strip().lower().replace(" ", "_")


def find_layout(header: Sequence[str], wanted: Columns, further_times: Iterable[str] = ()) -> Layout:
    """The columns of plain names; ForgeError `bad_rows` when one is missing. `further_times` may name the time too."""
    found = {name: _find(header, spellings) for name, spellings in wanted.spellings.items()}
    if found["time"] is None:
        found["time"] = _find(header, further_times)
    missing = [name for name, position in found.items() if position is None and name not in wanted.optional]
    if missing:
        named = ", ".join(header)[:200]
        raise ForgeError(
            "bad_rows",
            f"The header names no column for {', '.join(missing)}. It must name {_listed(wanted)}; it is: {named}",
        )
    others = {name: position for name, position in found.items() if name != "time" and position is not None}
    time = found["time"]
    assert time is not None
    if "date" in header and "time" in header and not {"timestamp", "datetime"} & set(header):
        return Layout((header.index("date"), header.index("time")), others)
    return Layout((time,), others)


def header_of(row: Sequence[str], wanted: Columns) -> list[str] | None:
    """The header that a file of bars means when its first row is a bar, as archives of exchanges have it.

    Time, open, high, low, close and mostly volume, the time in one cell or in two; None for any other row.
    """
    if wanted is not BARS:
        return None
    apart = len(row) > 1 and _TIME_OF_DAY.fullmatch(row[1].strip()) is not None
    names = ["date", "time", *PRICES] if apart else ["timestamp", *PRICES]
    if len(row) < len(names) or not all(_is_number(cell) for cell in row[len(names) - len(PRICES) : len(names)]):
        return None
    if not row[0].strip()[:1].isdigit():
        return None
    names.append("volume")
    return [*names, *(f"#{number}" for number in range(len(names), len(row)))][: len(row)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _listed(wanted: Columns) -> str:
    needed = ", ".join(name for name in wanted.spellings if name not in wanted.optional)
    return f"{needed} and may name {', '.join(sorted(wanted.optional))}" if wanted.optional else needed


def join_times(days: Iterable[str], hours: Iterable[str]) -> list[str]:
    """Dates and times of day as times."""
    return [f"{day.strip()} {hour.strip()}" for day, hour in zip(days, hours, strict=True)]


def _find(header: Sequence[str], spellings: Iterable[str]) -> int | None:
    return next((header.index(spelling) for spelling in spellings if spelling in header), None)
