"""Which attempts may hold the finished trials of a family."""

import sqlite3
from collections.abc import Iterable

from server.store.port import TrialSource


def index_families(connection: sqlite3.Connection, run_key: str, attempt: int, families: Iterable[str]) -> None:
    """Notes that the trials of an attempt, finished or not yet, are of these families."""
    connection.executemany(
        "INSERT INTO trial_families (family, run_key, attempt) VALUES (?, ?, ?)",
        [(family, run_key, attempt) for family in families],
    )


def find_sources(connection: sqlite3.Connection, family: str, limit: int) -> list[TrialSource]:
    """The attempts of a family, the newest first; of backtests those that completed."""
    rows = connection.execute(
        "SELECT run_key, attempts.attempt, kind FROM trial_families AS families"
        " JOIN attempts USING (run_key, attempt) JOIN runs USING (run_key)"
        " WHERE family = ? AND (kind = 'optimization' OR attempts.status = 'Completed')"
        " ORDER BY attempts.id DESC LIMIT ?",
        (family, limit),
    )
    return [TrialSource(run_key=run_key, attempt=attempt, kind=kind) for run_key, attempt, kind in rows]


def drop_families(connection: sqlite3.Connection, run_key: str) -> None:
    """Forgets every attempt of a run."""
    connection.execute("DELETE FROM trial_families WHERE run_key = ?", (run_key,))
