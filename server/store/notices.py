"""Messages for others that wait in the database until they are taken."""

import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Final

from server.store.port import KeptNotice, Notice

_log: Final = logging.getLogger(__name__)
MOST_KEPT: Final = 10_000
"""Messages that wait for one receiver; beyond, the oldest ones are dropped."""


def keep_notices(connection: sqlite3.Connection, notices: Iterable[Notice], most: int = MOST_KEPT) -> None:
    """Keeps new ones, behind those that wait already."""
    kept_ms = time.time_ns() // 1_000_000
    for notice in notices:
        connection.execute(
            "INSERT INTO notices (receiver, message_id, run_key, attempt, body, kept_ms) VALUES (?, ?, ?, ?, ?, ?)",
            (notice.receiver, notice.message_id, notice.run_key, notice.attempt, notice.body, kept_ms),
        )
        dropped = connection.execute(
            "DELETE FROM notices WHERE receiver = :receiver AND id <="
            " (SELECT id FROM notices WHERE receiver = :receiver ORDER BY id DESC LIMIT 1 OFFSET :most)"
            " RETURNING run_key, attempt",
            {"receiver": notice.receiver, "most": most},
        ).fetchall()
        for run_key, attempt in dropped:
            extra = {"run_key": run_key, "attempt": attempt, "limit": most}
            _log.error("a webhook is dropped: too many wait for its receiver", extra=extra)


def next_notice(connection: sqlite3.Connection, receiver: str) -> KeptNotice | None:
    """The oldest one of a receiver."""
    row = connection.execute(
        "SELECT id, message_id, run_key, attempt, body, kept_ms, refusals FROM notices"
        " WHERE receiver = ? ORDER BY id LIMIT 1",
        (receiver,),
    ).fetchone()
    if row is None:
        return None
    number, message_id, run_key, attempt, body, kept_ms, refusals = row
    return KeptNotice(
        receiver=receiver,
        message_id=message_id,
        run_key=run_key,
        attempt=attempt,
        body=body,
        number=number,
        kept_ms=kept_ms,
        refusals=refusals,
    )


def refuse_notice(connection: sqlite3.Connection, number: int) -> None:
    """Counts one more refusal."""
    connection.execute("UPDATE notices SET refusals = refusals + 1 WHERE id = ?", (number,))


def forget_notice(connection: sqlite3.Connection, number: int) -> None:
    """Forgets one."""
    connection.execute("DELETE FROM notices WHERE id = ?", (number,))


def keep_receivers(connection: sqlite3.Connection, receivers: Sequence[str]) -> None:
    """Forgets those of others."""
    places = ", ".join("?" * len(receivers))
    connection.execute(f"DELETE FROM notices WHERE receiver NOT IN ({places})", tuple(receivers))


def waiting_notices(connection: sqlite3.Connection) -> dict[str, int]:
    """How many wait, by receiver."""
    return dict(connection.execute("SELECT receiver, count(*) FROM notices GROUP BY receiver").fetchall())
