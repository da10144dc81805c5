"""A folder of a user's strategies."""

from pathlib import Path

import pytest

from tests.unit.strategies.files import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty one."""
    return Folder(tmp_path)
