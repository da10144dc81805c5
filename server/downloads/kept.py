"""What the home keeps of a download beside its bars, so that it goes on after a restart."""

import logging
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from server.contract.downloads import Download, DownloadRequest
from server.engine.tables import write_atomically

_log: Final = logging.getLogger(__name__)
_FILE: Final = "download.json"
_REMOVED: Final = ".removed-"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`download.json`: what was asked, and how far it was when that last changed in kind."""

    request: DownloadRequest
    download: Download


def keep(folder: Path, kept: Kept) -> None:
    """Writes it whole or not at all; OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_atomically(folder / _FILE, msgspec.json.encode(kept))
    except OSError:
        with suppress(OSError):  # it holds something
            folder.rmdir()
        raise


def read_all(root: Path) -> list[Kept]:
    """Every download of the home, those asked for first first; what a crash half removed goes."""
    root.mkdir(parents=True, exist_ok=True)
    found = []
    for folder in root.iterdir():
        if folder.name.startswith(_REMOVED):
            shutil.rmtree(folder, ignore_errors=True)
            continue
        try:
            found.append(msgspec.json.decode((folder / _FILE).read_bytes(), type=Kept))
        except (OSError, msgspec.DecodeError) as error:  # one that is broken does not hide the others
            _log.warning("a download cannot be read", extra={"folder": folder.name, "reason": str(error)})
    return sorted(found, key=lambda kept: kept.download.submitted_at)


def forget(folder: Path) -> None:
    """Deletes it with its bars: gone at once by its name, then by its files."""
    if folder.exists():
        gone = folder.rename(folder.with_name(f"{_REMOVED}{uuid.uuid4().hex}"))
        shutil.rmtree(gone, ignore_errors=True)
