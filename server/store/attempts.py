"""What may happen to the attempts of a run, each as the statements of one transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from msgspec import structs

from server.contract.run import Revision, RunSnapshot
from server.store.failures import AttemptRefused
from server.store.notices import keep_notices
from server.store.port import AttemptRecord, Notice, StoredRun
from server.store.rows import (
    ATTEMPT_COLUMNS,
    describe_end,
    insert_attempt,
    read_attempt,
    show_newest,
    update_attempt,
)
from server.store.trial_index import drop_families, index_families

OPEN: Final = ("Pending", "Running")


class _Place(NamedTuple):
    """Where an attempt stands."""

    attempt: int
    visible: bool
    open: bool
    rev: Revision


def next_generation(connection: sqlite3.Connection) -> int:
    """Raises the counter of the home, which never falls."""
    (generation,) = connection.execute("UPDATE home SET generation = generation + 1 RETURNING generation").fetchall()[0]
    return int(generation)


def add(connection: sqlite3.Connection, record: AttemptRecord) -> AttemptRecord:
    """Keeps a new attempt: a visible one when no other is open, hidden ones behind a visible open one."""
    places = _places(connection, record.run_key)
    if record.snapshot.final:
        raise _refused(record.snapshot, "an attempt begins before its end")
    if places and record.attempt <= places[-1].attempt:
        raise _refused(record.snapshot, f"attempt {places[-1].attempt} is there already")
    unfinished = [place for place in places if place.open]
    if record.visible and unfinished:
        raise _refused(record.snapshot, f"attempt {unfinished[0].attempt} is not finished")
    if not record.visible and not any(place.visible for place in unfinished):
        raise _refused(record.snapshot, "an attempt waits behind a visible one that is not finished")
    index_families(connection, record.run_key, record.attempt, record.families)
    return _appear(connection, record) if record.visible else _keep(connection, record)


def save(connection: sqlite3.Connection, snapshot: RunSnapshot) -> None:
    """Replaces the state of an unfinished attempt."""
    if snapshot.final:
        raise _refused(snapshot, "a terminal state is kept by `finish`")
    place = _unfinished(connection, snapshot)
    _not_older(snapshot, place)
    update_attempt(connection, snapshot)
    if place.visible:
        show_newest(connection, snapshot)


def finish(
    connection: sqlite3.Connection,
    snapshot: RunSnapshot,
    metrics: dict[str, Any] | None,
    stop_reason: str | None,
    drop_waiting: bool,
    notices: Sequence[Notice] = (),
) -> AttemptRecord | None:
    """Keeps the one terminal state of an attempt and reveals the first of those that wait behind it."""
    if not snapshot.final:
        raise _refused(snapshot, f"{snapshot.state.status} is no terminal state")
    place = _unfinished(connection, snapshot)
    if not place.visible:
        raise _refused(snapshot, "it waits behind another attempt")
    _not_older(snapshot, place)
    update_attempt(connection, snapshot)
    show_newest(connection, snapshot)
    describe_end(connection, snapshot, metrics, stop_reason)
    keep_notices(connection, notices)
    if drop_waiting:
        forget_waiting(connection, snapshot.run_key)
        return None
    waiting = _select(connection, "run_key = ? AND NOT visible ORDER BY attempt LIMIT 1", snapshot.run_key)
    return _reveal(connection, waiting[0]) if waiting else None


def forget_waiting(connection: sqlite3.Connection, run_key: str) -> None:
    """Forgets the hidden attempts."""
    connection.execute(
        "DELETE FROM trial_families WHERE run_key = ? AND attempt IN"
        " (SELECT attempt FROM attempts WHERE run_key = ? AND NOT visible)",
        (run_key, run_key),
    )
    connection.execute("DELETE FROM attempts WHERE run_key = ? AND NOT visible", (run_key,))


def renew(connection: sqlite3.Connection, snapshot: RunSnapshot) -> RunSnapshot:
    """Keeps the state of an unfinished visible attempt at the next generation."""
    if snapshot.final:
        raise _refused(snapshot, "a terminal state is kept by `finish`")
    if not _unfinished(connection, snapshot).visible:
        raise _refused(snapshot, "it waits behind another attempt")
    renewed = structs.replace(snapshot, rev=Revision(next_generation(connection), 0))
    update_attempt(connection, renewed)
    show_newest(connection, renewed)
    return renewed


def delete(connection: sqlite3.Connection, run_key: str) -> RunSnapshot | None:
    """Forgets a run; its newest visible snapshot at the next generation."""
    newest = _select(connection, "run_key = ? AND visible ORDER BY attempt DESC LIMIT 1", run_key)
    if not newest:
        return None
    drop_families(connection, run_key)
    connection.execute("DELETE FROM attempts WHERE run_key = ?", (run_key,))
    connection.execute("DELETE FROM runs WHERE run_key = ?", (run_key,))
    return structs.replace(newest[0].snapshot, rev=Revision(next_generation(connection), 0))


def known(connection: sqlite3.Connection, run_keys: Iterable[str]) -> set[str]:
    """Those of the runs that have an attempt."""
    one = "SELECT 1 FROM attempts WHERE run_key = ? LIMIT 1"
    return {run_key for run_key in run_keys if connection.execute(one, (run_key,)).fetchone()}


def load(connection: sqlite3.Connection, run_key: str) -> StoredRun | None:
    """One run."""
    return load_many(connection, [run_key]).get(run_key)


def load_many(connection: sqlite3.Connection, run_keys: Sequence[str]) -> dict[str, StoredRun]:
    """Those of the runs that there are; older attempts are not even read."""
    rows = connection.execute(
        f"SELECT {ATTEMPT_COLUMNS} FROM attempts JOIN runs USING (run_key)"
        f" WHERE run_key IN ({','.join('?' * len(run_keys))})"
        " AND (NOT visible OR attempt = newest OR attempt = completed)",
        tuple(run_keys),
    )
    by_key: dict[str, list[AttemptRecord]] = {}
    for record in map(read_attempt, rows):
        by_key.setdefault(record.run_key, []).append(record)
    return {run_key: _stored_run(records) for run_key, records in by_key.items()}


def load_attempt(connection: sqlite3.Connection, run_key: str, attempt: int) -> AttemptRecord | None:
    """One attempt."""
    found = _select(connection, "run_key = ? AND attempt = ?", run_key, attempt)
    return found[0] if found else None


def newest_ends(connection: sqlite3.Connection, limit: int) -> list[RunSnapshot]:
    """The terminal states that runs came to last, the newest first."""
    rows = connection.execute(
        "SELECT run_key, newest FROM runs WHERE status NOT IN ('Pending', 'Running') ORDER BY updated_ms DESC LIMIT ?",
        (limit,),
    ).fetchall()
    found = [_select(connection, "run_key = ? AND attempt = ?", run_key, attempt) for run_key, attempt in rows]
    return [records[0].snapshot for records in found if records]


def unfinished(connection: sqlite3.Connection) -> list[AttemptRecord]:
    """Every attempt that is not terminal, in order of submission."""
    return _select(connection, "status IN ('Pending', 'Running') ORDER BY id")


def _stored_run(records: Iterable[AttemptRecord]) -> StoredRun:
    visible = sorted((record for record in records if record.visible), key=lambda record: record.attempt)
    completed = [record for record in visible if record.snapshot.state.status == "Completed"]
    return StoredRun(
        newest=visible[-1],
        completed=completed[-1] if completed else None,
        waiting=min((record for record in records if not record.visible), key=_number, default=None),
    )


def _number(record: AttemptRecord) -> int:
    return record.attempt


def _select(connection: sqlite3.Connection, where: str, *values: object) -> list[AttemptRecord]:
    rows = connection.execute(f"SELECT {ATTEMPT_COLUMNS} FROM attempts WHERE {where}", values)
    return [read_attempt(row) for row in rows]


def _places(connection: sqlite3.Connection, run_key: str) -> list[_Place]:
    """All attempts of a run, by number."""
    rows = connection.execute(
        "SELECT attempt, visible, status, generation, seq FROM attempts WHERE run_key = ? ORDER BY attempt", (run_key,)
    )
    return [_Place(row[0], bool(row[1]), row[2] in OPEN, Revision(row[3], row[4])) for row in rows]


def _unfinished(connection: sqlite3.Connection, snapshot: RunSnapshot) -> _Place:
    for place in _places(connection, snapshot.run_key):
        if place.attempt == snapshot.run.attempt:
            if not place.open:
                raise _refused(snapshot, "it has its terminal state")
            return place
    raise _refused(snapshot, "there is no such attempt")


def _not_older(snapshot: RunSnapshot, place: _Place) -> None:
    if snapshot.rev < place.rev:
        raise _refused(snapshot, f"revision {list(snapshot.rev)} is older than {list(place.rev)}")


def _refused(snapshot: RunSnapshot, reason: str) -> AttemptRefused:
    return AttemptRefused(snapshot.run_key, snapshot.run.attempt, reason)


def _keep(connection: sqlite3.Connection, record: AttemptRecord) -> AttemptRecord:
    insert_attempt(connection, record)
    return record


def _appear(connection: sqlite3.Connection, record: AttemptRecord) -> AttemptRecord:
    snapshot = structs.replace(record.snapshot, rev=Revision(next_generation(connection), 0))
    shown = structs.replace(record, snapshot=snapshot, visible=True)
    insert_attempt(connection, shown)
    show_newest(connection, snapshot)
    return shown


def _reveal(connection: sqlite3.Connection, record: AttemptRecord) -> AttemptRecord:
    snapshot = structs.replace(record.snapshot, rev=Revision(next_generation(connection), 0))
    connection.execute(
        "UPDATE attempts SET visible = 1 WHERE run_key = ? AND attempt = ?", (record.run_key, record.attempt)
    )
    update_attempt(connection, snapshot)
    show_newest(connection, snapshot)
    return structs.replace(record, snapshot=snapshot, visible=True)
