"""Which column of a file of bars is what."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from server.contract.problems import ForgeError
from server.data.bars import Int64s

PIECE_ROWS: Final = 32_768
PRICES: Final = ("open", "high", "low", "close")
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "time": ("timestamp", "datetime", "date_time", "open_time", "opentime", "ts", "time", "date", "unix", "epoch"),
    "open": ("open", "o", "open_price", "price_open"),
    "high": ("high", "h", "high_price", "price_high"),
    "low": ("low", "l", "low_price", "price_low"),
    "close": ("close", "c", "close_price", "price_close", "last"),
    "volume": ("volume", "vol", "v", "volume_traded", "base_volume", "tickvol", "tick_volume"),
}
_OPTIONAL: Final = "volume"


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


def find_layout(header: Sequence[str], further_times: Iterable[str] = ()) -> Layout:
    """The columns of plain names; ForgeError `bad_rows` when one is missing. `further_times` may name the time too."""
    found = {name: _find(header, spellings) for name, spellings in _NAMES.items()}
    if found["time"] is None:
        found["time"] = _find(header, further_times)
    missing = [name for name, position in found.items() if position is None and name != _OPTIONAL]
    if missing:
        named = ", ".join(header)[:200]
        raise ForgeError(
            "bad_rows",
            f"The header names no column for {', '.join(missing)}. It must name time, open, high, low, close "
            f"and may name volume; it is: {named}",
        )
    others = {name: position for name, position in found.items() if name != "time" and position is not None}
    time = found["time"]
    assert time is not None
    if "date" in header and "time" in header and not {"timestamp", "datetime"} & set(header):
        return Layout((header.index("date"), header.index("time")), others)
    return Layout((time,), others)


def join_times(days: Iterable[str], hours: Iterable[str]) -> list[str]:
    """Dates and times of day as times."""
    return [f"{day.strip()} {hour.strip()}" for day, hour in zip(days, hours, strict=True)]


def _find(header: Sequence[str], spellings: Iterable[str]) -> int | None:
    return next((header.index(spelling) for spelling in spellings if spelling in header), None)
