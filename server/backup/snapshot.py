"""A copy of the database of one instant, and what it says of files."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from server.backup.faults import BackupError
from server.contract.requests import RunKind
from server.store.attempts import OPEN

_BUSY_TIMEOUT_S: Final = 30.0


class KeptAttempt(NamedTuple):
    """An attempt in the database; two of the same run and number have different generations."""

    run_key: str
    attempt: int
    generation: int


class Snapshot:
    """The copy at `path` of the database at `source`."""

    def __init__(self, source: Path, path: Path) -> None:
        self._source = source
        self.path = path

    def take(self) -> str:
        """Copies, checks the copy, and gives the id of the store; BackupError when there is nothing whole to copy."""
        try:
            with _reading(self._source) as connection:
                connection.execute("VACUUM INTO ?", (str(self.path),))
            with closing(sqlite3.connect(self.path)) as copy:
                check_database(copy, self._source)
                (store_id,) = copy.execute("SELECT store_id FROM home").fetchone()
        except sqlite3.Error as error:
            raise BackupError(f"the database {self._source} cannot be read: {error}") from error
        return str(store_id)

    def attempts(self) -> list[tuple[KeptAttempt, RunKind, str]]:
        """Every attempt with its kind and status."""
        with closing(sqlite3.connect(self.path)) as copy:
            rows = copy.execute(
                "SELECT run_key, attempt, generation, kind, attempts.status FROM attempts JOIN runs USING (run_key)"
                " ORDER BY attempts.id"
            ).fetchall()
        return [(KeptAttempt(*row[:3]), row[3], row[4]) for row in rows]

    def gone_since(self, ended: Collection[KeptAttempt]) -> set[str]:
        """The runs of those attempts, which have ended, that the database does not have any more."""
        with _reading(self._source) as connection:
            there = set(connection.execute("SELECT run_key, attempt, generation FROM attempts").fetchall())
        return {attempt.run_key for attempt in ended if attempt not in there}

    def take_over_prepared(self) -> None:
        """What attempts that have ended are now taken to have been made from.

        Retention changes that in place, before the event log of the attempt goes: a copy that has lost the log must not
        answer who asks for one.
        """
        live = f"{self._source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(self.path, uri=True, timeout=_BUSY_TIMEOUT_S)) as copy:
            copy.execute("ATTACH ? AS live", (live,))
            with copy:
                copy.execute(
                    "UPDATE main.attempts SET prepared = now.prepared FROM live.attempts AS now"
                    " WHERE now.run_key = attempts.run_key AND now.attempt = attempts.attempt"
                    " AND now.generation = attempts.generation AND now.prepared <> attempts.prepared"
                    f" AND attempts.status NOT IN ({', '.join('?' * len(OPEN))})",
                    tuple(OPEN),
                )

    def drop(self, run_keys: Collection[str]) -> None:
        """Forgets runs in the copy."""
        with closing(sqlite3.connect(self.path)) as copy, copy:
            for table in ("attempts", "runs", "trial_families"):
                copy.executemany(f"DELETE FROM {table} WHERE run_key = ?", [(run_key,) for run_key in run_keys])


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that neither writes nor holds up who does."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_TIMEOUT_S)) as connection:
        yield connection


def check_database(connection: sqlite3.Connection, name: Path | str) -> None:
    """BackupError when the database is damaged."""
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BackupError(f"the database {name} is damaged: {verdict}")


def unfinished(status: str) -> bool:
    """Whether an attempt of this status has not ended."""
    return status in OPEN
