"""Where finished trials are kept, by trialKey."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from server.store.port import TrialLocation

SLICE: Final = 2_000
"""Trials of one transaction: some 10 ms, so that a submission never waits for the 100,000 of a sweep."""
_MAX_VARIABLES: Final = 5_000


def index_trials(connection: sqlite3.Connection, run_key: str, attempt: int, trials: Sequence[TrialLocation]) -> None:
    """Adds finished trials; those that are there already keep their place."""
    file_ids = {file: _file_id(connection, run_key, attempt, file) for file in {trial.file for trial in trials}}
    connection.executemany(
        "INSERT INTO trials (trial_key, file_id, row) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(trial.trial_key, file_ids[trial.file], trial.row) for trial in trials],
    )


def find_trials(connection: sqlite3.Connection, trial_keys: Sequence[str]) -> dict[str, TrialLocation]:
    """The places of those trials that are indexed."""
    found: dict[str, TrialLocation] = {}
    for start in range(0, len(trial_keys), _MAX_VARIABLES):
        keys = tuple(trial_keys[start : start + _MAX_VARIABLES])
        rows = connection.execute(
            "SELECT trial_key, file, row FROM trials JOIN trial_files ON trial_files.id = file_id"
            f" WHERE trial_key IN ({','.join('?' * len(keys))})",
            keys,
        )
        found |= {key: TrialLocation(trial_key=key, file=file, row=row) for key, file, row in rows}
    return found


def drop_trials(connection: sqlite3.Connection, run_key: str) -> None:
    """Forgets the trials that lie in files of a run."""
    while drop_some_trials(connection, run_key):
        pass
    connection.execute("DELETE FROM trial_files WHERE run_key = ?", (run_key,))


def drop_some_trials(connection: sqlite3.Connection, run_key: str) -> bool:
    """Forgets at most SLICE of them; whether there may be more."""
    deleted = connection.execute(
        "DELETE FROM trials WHERE trial_key IN (SELECT trial_key FROM trials WHERE file_id IN"
        " (SELECT id FROM trial_files WHERE run_key = ?) LIMIT ?)",
        (run_key, SLICE),
    )
    return deleted.rowcount == SLICE


def _file_id(connection: sqlite3.Connection, run_key: str, attempt: int, file: str) -> int:
    connection.execute(
        "INSERT INTO trial_files (run_key, attempt, file) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (run_key, attempt, file),
    )
    (file_id,) = connection.execute(
        "SELECT id FROM trial_files WHERE run_key = ? AND file = ?", (run_key, file)
    ).fetchone()
    return int(file_id)
