"""Where the command line writes."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

_ENDLESS: Final = 10_000
"""Characters of a line that no table has."""


def console(width: int | None = None) -> "Console":
    """Standard output, for text that is no markup."""
    from rich.console import Console  # takes longer to import than a command's help may

    return Console(markup=False, highlight=False, emoji=False, width=width)


def new_table(*, header: bool = True) -> "Table":
    """A table without lines, its columns two spaces apart."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=header)


def print_table(table: "Table", *, indent: int = 0, wrap: bool = False) -> None:
    """Prints a table that is never cut: what does not fit is left to the terminal, which keeps it whole for copying.

    With `wrap` its last column is broken between words to fit the terminal.
    """
    from rich.measure import Measurement
    from rich.padding import Padding

    target = console()
    padded = Padding(table, (0, 0, 0, indent), expand=False)
    widest = Measurement.get(target, target.options.update(max_width=_ENDLESS), padded)
    fits = sys.stdout.isatty() and (wrap or widest.maximum <= target.width)
    wide = console(max(target.width, widest.minimum) if fits else widest.maximum)
    with wide.capture() as captured:
        wide.print(padded, crop=False)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def say(text: str = "") -> None:
    """One line for people that is not cut or wrapped."""
    click.echo(text)


def print_json(value: Any, *, lines: bool = False) -> None:
    """A struct of the contract as the API would send it; in one line with `lines`."""
    encoded = msgspec.json.encode(value)
    click.echo(encoded if lines else msgspec.json.format(encoded, indent=2))


def print_problem(problem: "Mapping[str, Any]") -> None:
    """What ended a command, in one line of standard error."""
    click.echo(msgspec.json.encode(problem), err=True)
