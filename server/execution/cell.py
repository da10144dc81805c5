"""One cell of the board as the worker that owns it writes it."""

import math
import mmap
import time
import zlib
from struct import Struct
from typing import Final, NamedTuple, get_args

from server.contract.run import Mode, Phase
from server.execution.port import Counts

CELL_BYTES: Final = 192
"""Three cache lines: the server writes the first, the worker the other two, so neither slows the other down."""

OWNER: Final = Struct("<QQ")
"""The server's line: generation (0: free), cancel flag."""

RECORD: Final = Struct("<QQqqqqddBBxx")
"""The worker's lines: sequence, generation, processed, failed, bars, bar_time_ms, equity, heartbeat, phase, mode."""

CHECK: Final = Struct("<I")
"""CRC-32 of the record behind it: a torn read shows on every memory model, not only on x86."""

RECORD_OFFSET: Final = 64
NO_TIME: Final = -(2**63)
PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
NO_MODE: Final = 255


class CellAddress(NamedTuple):
    """Where a task's cell is; it may be written while the cell still carries `generation`."""

    board: str
    number: int
    generation: int

    @property
    def offset(self) -> int:
        """The cell's first byte in the board's file."""
        return self.number * CELL_BYTES


class CellWriter:
    """Progress of one task; every write replaces the whole record. Not for more than one thread."""

    def __init__(self, memory: mmap.mmap, address: CellAddress) -> None:
        self._memory = memory
        self._offset = address.offset
        self._generation = address.generation
        self._sequence = 0
        self._counts = Counts()

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """A backtest's progress: its bars are what it processes."""
        self._write(self._counts._replace(processed=bars, bars=bars, bar_time_ms=bar_time_ms, equity=equity))

    def cancelled(self) -> bool:
        """Whether the server asks the task to stop, or has given the cell to another one."""
        generation, cancel = OWNER.unpack_from(self._memory, self._offset)
        return bool(generation != self._generation or cancel)

    def enter(self, phase: Phase, mode: Mode | None = None) -> None:
        """The task is in another phase; a `mode` once told stays."""
        self._write(self._counts._replace(phase=phase, mode=mode or self._counts.mode))

    def count_trials(self, processed: int, failed: int, bars: int) -> None:
        """A chunk's progress: trials completed and failed, bars of all of them."""
        self._write(self._counts._replace(processed=processed, failed=failed, bars=bars))

    def _write(self, counts: Counts) -> None:
        """Shows `counts`, unless the cell belongs to a later task by now: a stale worker writes nothing."""
        self._counts = counts
        if OWNER.unpack_from(self._memory, self._offset)[0] != self._generation:
            return
        self._sequence += 1
        record = RECORD.pack(
            self._sequence,
            self._generation,
            counts.processed,
            counts.failed,
            counts.bars,
            NO_TIME if counts.bar_time_ms is None else counts.bar_time_ms,
            math.nan if counts.equity is None else counts.equity,
            time.monotonic(),
            PHASES.index(counts.phase),
            NO_MODE if counts.mode is None else MODES.index(counts.mode),
        )
        start = self._offset + RECORD_OFFSET
        self._memory[start : start + RECORD.size + CHECK.size] = record + CHECK.pack(zlib.crc32(record))
