"""Makes a home of a backup, or checks one."""

import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import uuid
from contextlib import closing
from pathlib import Path
from typing import IO, Final, NamedTuple, TypeVar

import msgspec

from server.backup.archive import copy_out, read_members
from server.backup.contents import DATABASE, FORMAT, HEAD, MANIFEST, Copied, Head, Listed
from server.backup.faults import BackupError
from server.backup.snapshot import check_database
from server.data.staging import sync_folder
from server.store.migrations import MIGRATIONS

T = TypeVar("T")
_SPEAKING_LIMIT: Final = 1 << 16
"""Bytes of a head or of a line of a manifest; the longest path in JSON is less than half of it."""
_PLACES: Final = re.compile(rb'"directory":"(?:[^"\\]|\\.)*/(datasets|sources)/')
"""Where a prepared attempt finds what is in the home."""


class Restored(NamedTuple):
    """What a new home holds."""

    head: Head
    store_id: str
    files: int
    bytes: int
    runs: int


def verify(path: Path) -> Head:
    """Reads a whole backup and compares every file with the manifest; BackupError when it is not as it was written."""
    return _Unpacking(path, None).run().head


def restore_backup(path: Path, root: Path) -> Restored:
    """Makes the home at `root`, a folder that is empty or not there; nothing is left when that fails.

    The home gets an id of its own: revisions of the original went on after the backup was made, so they cannot be
    compared with those of the copy, and the two must not share keys in Redis. BackupError, OSError.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BackupError(f"{root} is not empty; name a folder that is, or none")
    root.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    try:
        unpacked = _Unpacking(path, scratch).run()
        store_id, runs = _settle(scratch, unpacked.head, root)
        scratch.chmod(0o755)
        os.sync()  # once for all: file by file it takes ten times as long
        if root.exists():
            root.rmdir()  # or it would not be replaced everywhere
        scratch.rename(root)
        sync_folder(root.parent)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Restored(unpacked.head, store_id, unpacked.files, unpacked.bytes, runs)


class _Unpacked(NamedTuple):
    head: Head
    files: int
    bytes: int


class _Unpacking:
    """One pass through a backup, into a folder or nowhere."""

    def __init__(self, path: Path, folder: Path | None) -> None:
        self._path = path
        self._folder = folder
        self._head: Head | None = None
        self._complete = False
        self._found: dict[str, Copied] = {}

    def run(self) -> _Unpacked:
        read_members(self._path, self._take)
        if self._head is None or not self._complete:
            raise BackupError(f"{self._path} is no backup, or was cut short")
        return _Unpacked(self._head, len(self._found), sum(file.bytes for file in self._found.values()))

    def _take(self, name: str, content: IO[bytes], member: tarfile.TarInfo) -> None:
        if self._complete or (self._head is None and name != HEAD):
            raise BackupError(f"{self._path} is no backup: {name!r} stands where it should not")
        if name == HEAD:
            self._head = _decoded(content.read(_SPEAKING_LIMIT), Head, self._path)
            if self._head.format != FORMAT:
                raise BackupError(f"{self._path} has format {self._head.format}; this version knows {FORMAT}")
        elif name == MANIFEST:
            self._compare(content)
            self._complete = True
        elif name in self._found:
            raise BackupError(f"{self._path} is no backup: it holds {name!r} twice")
        else:
            self._found[name] = self._copied(name, content, member)

    def _compare(self, manifest: IO[bytes]) -> None:
        """With what was found. BackupError names a file that differs, is missing, or is not in the manifest."""
        left = set(self._found)
        while line := manifest.readline(_SPEAKING_LIMIT):
            listed = _decoded(line, Listed, self._path)
            if self._found.get(listed.path) != Copied(bytes=listed.bytes, sha256=listed.sha256):
                raise BackupError(f"{self._path} is damaged: {listed.path} is not as it was written")
            left.discard(listed.path)
        if left:
            raise BackupError(f"{self._path} is damaged: {min(left)} is not in its manifest")

    def _copied(self, name: str, content: IO[bytes], member: tarfile.TarInfo) -> Copied:
        if self._folder is None:
            return copy_out(content, None)
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            copied = copy_out(content, file)
        os.utime(target, (member.mtime, member.mtime))  # an event log's age is that of its file
        target.chmod(0o644 if member.mode & 0o200 else 0o444)
        return copied


def _decoded(content: bytes, type_: type[T], path: Path) -> T:
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{path} is no backup: {error}") from error


def _settle(folder: Path, head: Head, root: Path) -> tuple[str, int]:
    """Makes the database one of the new home; its id, and how many runs it has."""
    store_id = str(uuid.uuid4())
    if not (folder / DATABASE).is_file():
        raise BackupError("the backup holds no database")
    try:
        with closing(sqlite3.connect(folder / DATABASE)) as database, database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if not 1 <= version <= len(MIGRATIONS):
                raise BackupError(f"the backup's database has schema {version}, this version knows {len(MIGRATIONS)}")
            check_database(database, "in the backup")
            database.execute("UPDATE home SET store_id = ?", (store_id,))
            _rename_store(database, head.store_id, store_id)
            _rewrite_places(database, root)
            run_keys = {run_key for (run_key,) in database.execute("SELECT run_key FROM runs")}
    except sqlite3.Error as error:
        raise BackupError(f"the backup's database cannot be read: {error}") from error
    results = folder / "results"
    for run in results.iterdir() if results.is_dir() else ():
        if run.name not in run_keys:  # deleted while the backup was made
            shutil.rmtree(run)
    return store_id, len(run_keys)


def _rename_store(database: sqlite3.Connection, old: str, new: str) -> None:
    """Every run says which store it is in."""
    before, after = f'"storeId":"{old}"', f'"storeId":"{new}"'
    database.execute("UPDATE attempts SET info = CAST(replace(CAST(info AS TEXT), ?, ?) AS BLOB)", (before, after))


def _rewrite_places(database: sqlite3.Connection, root: Path) -> None:
    """What waits or is resumed reads its files here, never in the home it comes from."""
    inner = msgspec.json.encode(str(root.absolute()))[1:-1]

    def moved(found: re.Match[bytes]) -> bytes:
        return b'"directory":"' + inner + b"/" + found[1] + b"/"

    for number, prepared in database.execute("SELECT id, prepared FROM attempts").fetchall():
        database.execute("UPDATE attempts SET prepared = ? WHERE id = ?", (_PLACES.sub(moved, prepared), number))
