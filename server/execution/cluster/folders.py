"""Folders of hosts that share a machine."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "host-"
_LOCK: Final = "lock"


@contextmanager
def own_folder(shared: Path) -> Iterator[Path]:
    """A fresh folder in `shared` that is gone after the block; those of hosts that were killed go before it."""
    with ExitStack() as holding:
        with locked(shared / _LOCK):  # or one that is just being made would be taken for one that was left
            for left in shared.glob(f"{_PREFIX}*"):
                with suppress(OSError), locked(left / _LOCK, wait=False):
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=shared))
            holding.callback(shutil.rmtree, folder, ignore_errors=True)
            holding.enter_context(locked(folder / _LOCK))
        yield folder


@contextmanager
def locked(path: Path, *, wait: bool = True, shared: bool = False, make: bool = True) -> Iterator[None]:
    """Holds the lock that a file is, which ends with the process too.

    Many may hold it `shared`. OSError where it is held by others and is not waited for, or there is none to be held.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if make else 0), 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
