"""Ends bar code that never ends: a time limit of Python's reaches code that does not return to Python."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy.typing as npt


class Interrupter:
    """Sets `interrupt` in the accounts of the runs under way when a signal arrives that Python has a handler for.

    The handler itself runs once the loop has come back to Python. For the main thread: elsewhere it does nothing.
    """

    def __init__(self) -> None:
        self._accounts: npt.NDArray[Any] | None = None
        if threading.current_thread() is threading.main_thread():
            heard, told = os.pipe()
            os.set_blocking(told, False)
            signal.set_wakeup_fd(told, warn_on_full_buffer=False)
            threading.Thread(target=self._listen, args=(heard,), name="interrupter", daemon=True).start()

    @contextmanager
    def watching(self, accounts: npt.NDArray[Any]) -> Iterator[None]:
        """While compiled code runs on `accounts`."""
        accounts["interrupt"] = 0
        self._accounts = accounts
        try:
            yield
        finally:
            self._accounts = None

    def _listen(self, heard: int) -> None:
        while os.read(heard, 64):
            accounts = self._accounts
            if accounts is not None:
                accounts["interrupt"] = 1


@contextmanager
def unhurried() -> Iterator[None]:
    """Stops the clock of a time limit: compiling is no part of a trial, and is not to be torn in the middle."""
    left_s, again_s = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left_s, again_s)
