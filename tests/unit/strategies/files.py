"""Folders of strategy files."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from server.contract.catalogue import SourceError, StrategyInfo
from server.strategies.discovery import inspect_folders
from server.strategies.source import FoundStrategy, StrategySource


class Folder:
    """A user's folder and the place of the frozen copies."""

    def __init__(self, root: Path) -> None:
        self.path = root / "strategies"
        self.frozen = root / "sources"
        self.path.mkdir()

    def write(self, files: Mapping[str, str]) -> None:
        """Files by their relative paths, under the usual imports."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("from server.strategies import Bar, Sma, Strategy, param\n" + textwrap.dedent(text))

    def inspect(self) -> dict[str, FoundStrategy]:
        """What is found in the folder, without what is shipped."""
        found = inspect_folders([self.path], self.frozen)
        names = {path.name for path in self.path.glob("*.py")}
        return {one.info.name: one for one in found if one.info.file in names}

    def good(self, name: str) -> StrategyInfo:
        """A strategy that loads."""
        found = self.inspect()[name]
        assert found.info.error is None, found.info.error
        return found.info

    def source(self, name: str) -> StrategySource:
        """The frozen copy of a strategy that loads."""
        source = self.inspect()[name].source
        assert source is not None
        return source

    def error(self, name: str) -> SourceError:
        """Why a strategy does not load."""
        found = self.inspect()[name]
        assert found.source is None
        assert found.info.error is not None
        return found.info.error
