"""Which runs have files, how much those take, and which of them go before their run."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from server.contract.identity import RUN_KEY_PATTERN
from server.data.staging import sync_folder, write_synced
from server.engine.event_log import EVENTS_FILE

_OURS: Final = re.compile(r"[^.].*_.+_\d{8}-\d{8}_.+")
"""What every RunKey is like: narrower than what is taken for one, since somebody may have put a folder there."""
_RESULT_FILE: Final = "result.json"
_REWRITTEN: Final = ".result.json"


def run_keys(root: Path) -> list[str]:
    """The runs that have a folder under `root`."""
    with suppress(FileNotFoundError), os.scandir(root) as found:
        return [entry.name for entry in found if _OURS.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)]
    return []


def event_logs(root: Path, before_ms: int) -> list[tuple[str, int]]:
    """Run and attempt of the event logs under `root` that were last written before an instant, the oldest first."""
    found = []
    with suppress(FileNotFoundError), os.scandir(root) as runs:
        for run in runs:
            if not RUN_KEY_PATTERN.fullmatch(run.name):
                continue
            for log in Path(run.path).glob(f"*/{EVENTS_FILE}"):
                with suppress(FileNotFoundError, ValueError):  # removed meanwhile; a folder that is no attempt
                    written_ms = log.stat().st_mtime_ns // 1_000_000
                    if written_ms < before_ms:
                        found.append((written_ms, run.name, int(log.parent.name)))
    return [(run_key, attempt) for _, run_key, attempt in sorted(found)]


def forget_event_log(folder: Path) -> None:
    """Removes the log in the folder of an attempt. Its result is put right first: after a crash it is done again.

    A result that is damaged tells nobody of a log, and stays as it is.
    """
    with suppress(FileNotFoundError, msgspec.DecodeError):
        result = msgspec.json.decode((folder / _RESULT_FILE).read_bytes(), type=dict[str, msgspec.Raw])
        if result.get("hasEventLog") != b"false":
            result["hasEventLog"] = msgspec.Raw(b"false")
            write_synced(folder / _REWRITTEN, msgspec.json.encode(result))
            (folder / _REWRITTEN).replace(folder / _RESULT_FILE)
            sync_folder(folder)
    (folder / EVENTS_FILE).unlink(missing_ok=True)


def size_bytes(paths: Iterable[Path]) -> int:
    """What files and folders with all in them take; 0 for what is not there."""
    total = 0
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            total += path.stat().st_size if path.is_file() else size_bytes(path.iterdir())
    return total
