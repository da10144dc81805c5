"""Makes a data set version appear in the catalogue whole or not at all."""

import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from server.contract.base import format_instant
from server.contract.catalogue import DatasetInfo, DatasetKind
from server.contract.problems import ForgeError
from server.data.gaps import GapReport
from server.data.instrument import Instrument
from server.data.naming import dataset_id
from server.data.stored import DATASET_FILE, StoredDataset, read_stored

STAGING_FOLDER: Final = ".staging"
_LOCK_FILE: Final = ".lock"
_DATASET_FOLDER: Final = "dataset"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A version before it has a number: all that is known once its rows are written."""

    instrument: Instrument
    time_frame: str
    content_hash: str
    rows: int
    first_ms: int
    last_ms: int
    gaps: GapReport
    quarantined: int = 0
    source: str
    synthetic: bool
    ingested_ms: int
    derived_from: str | None = None
    kind: DatasetKind = "bars"


class Stage:
    """A scratch folder of one import: `dataset` becomes the version, `scratch` goes away with it."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self.scratch = folder
        self.dataset = folder / _DATASET_FOLDER
        self.dataset.mkdir()

    def publish(self, draft: Draft) -> tuple[DatasetInfo, bool]:
        """Moves the written rows into the catalogue as the next version of their series.

        Returns the version and whether it is new: the same content of the same series is there only once.
        """
        names = (draft.instrument.asset_name, draft.instrument.exchange, draft.time_frame)
        # Derived bars have a folder of their own: it goes when their source does.
        identity = dataset_id(*names, draft.content_hash + (draft.derived_from or ""))
        target = self._root / identity
        with _locked(self._root):
            with suppress(OSError, ValueError):
                return read_stored(target).info, False
            info = _describe(draft, identity, _next_version(self._root, names))
            stored = StoredDataset(info=info, instrument=draft.instrument, derived_from=draft.derived_from)
            write_synced(self.dataset / DATASET_FILE, msgspec.json.encode(stored))
            sync_folder(self.dataset)
            if target.exists():  # something broken of that name
                target.rename(self.scratch / "broken")
            self.dataset.rename(target)
            sync_folder(self._root)
        return info, True


@contextmanager
def staged(root: Path) -> Iterator[Stage]:
    """A stage in the catalogue at `root`, deleted with all that was not published, after a crash by the next one.

    Raises ForgeError `disk_full` for what the body could not write.
    """
    with disk_full_refused():
        folder, guard = _new_folder(root)
        try:
            yield Stage(root, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(guard)


def remove_leftovers(root: Path) -> None:
    """Deletes the stages of processes that died; those in use stay."""
    with _locked(root):
        _remove_leftovers(root)


def discard(root: Path, folder: Path) -> None:
    """Deletes a version: gone at once, its files as soon as nobody has them mapped. FileNotFoundError if not there."""
    with staged(root) as stage:
        folder.rename(stage.scratch / "removed")
        sync_folder(root)


def write_synced(path: Path, content: bytes) -> None:
    """Writes a file that survives a power cut."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_full_refused() -> Iterator[None]:
    """Turns a full disk into the error that says so."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ForgeError("disk_full", "The disk is full; nothing was imported.") from error
        raise


def _new_folder(root: Path) -> tuple[Path, int]:
    """A folder and the descriptor that holds its lock: the system lets it go when the process ends, however it ends."""
    with _locked(root):
        _remove_leftovers(root)
        folder = root / STAGING_FOLDER / uuid.uuid4().hex
        folder.mkdir()
        guard = os.open(folder, os.O_RDONLY)
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder, guard


def _remove_leftovers(root: Path) -> None:
    for folder in (root / STAGING_FOLDER).iterdir():
        if not folder.is_dir():
            continue
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # its process lives
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Holds the one lock of the catalogue: two imports of a series must not take the same version."""
    staging = root / STAGING_FOLDER
    staging.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(staging / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _next_version(root: Path, names: tuple[str, str, str]) -> int:
    version = 0
    for folder in root.iterdir():
        if folder.name.startswith("."):
            continue
        with suppress(OSError, ValueError):
            info = read_stored(folder).info
            if (info.asset_name, info.exchange, info.time_frame) == names:
                version = max(version, info.version)
    return version + 1


def _describe(draft: Draft, identity: str, version: int) -> DatasetInfo:
    instrument = draft.instrument
    return DatasetInfo(
        id=identity,
        asset_name=instrument.asset_name,
        exchange=instrument.exchange,
        time_frame=draft.time_frame,
        version=version,
        content_hash=draft.content_hash,
        rows=draft.rows,
        first=format_instant(draft.first_ms),
        last=format_instant(draft.last_ms),
        tick_size=float(instrument.tick_size),
        lot_size=float(instrument.lot_size),
        quote=instrument.quote,
        multiplier=float(instrument.multiplier),
        gaps=draft.gaps.longest,
        gap_count=draft.gaps.total,
        quarantined=draft.quarantined,
        source=draft.source,
        ingested_at=format_instant(draft.ingested_ms),
        synthetic=draft.synthetic,
        kind=draft.kind,
    )
