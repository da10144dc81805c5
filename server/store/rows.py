"""Attempts as rows of the database."""

import sqlite3
from typing import Any, Final

import msgspec
from msgspec import structs

from server.contract.base import parse_instant
from server.contract.results import Metrics
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState
from server.store.port import AttemptRecord

METRIC_COLUMNS: Final[dict[str, str]] = {field.encode_name: field.name for field in structs.fields(Metrics)}
"""The column of each metric by its camelCase name."""

ATTEMPT_COLUMNS: Final = "visible, generation, seq, priority, stop_reason, info, state, metrics, request, prepared"

_info = msgspec.json.Decoder(RunInfo)
_state = msgspec.json.Decoder(RunState)
_metrics = msgspec.json.Decoder(dict[str, Any])


def read_attempt(row: tuple[Any, ...]) -> AttemptRecord:
    """The record in a row of ATTEMPT_COLUMNS."""
    visible, generation, seq, priority, stop_reason, info, state, metrics, request, prepared = row
    return AttemptRecord(
        snapshot=RunSnapshot(run=_info.decode(info), state=_state.decode(state), rev=Revision(generation, seq)),
        request=request,
        prepared=prepared,
        priority=priority,
        visible=bool(visible),
        metrics=None if metrics is None else _metrics.decode(metrics),
        stop_reason=stop_reason,
    )


def insert_attempt(connection: sqlite3.Connection, record: AttemptRecord) -> None:
    """Keeps a new attempt."""
    snapshot = record.snapshot
    connection.execute(
        "INSERT INTO attempts (run_key, attempt, visible, status, generation, seq, priority, stop_reason, info, state,"
        " metrics, request, prepared) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.run_key,
            record.attempt,
            record.visible,
            snapshot.state.status,
            *snapshot.rev,
            record.priority,
            record.stop_reason,
            msgspec.json.encode(snapshot.run),
            msgspec.json.encode(snapshot.state),
            None if record.metrics is None else msgspec.json.encode(record.metrics),
            bytes(record.request),
            bytes(record.prepared),
        ),
    )


def update_attempt(connection: sqlite3.Connection, snapshot: RunSnapshot) -> None:
    """Replaces what changes in an attempt."""
    connection.execute(
        "UPDATE attempts SET status = ?, generation = ?, seq = ?, state = ? WHERE run_key = ? AND attempt = ?",
        (
            snapshot.state.status,
            *snapshot.rev,
            msgspec.json.encode(snapshot.state),
            snapshot.run_key,
            snapshot.run.attempt,
        ),
    )


def show_newest(connection: sqlite3.Connection, snapshot: RunSnapshot) -> None:
    """Makes a visible attempt the one that lists show of its run; metrics and the completed attempt stay."""
    run, state = snapshot.run, snapshot.state
    updated_ms = parse_instant(state.updated_at)
    columns: dict[str, Any] = {
        "run_key": run.run_key,
        "kind": run.kind,
        "newest": run.attempt,
        "strategy": run.strategy_name,
        "asset": run.asset_name,
        "exchange": run.exchange,
        "time_frame": run.time_frame,
        "status": state.status,
        "search": "\n".join((run.run_key, run.strategy_name, run.asset_name, run.label or "")).casefold(),
        "submitted_ms": parse_instant(run.submitted_at),
        "updated_ms": updated_ms,
        "started_ms": None if state.started_at is None else parse_instant(state.started_at),
        "completed_ms": updated_ms if state.final else None,
        "start_ms": parse_instant(run.start_time),
        "end_ms": parse_instant(run.end_time),
        "total": state.total,
    }
    names = ", ".join(columns)
    places = ", ".join(f":{name}" for name in columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "run_key")
    connection.execute(
        f"INSERT INTO runs ({names}) VALUES ({places}) ON CONFLICT (run_key) DO UPDATE SET {updates}", columns
    )


def describe_end(
    connection: sqlite3.Connection, snapshot: RunSnapshot, metrics: dict[str, Any] | None, stop_reason: str | None
) -> None:
    """Keeps what is known at the end of an attempt; a completed one is from now on the one whose result shows."""
    place = {"run_key": snapshot.run_key, "attempt": snapshot.run.attempt}
    connection.execute(
        "UPDATE attempts SET metrics = :metrics, stop_reason = :stop_reason"
        " WHERE run_key = :run_key AND attempt = :attempt",
        {**place, "metrics": None if metrics is None else msgspec.json.encode(metrics), "stop_reason": stop_reason},
    )
    if snapshot.state.status != "Completed":
        return
    columns = {column: (metrics or {}).get(name) for name, column in METRIC_COLUMNS.items()}
    updates = ", ".join(f"{column} = :{column}" for column in columns)
    connection.execute(
        f"UPDATE runs SET completed = :attempt, {updates} WHERE run_key = :run_key", {**columns, **place}
    )
