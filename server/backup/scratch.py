"""Where a backup is while it is made: a folder that nobody else reads."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PREFIX: Final = f".forge-backup.{platform.node()}."
"""With the machine's name: several may copy to one disk, and each knows only its own processes."""


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """A folder in that of `target`, which goes at the end of the block; with it go those that killed processes left."""
    parent = target.absolute().parent
    for leftover in parent.glob(f"{_PREFIX}*"):
        pid = leftover.name.removeprefix(_PREFIX).partition(".")[0]
        if pid.isdecimal() and not _lives(int(pid)):
            shutil.rmtree(leftover, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_PREFIX}{os.getpid()}."))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
