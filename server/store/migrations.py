"""The schema, as numbered steps from an empty file to what the code expects."""

import sqlite3
import uuid
from pathlib import Path
from typing import Final

from server.contract.problems import ForgeError

MIGRATIONS: Final = (
    """
    CREATE TABLE home (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        store_id TEXT NOT NULL,
        generation INTEGER NOT NULL,  -- never falls
        clean INTEGER NOT NULL,       -- 0 while the database is open
        probe INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of submission
        run_key TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        visible INTEGER NOT NULL,
        status TEXT NOT NULL,
        generation INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        priority TEXT NOT NULL,
        stop_reason TEXT,
        info BLOB NOT NULL,      -- JSON of RunInfo
        state BLOB NOT NULL,     -- JSON of RunState
        metrics BLOB,            -- JSON
        request BLOB NOT NULL,
        prepared BLOB NOT NULL,
        UNIQUE (run_key, attempt)
    ) STRICT;
    CREATE INDEX attempts_open ON attempts (id) WHERE status IN ('Pending', 'Running');

    -- One row a run: its newest visible attempt as lists search and sort it, the metrics of its newest completed one.
    -- Narrow on purpose: what no index serves is a scan of this table alone.
    CREATE TABLE runs (
        run_key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        newest INTEGER NOT NULL,
        completed INTEGER,
        strategy TEXT NOT NULL,
        asset TEXT NOT NULL,
        exchange TEXT NOT NULL,
        time_frame TEXT NOT NULL,
        status TEXT NOT NULL,
        search TEXT NOT NULL,
        submitted_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        started_ms INTEGER,
        completed_ms INTEGER,
        start_ms INTEGER NOT NULL,
        end_ms INTEGER NOT NULL,
        total INTEGER NOT NULL,
        net_profit REAL, open_profit REAL, gross_profit REAL, gross_loss REAL, commissions REAL, total_return_pct REAL,
        annual_return_pct REAL, annual_volatility_pct REAL, sharpe_ratio REAL, sortino_ratio REAL, calmar_ratio REAL,
        max_drawdown REAL, max_drawdown_pct REAL, max_drawdown_bars REAL, recovery_factor REAL, total_trades REAL,
        total_fills REAL, win_rate_pct REAL, profit_factor REAL, expectancy REAL, average_win REAL, average_loss REAL,
        payoff_ratio REAL, exposure_pct REAL, turnover REAL, longest_losing_streak REAL, final_equity REAL
    ) STRICT;
    CREATE INDEX runs_kind ON runs (kind);  -- the smallest one to count with
    CREATE INDEX runs_submitted ON runs (kind, submitted_ms, run_key);
    CREATE INDEX runs_updated ON runs (kind, updated_ms, run_key);
    CREATE INDEX runs_total ON runs (kind, total, run_key);
    CREATE INDEX runs_strategy ON runs (kind, strategy, submitted_ms, run_key);
    CREATE INDEX runs_asset ON runs (kind, asset, submitted_ms, run_key);
    CREATE INDEX runs_status ON runs (kind, status, submitted_ms, run_key);
    CREATE INDEX runs_net_profit ON runs (kind, net_profit, run_key) WHERE net_profit IS NOT NULL;
    CREATE INDEX runs_return ON runs (kind, total_return_pct, run_key) WHERE total_return_pct IS NOT NULL;
    CREATE INDEX runs_sharpe ON runs (kind, sharpe_ratio, run_key) WHERE sharpe_ratio IS NOT NULL;
    CREATE INDEX runs_drawdown ON runs (kind, max_drawdown_pct, run_key) WHERE max_drawdown_pct IS NOT NULL;
    CREATE INDEX runs_profit_factor ON runs (kind, profit_factor, run_key) WHERE profit_factor IS NOT NULL;
    CREATE INDEX runs_win_rate ON runs (kind, win_rate_pct, run_key) WHERE win_rate_pct IS NOT NULL;
    CREATE INDEX runs_trades ON runs (kind, total_trades, run_key) WHERE total_trades IS NOT NULL;

    CREATE TABLE trial_files (
        id INTEGER PRIMARY KEY,
        run_key TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        file TEXT NOT NULL,
        UNIQUE (run_key, file)
    ) STRICT;
    CREATE TABLE trials (
        trial_key TEXT PRIMARY KEY,
        file_id INTEGER NOT NULL,
        row INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX trials_file ON trials (file_id);
    """,
    """
    -- Trials are found by the attempts of their family: a row a trial cost as much as computing it.
    -- Those of before are not found any more, and are computed again when they are asked for again.
    DROP TABLE trials;
    DROP TABLE trial_files;
    CREATE TABLE trial_families (
        family TEXT NOT NULL,
        run_key TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        PRIMARY KEY (family, run_key, attempt)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX trial_families_run ON trial_families (run_key, attempt);
    """,
    """
    -- What receivers outside have still to be told: kept in the commit of an end, gone once it is taken.
    CREATE TABLE notices (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of ends
        receiver TEXT NOT NULL,
        message_id TEXT NOT NULL,
        run_key TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        body BLOB NOT NULL,
        kept_ms INTEGER NOT NULL,
        refusals INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX notices_receiver ON notices (receiver, id);
    """,
)


def migrate(connection: sqlite3.Connection, path: Path) -> str:
    """Brings the schema up to date, marks the database as open; returns the store's id.

    ForgeError `store_unavailable` when a newer version wrote the database or it is damaged.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise ForgeError(
            "store_unavailable",
            f"The database {path} was written by a newer version (schema {version}, this one knows {len(MIGRATIONS)}); "
            "upgrade, or choose another home.",
        )
    if version and not connection.execute("SELECT clean FROM home").fetchone()[0]:
        _check(connection, path)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
        except sqlite3.Error:
            connection.rollback()
            raise
    connection.execute(
        "INSERT INTO home (id, store_id, generation, clean) VALUES (1, ?, 0, 0)"
        " ON CONFLICT (id) DO UPDATE SET clean = 0",
        (str(uuid.uuid4()),),
    )
    (store_id,) = connection.execute("SELECT store_id FROM home").fetchone()
    return str(store_id)


def mark_clean(connection: sqlite3.Connection) -> None:
    """Notes that the database was closed in order, which spares the next start the check."""
    connection.execute("UPDATE home SET clean = 1")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise ForgeError(
            "store_unavailable",
            f"The database {path} is damaged ({verdict}); restore a backup, or move it away to start anew.",
        )
