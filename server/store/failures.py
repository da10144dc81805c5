"""How the store fails."""

import sqlite3
from pathlib import Path
from typing import Final

from server.contract.problems import ForgeError

RETRY_AFTER_S: Final = 5

_DISK_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""A quota and a file size limit show as a refused write, not as SQLITE_FULL."""


class AttemptRefused(RuntimeError):
    """A write that would break the lifecycle of an attempt: a bug of the caller, nothing was changed."""

    def __init__(self, run_key: str, attempt: int, reason: str) -> None:
        super().__init__(f"{run_key}, attempt {attempt}: {reason}")
        self.run_key = run_key
        self.attempt = attempt
        self.reason = reason


def is_trouble(error: sqlite3.Error) -> bool:
    """Whether the disk or the file is at fault; the other errors of SQLite are bugs of the statements."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def store_failure(error: sqlite3.Error, path: Path) -> ForgeError:
    """What the user is told of a failure of SQLite: `disk_full` or `store_unavailable`."""
    code = getattr(error, "sqlite_errorcode", None)
    if code in _DISK_FULL:
        return ForgeError(
            "disk_full",
            f"The disk of {path.parent} is full or refuses writes ({error}); free some space and try again.",
            retry_after_s=RETRY_AFTER_S,
        )
    return ForgeError(
        "store_unavailable", f"The database {path} does not answer as it should: {error}.", retry_after_s=RETRY_AFTER_S
    )


def store_closed() -> ForgeError:
    """What the user is told when the server is about to stop."""
    return ForgeError("store_unavailable", "The store is closed: the server is stopping.", retry_after_s=RETRY_AFTER_S)
