"""Strategies that stand in a text, as modules."""

import importlib.util
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.documents.texts import blocks_of, is_lines_of_a_strategy, is_strategy

_FRAGMENT: Final = """\
from server.strategies import DAY, Bar, Strategy


class Fragment(Strategy):
    def on_bar(self, bar: Bar) -> None:
        quantity = 1.0
        level = bar.high + 10
"""
"""What stands around lines of a strategy that a text shows without it."""


def code_in(name: str) -> list[str]:
    """The strategies in a text, lines of an `on_bar` completed to one."""
    blocks = [block for block in blocks_of(name) if is_strategy(block)]
    return [
        _FRAGMENT + textwrap.indent(block.code, " " * 8) if is_lines_of_a_strategy(block) else block.code
        for block in blocks
    ]


def loaded(code: str, folder: Path) -> ModuleType:
    """The module with this text, which the compiler reads from its file."""
    path = folder / "example.py"
    path.write_text(code)
    spec = importlib.util.spec_from_file_location("example", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
