"""The files of a task, as they come in from the machine that runs it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.execution.cluster.relocating import Portable, results_of
from server.execution.tasks import BacktestTask, TrialsTask

_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+")


class NotExpectedError(Exception):
    """A file that the task does not leave."""


class Delivery:
    """Files under the names that the task gives them on this machine, each whole or not at all.

    The exceptions are those of a backtest that grow while it runs: they are there from the first byte on, and go with
    the execution that they are of.
    """

    def __init__(self, number: str, task: Portable) -> None:
        """`number` tells what arrives for this task from what does for others in the same folder."""
        self._number = number
        self._folder = results_of(task)
        self._only = Path(task.chunk_path).name if isinstance(task, TrialsTask) else None
        self._live = (
            {path.name for path in (task.live_curve, task.live_log, task.live_plots)}
            if isinstance(task, BacktestTask)
            else set()
        )

    def grow(self, name: str, offset: int, data: bytes, size: int | None) -> None:
        """Bytes of a file that grows; with `size` it has that many from its first ones on, zeros at the end.

        NotExpectedError, OSError when the disk is full.
        """
        if self._folder is None or name not in self._live:
            raise NotExpectedError(name)
        with _opened(self._folder / name) as descriptor:
            if size is not None and os.fstat(descriptor).st_size < size:
                os.ftruncate(descriptor, size)
            os.pwrite(descriptor, data, offset)

    def leave(self, name: str, offset: int, data: bytes, *, last: bool) -> None:
        """The next bytes of a finished file; the `last` ones give it its name once all of it is on the disk.

        NotExpectedError, OSError when the disk is full.
        """
        if self._folder is None or not _FILE.fullmatch(name) or name != (self._only or name):
            raise NotExpectedError(name)
        part = self._folder / f".{self._number}.{name}"
        with _opened(part) as descriptor:
            if offset == 0:
                os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, data, offset)
            if last:
                os.fsync(descriptor)
        if last:
            part.replace(self._folder / name)

    def forsake(self) -> None:
        """Removes what is not finished."""
        if self._folder is None:
            return
        for name in self._live:
            (self._folder / name).unlink(missing_ok=True)
        for part in self._folder.glob(f".{self._number}.*"):
            part.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A file to be written at any place, made where there is none."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
