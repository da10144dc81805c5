"""A store in a real file, and the files of results."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.store.database import SqliteStore
from server.store.results import ResultFiles
from tests.unit.store.runs import key_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is made."""
    return tmp_path / "forge.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """An empty one."""
    async with SqliteStore.open(path) as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> ResultFiles:
    """Readers of an empty folder."""
    return ResultFiles(tmp_path / "results")


@pytest.fixture
def folder(files: ResultFiles) -> Path:
    """The folder of an attempt."""
    return files.attempt_dir(key_of(1), 1, create=True)
