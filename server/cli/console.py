"""Where the command line writes."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_FILE_WIDTH: Final = 200
"""Characters of a line in what is no terminal: tables there are for programs, and are cut nowhere."""


def console() -> "Console":
    """Standard output, for text that is no markup."""
    from rich.console import Console  # takes longer to import than a command's help may

    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False, width=width)


def new_table(*, header: bool = True) -> "Table":
    """A table without lines, its columns two spaces apart."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=header)


def say(text: str = "") -> None:
    """One line for people that is not cut or wrapped."""
    click.echo(text)


def print_json(value: Any, *, lines: bool = False) -> None:
    """A struct of the contract as the API would send it; in one line with `lines`."""
    encoded = msgspec.json.encode(value)
    click.echo(encoded if lines else msgspec.json.format(encoded, indent=2))
