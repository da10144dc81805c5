"""Sends the files of a backtest that grow while it runs, as far as they have grown."""

import asyncio
import os
from pathlib import Path
from typing import Final

from server.engine.tables import EQUITY_DTYPE
from server.execution.cluster.desk import Desk
from server.execution.cluster.orders import CHUNK_BYTES
from server.execution.tasks import BacktestTask

_PROLOGUE: Final = b"\x93NUMPY\x01\x00\x00\x00"


class Mirror:
    """At most one piece of each file a call: a run that is faster than the network shows a shorter curve meanwhile."""

    def __init__(self, task: BacktestTask, desk: Desk) -> None:
        self._desk = desk
        self._curve = _Growing(task.live_curve)
        self._others = [_Growing(path) for path in (task.live_log, task.live_plots)]

    async def send(self, bars: int) -> None:
        """Sends what is new, of the curve up to `bars` rows; errors of `Desk`."""
        await self._send(self._curve, bars * EQUITY_DTYPE.itemsize)
        for one in self._others:
            await self._send(one, None)

    async def _send(self, one: "_Growing", rows_bytes: int | None) -> None:
        found = await asyncio.to_thread(one.next_piece, rows_bytes)
        if found is not None:
            data, size = found
            await self._desk.grow(one.path.name, one.sent, data, size)
            one.sent += len(data)


class _Growing:
    """How far a file is sent."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self.sent = 0

    def next_piece(self, rows_bytes: int | None) -> tuple[bytes, int | None] | None:
        """The next bytes; with `rows_bytes` of a file that is laid out at the start, up to so many behind its header,
        and its size before the first ones."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:  # not begun, or over
            return None
        try:
            size = os.fstat(descriptor).st_size
            end = size if rows_bytes is None else min(size, _header_bytes(descriptor) + rows_bytes)
            data = os.pread(descriptor, min(CHUNK_BYTES, max(0, end - self.sent)), self.sent)
        finally:
            os.close(descriptor)
        if not data:
            return None
        return data, (size if rows_bytes is not None and self.sent == 0 else None)


def _header_bytes(descriptor: int) -> int:
    """Of an .npy of format 1.0, as `create_rows` makes it."""
    return len(_PROLOGUE) + int.from_bytes(os.pread(descriptor, 2, len(_PROLOGUE) - 2), "little")
