"""Checks of the home: its disk, its database, its owner. Nothing there is changed."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from server.cli.doctor.findings import Finding, fault, ok, warning
from server.client.words import size
from server.runs.home import Home
from server.store.migrations import MIGRATIONS

_LOW_BYTES: Final = 2 * 10**9
_NONE_BYTES: Final = 100 * 10**6
_LOCKS: Final = Path("/proc/locks")


def writable(root: Path) -> Finding:
    """Whether the home can be written, or made."""
    there = _existing(root)
    if not there.is_dir():
        return fault("home", f"{there} is no folder", "choose another with FORGE_HOME")
    if not os.access(there, os.W_OK | os.X_OK):
        return fault("home", f"{there} cannot be written", "give this user the right to, or choose another FORGE_HOME")
    if there != root:
        return ok("home", f"{root} is not there yet; the first start makes it")
    return ok("home", f"{root} can be written")


def free_disk(root: Path) -> Finding:
    """How much room there is."""
    free = shutil.disk_usage(_existing(root)).free
    told = f"{size(free)} free"
    if free < _NONE_BYTES:
        return fault("disk", told, "make room: runs are refused or fail when the disk is full")
    if free < _LOW_BYTES:
        return warning("disk", told, "make room soon: `forge prune` and `forge delete` forget runs and data sets")
    return ok("disk", told)


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def database(root: Path) -> Finding:
    """Whether the database is whole and of a version that is known; read only, also while a server writes it."""
    path = Home(root).database
    if not path.is_file():
        return ok("database", "none yet")
    # Without a log nobody has written since it was closed; then not even the files of one are made.
    quiet = not path.with_name(f"{path.name}-wal").exists()
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro{'&immutable=1' * quiet}", uri=True, timeout=5)) as found:
            (schema,) = found.execute("PRAGMA user_version").fetchone()
            problems = [row[0] for row in found.execute("PRAGMA quick_check(5)")]
            runs = found.execute("SELECT count(*) FROM runs").fetchone()[0] if schema else 0
    except sqlite3.Error as error:
        return fault("database", f"{path} cannot be read: {error}", _RESTORE)
    if problems != ["ok"]:
        return fault("database", f"{path} is damaged: {'; '.join(problems)}", _RESTORE)
    if schema > len(MIGRATIONS):
        newer = f"{path} was written by a newer version (schema {schema}, this one knows {len(MIGRATIONS)})"
        return fault("database", newer, "upgrade, or choose another FORGE_HOME")
    return ok("database", f"whole, {runs:,} runs, {size(path.stat().st_size)}")


_RESTORE: Final = "stop the server and make a home of a backup with `forge restore`, or choose another FORGE_HOME"


def owner(root: Path) -> int | None:
    """The process that owns the home, None when none does; without touching its lock, which a start may want."""
    path = root / "owner.lock"
    try:
        told = int(json.loads(path.read_bytes())["pid"])
        inode = path.stat().st_ino
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        held = any(
            fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == str(inode)
            for fields in map(str.split, _LOCKS.read_text().splitlines())
            if len(fields) > 5
        )
    except OSError:  # no such file on other systems
        return told if _alive(told) else None
    return told if held else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
