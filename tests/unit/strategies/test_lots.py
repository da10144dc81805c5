"""Whether a strategy could draw random numbers."""

from pathlib import Path

import pytest

from server.strategies.lots import may_draw_lots


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("import math\nfrom server.strategies import Strategy, param\n", False),
        ("from collections.abc import Sequence\nfrom helper import half\n", False),
        ("from .helper import half\n", False),
        ("import random\n", True),
        ("import numpy as np\n", True),
        ("def draw():\n    from secrets import randbelow\n", True),
        ("draw = __import__('random').random\n", True),
    ],
)
def test_only_known_modules_are_free_of_chance(tmp_path: Path, text: str, may: bool) -> None:
    (tmp_path / "probe.py").write_text(text)
    (tmp_path / "helper.py").write_text("def half(x):\n    return x / 2\n")
    assert may_draw_lots(tmp_path) is may


def test_what_a_local_module_imports_counts(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text("from tools.dice import roll\n")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "dice.py").write_text("import random\n")
    assert may_draw_lots(tmp_path)
