"""What `forge strategies new` begins a file with: strategies like any other, whose class is called Starter."""

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent
_CLASS: Final = "Starter"
TEMPLATES: Final = ("sma", "breakout", "reversion", "bracket", "blank")
"""Each is a file beside this one."""


def starter(template: str, name: str) -> str:
    """The text of a file with a strategy called `name`."""
    return (_FOLDER / f"{template}.py").read_text(encoding="utf-8").replace(_CLASS, name)
