"""The folder in which everything is kept, owned by one process at a time."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeInUse(Exception):
    """Another process owns the home."""

    def __init__(self, home: Path, owner: str) -> None:
        super().__init__(f"{home} is in use by {owner}; stop it, or choose another FORGE_HOME")
        self.home = home
        self.owner = owner


class Home:
    """The layout of the home folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "forge.sqlite3"
        self.datasets = root / "datasets"
        self.downloads = root / "downloads"
        self.results = root / "results"
        self.sources = root / "sources"
        self.watched = root / "watched.json"
        self.speeds = root / "speeds.json"

    def prepare(self) -> None:
        """Makes the folders; only the owner may call it."""
        for folder in (self.datasets, self.results, self.sources):
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Holds the exclusive lock of the home; HomeInUse names the process that has it."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / "owner.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise HomeInUse(self.root, _owner(path)) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps({"pid": os.getpid()}).encode(), 0)
            yield
        finally:
            os.close(descriptor)


def _owner(path: Path) -> str:
    try:
        return f"process {json.loads(path.read_bytes())['pid']}"
    except (OSError, ValueError, KeyError):
        return "another process"
