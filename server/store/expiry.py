"""Which stored runs could go, and what the others still name."""

import sqlite3
from collections.abc import Collection

from server.contract.run import Revision
from server.store.port import FinishedRun


def expired_runs(
    connection: sqlite3.Connection, *, beyond: int | None, before_ms: int | None, limit: int
) -> list[FinishedRun]:
    """At most `limit` runs whose newest attempt has ended, the oldest ends first: those that are not among the
    `beyond` newest ends, and those that ended before `before_ms`; None: no such rule.
    """
    rows = connection.execute(
        "WITH ended AS ("
        " SELECT run_key, kind, newest, completed_ms,"
        "  row_number() OVER (ORDER BY completed_ms DESC, run_key DESC) AS place"
        " FROM runs WHERE completed_ms IS NOT NULL"
        ") SELECT ended.run_key, kind, completed_ms, generation, seq"
        " FROM ended JOIN attempts ON attempts.run_key = ended.run_key AND attempt = newest"
        " WHERE place > :beyond OR completed_ms < :before_ms"
        " ORDER BY completed_ms, ended.run_key LIMIT :limit",
        {"beyond": beyond, "before_ms": before_ms, "limit": limit},
    )
    return [
        FinishedRun(run_key=run_key, kind=kind, ended_ms=ended_ms, rev=Revision(generation, seq))
        for run_key, kind, ended_ms, generation, seq in rows
    ]


def named_datasets(
    connection: sqlite3.Connection, dataset_ids: Collection[str], without_runs: Collection[str]
) -> set[str]:
    """Those of the data sets that an attempt was made from, leaving some runs out of account.

    Looks through the bytes of what was prepared: rare enough, and what is found too much is kept too long, no worse.
    """
    left_out = ", ".join("?" * len(without_runs))
    return {
        dataset_id
        for dataset_id in dataset_ids
        if connection.execute(
            f"SELECT 1 FROM attempts WHERE instr(prepared, ?) AND run_key NOT IN ({left_out}) LIMIT 1",
            (f'{dataset_id}"'.encode(), *without_runs),
        ).fetchone()
    }


def replace_prepared(connection: sqlite3.Connection, run_key: str, attempt: int, prepared: bytes) -> None:
    """Keeps what an attempt now is taken to have been made from."""
    connection.execute(
        "UPDATE attempts SET prepared = ? WHERE run_key = ? AND attempt = ?", (bytes(prepared), run_key, attempt)
    )
