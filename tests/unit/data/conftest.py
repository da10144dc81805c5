"""A place to import to."""

from pathlib import Path

import pytest

from tests.unit.data.csv_files import Importer


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    """An empty catalogue."""
    return Importer(tmp_path)
