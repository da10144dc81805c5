"""Copies a home into a file, whether its server runs or not."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

import server
from server.backup.archive import ArchiveWriter, is_plain, writing
from server.backup.contents import DATABASE, FORMAT, HEAD, MANIFEST, Head, encoded, manifest_lines
from server.backup.faults import BackupError
from server.backup.restore import verify
from server.backup.scratch import scratch_beside
from server.backup.snapshot import KeptAttempt, Snapshot, unfinished
from server.contract.base import format_instant
from server.data.staging import sync_folder
from server.runs.home import Home
from server.store.results import RESULT_FILE

_STRATEGIES: Final = "strategies"


class Written(NamedTuple):
    """What a backup holds.

    `missing`: completed runs whose result the home itself has lost; `left_out`: files whose names a backup cannot hold,
    with what cannot be printed in them escaped.
    """

    files: int
    bytes: int
    runs: int
    missing: list[str]
    left_out: list[str]


def write_backup(root: Path, target: Path) -> Written:
    """Copies the home at `root` to the file `target`, which must not exist, and reads it again to check it.

    First the database of one instant, then the files that it names: those are written before the end that names them is
    committed, and do not change, but for event logs that retention removes. What is deleted or changed so meanwhile is
    put right in the copy of the database, which is added last. BackupError, OSError.
    """
    home = Home(root)
    if not home.database.is_file():
        raise BackupError(f"{root} is no home: it has no {DATABASE}")
    if target.exists():
        raise BackupError(f"{target} is there already")
    with scratch_beside(target) as scratch:
        partial = scratch / target.name
        with partial.open("xb") as raw:
            partial.chmod(0o600)  # whoever reads it reads every result
            with writing(raw, target.name) as archive:
                written = _Copy(home, archive, Snapshot(home.database, scratch / DATABASE)).make()
        verify(partial)
        _sync(partial)
        partial.rename(target)
        sync_folder(target.absolute().parent)
    return written


class _Copy:
    """One home on its way into an archive."""

    def __init__(self, home: Home, archive: ArchiveWriter, snapshot: Snapshot) -> None:
        self._home = home
        self._archive = archive
        self._snapshot = snapshot
        self._left_out: set[str] = set()

    def make(self) -> Written:
        store_id = self._snapshot.take()
        now = format_instant(time.time_ns() // 1_000_000)
        head = Head(format=FORMAT, store_id=store_id, version=server.__version__, created_at=now)
        self._archive.add_bytes(HEAD, encoded(head))
        kept, lost = self._results()
        for folder in (self._home.datasets, self._home.sources):
            for path in _visible(folder):
                self._whole_folder(path, read_only=folder == self._home.sources)
        self._loose_files()
        gone = self._snapshot.gone_since(kept)
        self._snapshot.drop(gone)
        self._snapshot.take_over_prepared()
        with self._snapshot.path.open("rb") as database:
            self._archive.add(DATABASE, database, os.fstat(database.fileno()).st_size)
        with tempfile.TemporaryFile(dir=self._snapshot.path.parent) as manifest:
            manifest.writelines(manifest_lines(self._archive.copied))
            size = manifest.tell()
            manifest.seek(0)
            copied = [file for name, file in self._archive.copied.items() if name != HEAD]
            self._archive.add(MANIFEST, manifest, size)
        runs = {attempt.run_key for attempt, _, _ in self._snapshot.attempts()}
        size = sum(file.bytes for file in copied)
        return Written(len(copied), size, len(runs), sorted(lost - gone), sorted(self._left_out))

    def _results(self) -> tuple[list[KeptAttempt], set[str]]:
        """Copies the files of attempts; those that have ended, and the runs whose result was not there."""
        ended, lost = [], set()
        for attempt, kind, status in self._snapshot.attempts():
            folder = self._home.results / attempt.run_key / str(attempt.attempt)
            if unfinished(status):
                # Of what goes on only the trials are of use: after the restore a sweep goes on with them.
                if kind == "optimization":
                    self._result_folder(folder)
                continue
            ended.append(attempt)
            self._result_folder(folder)
            if status == "Completed" and self._name(folder / RESULT_FILE) not in self._archive.copied:
                lost.add(attempt.run_key)
        return ended, lost

    def _result_folder(self, folder: Path) -> None:
        """All files of an attempt. Looks again when one went: trials are put together from chunks, which then go."""
        looking = True
        while looking:
            looking = False
            try:
                for path in self._files(folder):
                    if self._name(path) not in self._archive.copied:
                        with path.open("rb") as file:
                            self._add(path, file)
            except FileNotFoundError:
                looking = True

    def _whole_folder(self, folder: Path, *, read_only: bool = False) -> None:
        """All files of a folder, or none when it goes meanwhile: what is open stays whole."""
        with ExitStack() as stack, suppress(FileNotFoundError):
            paths = list(self._files(folder))
            files = [stack.enter_context(path.open("rb")) for path in paths]
            for path, file in zip(paths, files, strict=True):
                self._add(path, file, read_only=read_only)

    def _loose_files(self) -> None:
        """What changes in place: read at once."""
        for path in (self._home.speeds, *self._files(self._home.root / _STRATEGIES)):
            with suppress(FileNotFoundError):
                self._archive.add_bytes(self._name(path), path.read_bytes(), mtime_s=path.stat().st_mtime)

    def _add(self, path: Path, file: IO[bytes], *, read_only: bool = False) -> None:
        told = os.fstat(file.fileno())
        self._archive.add(self._name(path), file, told.st_size, mtime_s=told.st_mtime, read_only=read_only)

    def _files(self, folder: Path) -> Iterator[Path]:
        """Those below whose names can be restored: one odd name must not cost the whole backup."""
        for path in _files(folder):
            name = self._name(path)
            if is_plain(name):
                yield path
            else:
                self._left_out.add(repr(name)[1:-1])

    def _name(self, path: Path) -> str:
        return path.relative_to(self._home.root).as_posix()


def _sync(path: Path) -> None:
    """Makes a file survive a power cut; whoever packed it has closed it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _visible(folder: Path) -> list[Path]:
    """What is in a folder and is no scratch; nothing when the folder is not there."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "__pycache__")


def _files(folder: Path) -> Iterator[Path]:
    """Every plain file below, without scratch ones and without what links lead to."""
    for path in _visible(folder):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file() or not path.exists():  # whoever opens what has gone since looks again
            yield path
