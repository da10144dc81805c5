"""Pages of runs: filters, order, and the place from which the next page goes on."""

import sqlite3
from typing import Any, Final, NamedTuple

import msgspec

from server.contract.base import parse_instant
from server.contract.problems import InvalidRequest
from server.store.attempts import load_many
from server.store.cursors import decode_cursor, encode_cursor
from server.store.port import RunFilter, RunPage
from server.store.rows import METRIC_COLUMNS

_COLUMNS: Final = {
    "submittedAt": "submitted_ms",
    "updatedAt": "updated_ms",
    "strategyName": "strategy",
    "assetName": "asset",
    "status": "status",
    "total": "total",
}


class _Order(NamedTuple):
    column: str
    falling: bool
    nullable: bool


class _Where(NamedTuple):
    """Conditions that all hold, with their values in order."""

    conditions: tuple[str, ...]
    values: tuple[Any, ...]

    def also(self, condition: str, *values: Any) -> "_Where":
        return _Where((*self.conditions, condition), (*self.values, *values))

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def page(connection: sqlite3.Connection, query: RunFilter) -> RunPage:
    """One page; count, keys and attempts are of one instant. InvalidRequest as in the port."""
    order = _order(query.sort)
    where = _where(query)
    binding = {**msgspec.to_builtins(query), "limit": None, "cursor": None}
    after = None if query.cursor is None else decode_cursor(binding, query.cursor, size=2)
    connection.execute("BEGIN")
    try:
        (total,) = connection.execute(f"SELECT count(*) FROM runs WHERE {where.sql}", where.values).fetchone()
        found = _keys(connection, where, order, after, query.limit + 1)
        shown = found[: query.limit]
        runs = load_many(connection, [key for _, key in shown]) if shown else {}
    finally:
        connection.execute("COMMIT")
    more = len(found) > query.limit and bool(shown)
    return RunPage(
        items=[runs[key] for _, key in shown],
        next_cursor=encode_cursor(binding, list(shown[-1])) if more else None,
        total_count=total,
    )


def _order(sort: str) -> _Order:
    name = sort.removeprefix("-")
    column = _COLUMNS.get(name) or METRIC_COLUMNS.get(name)
    if column is None:
        known = ", ".join((*_COLUMNS, *METRIC_COLUMNS))
        raise InvalidRequest("invalid_request", "sort", f"{sort!r} is none of {known}; a leading - falls")
    return _Order(column, falling=sort.startswith("-"), nullable=name in METRIC_COLUMNS)


def _where(query: RunFilter) -> _Where:
    where = _Where(("kind = ?",), (query.kind,))
    for column, value in (
        ("strategy", query.strategy),
        ("asset", query.asset),
        ("exchange", query.exchange),
        ("time_frame", query.time_frame),
    ):
        if value is not None:
            where = where.also(f"{column} = ?", _text(value))
    if query.status:
        where = where.also(f"status IN ({','.join('?' * len(query.status))})", *query.status)
    if query.from_ is not None:
        where = where.also("submitted_ms >= ?", _instant_ms("from", query.from_))
    if query.to is not None:
        where = where.also("submitted_ms <= ?", _instant_ms("to", query.to))
    if query.q:
        # instr knows no wildcards; both sides are folded, which LIKE does for ASCII alone
        where = where.also("instr(search, ?) > 0", _text(query.q.casefold()))
    return where


def _keys(
    connection: sqlite3.Connection, where: _Where, order: _Order, after: list[Any] | None, limit: int
) -> list[tuple[Any, str]]:
    """Sort values and run keys of the rows after `after`, undefined values last in either direction.

    Two queries, each of which walks an index, where one with NULLS LAST would sort the table.
    """
    found: list[tuple[Any, str]] = []
    if not order.nullable or after is None or after[0] is not None:
        present = where.also(f"{order.column} IS NOT NULL") if order.nullable else where
        found = _walk(connection, present, order, after, limit)
    if order.nullable and len(found) < limit:
        absent = where.also(f"{order.column} IS NULL")
        resumed = after if after is not None and after[0] is None else None
        found += _walk(connection, absent, order._replace(column="NULL"), resumed, limit - len(found))
    return found


def _walk(
    connection: sqlite3.Connection, where: _Where, order: _Order, after: list[Any] | None, limit: int
) -> list[tuple[Any, str]]:
    direction, beyond = ("DESC", "<") if order.falling else ("ASC", ">")
    if order.column == "NULL":
        by = f"run_key {direction}"
        if after is not None:
            where = where.also(f"run_key {beyond} ?", after[1])
    else:
        by = f"{order.column} {direction}, run_key {direction}"
        if after is not None:
            where = where.also(f"({order.column}, run_key) {beyond} (?, ?)", *after)
    rows = connection.execute(
        f"SELECT {order.column}, run_key FROM runs WHERE {where.sql} ORDER BY {by} LIMIT ?", (*where.values, limit)
    )
    return rows.fetchall()


def _instant_ms(path: str, text: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidRequest("invalid_request", path, "must be an RFC 3339 instant with a time zone") from error


def _text(value: str) -> str:
    """What SQLite can hold of it: a lone surrogate is in no text that was ever kept."""
    return value.encode("utf-8", "replace").decode()
