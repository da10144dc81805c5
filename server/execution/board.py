"""The board: a mapped file with one cell a task, through which workers show progress and the server says stop."""

import math
import mmap
import os
import zlib
from pathlib import Path
from typing import Final, NamedTuple

from server.execution.cell import (
    CELL_BYTES,
    CHECK,
    MODES,
    NO_MODE,
    NO_TIME,
    OWNER,
    PHASES,
    RECORD,
    RECORD_OFFSET,
    CellAddress,
)
from server.execution.port import Counts

_READ_ATTEMPTS: Final = 3
"""A write takes well under a microsecond: who reads torn this often looks at a worker killed in the middle of one."""


class BoardFullError(RuntimeError):
    """Every cell is leased: more tasks run than the board was made for, which is a bug."""


class CellRecord(NamedTuple):
    """One whole record: `sequence` rises with every write, `heartbeat_s` is its time on the monotonic clock."""

    sequence: int
    heartbeat_s: float
    counts: Counts


class Cell:
    """The server's side of one leased cell."""

    def __init__(self, memory: mmap.mmap, address: CellAddress) -> None:
        self._memory = memory
        self.address = address

    def read(self) -> CellRecord | None:
        """The newest record, None while the task's worker has written nothing whole."""
        start = self.address.offset + RECORD_OFFSET
        for _ in range(_READ_ATTEMPTS):
            raw = self._memory[start : start + RECORD.size + CHECK.size]
            record, check = raw[: RECORD.size], raw[RECORD.size :]
            if zlib.crc32(record) == CHECK.unpack(check)[0]:
                return self._decode(record)
        return None

    def cancel(self) -> None:
        """Raises the flag that the worker looks at; idempotent."""
        OWNER.pack_into(self._memory, self.address.offset, self.address.generation, 1)

    def _decode(self, record: bytes) -> CellRecord | None:
        sequence, generation, processed, failed, bars, bar_time_ms, equity, heartbeat_s, phase, mode = RECORD.unpack(
            record
        )
        if generation != self.address.generation:
            return None  # the record of the cell's last tenant
        counts = Counts(
            processed=processed,
            failed=failed,
            bars=bars,
            phase=PHASES[phase],
            mode=None if mode == NO_MODE else MODES[mode],
            bar_time_ms=None if bar_time_ms == NO_TIME else bar_time_ms,
            equity=None if math.isnan(equity) else equity,
        )
        return CellRecord(sequence, heartbeat_s, counts)


class Board:
    """Leases cells. The file is made anew, so that workers of a server that died write into one nobody reads."""

    def __init__(self, path: Path, cells: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # a sparse file on a full disk would end the process by SIGBUS at the first write
            os.write(descriptor, bytes(cells * CELL_BYTES))
            self._memory = mmap.mmap(descriptor, cells * CELL_BYTES)
        finally:
            os.close(descriptor)
        self._path = path
        self._free = list(reversed(range(cells)))
        self._generation = 0

    def close(self) -> None:
        """Takes the board away; handles answer from what they last read."""
        self._memory.close()
        self._path.unlink(missing_ok=True)

    def lease(self) -> Cell:
        """A cell for one task, under a generation that no task had before; BoardFullError."""
        if not self._free:
            raise BoardFullError("no free cell on the board")
        self._generation += 1
        address = CellAddress(str(self._path), self._free.pop(), self._generation)
        OWNER.pack_into(self._memory, address.offset, address.generation, 0)
        return Cell(self._memory, address)

    def free(self, cell: Cell) -> None:
        """Takes a cell back; only once its worker has acknowledged the end or is dead."""
        OWNER.pack_into(self._memory, cell.address.offset, 0, 0)
        self._free.append(cell.address.number)


def map_board(path: str) -> mmap.mmap:
    """The board as a worker maps it; raises OSError when it is gone."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        return mmap.mmap(descriptor, 0)
    finally:
        os.close(descriptor)
