"""The event log of an attempt, line by line."""

import re
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from server.contract.problems import ForgeError
from server.engine.event_log import EVENTS_FILE

BLOCK_BYTES: Final = 1 << 16
"""Read and looked through at a time: well below a millisecond, for which the interpreter is held."""
_HEAD: Final = re.compile(rb'\{"ts":(-?\d+),"sq":\d+,"_t":"([a-z.]+)"')
"""How every line begins: the fields of `contract.events.Event` in their order."""


class EventFilter(NamedTuple):
    """What events are wanted: of these types (None: all), `from_ms ≤ ts ≤ to_ms` (None: no bound)."""

    types: Container[str] | None = None
    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.types is None and self.from_ms is None and self.to_ms is None


def open_log(folder: Path, missing: str) -> BinaryIO:
    """The log of an attempt; ForgeError `not_found` that says `missing` when it has none."""
    try:
        return (folder / EVENTS_FILE).open("rb")
    except FileNotFoundError as error:
        raise ForgeError("not_found", missing) from error


def read_lines(log: BinaryIO) -> bytes:
    """The next whole lines, some BLOCK_BYTES of them; nothing at the end."""
    return log.read(BLOCK_BYTES) + log.readline()


def select(block: bytes, wanted: EventFilter, limit: int | None) -> tuple[bytes, int]:
    """Those of the lines that are wanted, at most `limit`, and how many they are."""
    if wanted.everything and limit is None:
        return block, 0
    lines = block.splitlines(keepends=True)
    if not wanted.everything:
        lines = [line for line in lines if _is_wanted(line, wanted)]
    lines = lines[:limit]
    return b"".join(lines), len(lines)


def _is_wanted(line: bytes, wanted: EventFilter) -> bool:
    head = _HEAD.match(line)
    assert head is not None  # the worker wrote it so
    ts_ms = int(head[1])
    return (
        (wanted.types is None or head[2].decode() in wanted.types)
        and (wanted.from_ms is None or ts_ms >= wanted.from_ms)
        and (wanted.to_ms is None or ts_ms <= wanted.to_ms)
    )
