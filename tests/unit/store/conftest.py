"""A store in a real file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.store.database import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is made."""
    return tmp_path / "forge.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """An empty one."""
    async with SqliteStore.open(path) as opened:
        yield opened
