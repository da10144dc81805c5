"""The files of a task, as they come in from the machine that runs it."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.execution.cluster.relocating import Portable, results_of
from server.execution.tasks import BacktestTask, TrialsTask

_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+")


class NotExpectedError(Exception):
    """A file that the task does not leave, or one of an execution that counts no more."""


class Delivery:
    """Files under the names that the task gives them on this machine, each whole or not at all.

    The exceptions are those of a backtest that grow while it runs: they are there from the first byte on, and go with
    the execution that they are of. All methods block, and may be called from any thread: one at a time does its work,
    so nothing is written for an execution once another one began or `forsake` returned.
    """

    def __init__(self, task: Portable) -> None:
        self._folder = results_of(task)
        self._only = Path(task.chunk_path).name if isinstance(task, TrialsTask) else None
        self._live = (
            {path.name for path in (task.live_curve, task.live_log, task.live_plots)}
            if isinstance(task, BacktestTask)
            else set()
        )
        self._lock = threading.Lock()
        self._execution: str | None = None
        self._unfinished: set[Path] = set()

    def begin(self, execution: str) -> None:
        """From now on this is the execution whose files are taken; what an older one left unfinished goes."""
        with self._lock:
            self._remove_unfinished()
            self._execution = execution

    def grow(self, execution: str, name: str, offset: int, data: bytes, size: int | None) -> None:
        """Bytes of a file that grows; with `size` it has that many from its first ones on, zeros at the end.

        NotExpectedError, OSError when the disk is full.
        """
        with self._lock:
            folder = self._expecting(execution, name in self._live, name)
            self._unfinished.add(folder / name)
            with _opened(folder / name) as descriptor:
                if size is not None and os.fstat(descriptor).st_size < size:
                    os.ftruncate(descriptor, size)
                os.pwrite(descriptor, data, offset)

    def leave(self, execution: str, name: str, offset: int, data: bytes, *, last: bool) -> None:
        """The next bytes of a finished file; the `last` ones give it its name once all of it is on the disk.

        NotExpectedError, OSError when the disk is full.
        """
        with self._lock:
            known = _FILE.fullmatch(name) is not None and name == (self._only or name)
            folder = self._expecting(execution, known, name)
            part = folder / f".{execution}.{name}"
            self._unfinished.add(part)
            with _opened(part) as descriptor:
                if offset == 0:
                    os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, data, offset)
                if last:
                    os.fsync(descriptor)
            if last:
                part.replace(folder / name)
                self._unfinished.discard(part)

    def forsake(self) -> None:
        """Takes no more, and removes what is not finished; OSError when that cannot be removed."""
        with self._lock:
            self._execution = None
            self._remove_unfinished()

    def _expecting(self, execution: str, known: bool, name: str) -> Path:
        if self._folder is None or execution != self._execution or not known:
            raise NotExpectedError(name)
        return self._folder

    def _remove_unfinished(self) -> None:
        while self._unfinished:
            self._unfinished.pop().unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A file to be written at any place, made where there is none."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
