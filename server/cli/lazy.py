"""A group of commands whose modules are imported when they are used."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import click


class Later(NamedTuple):
    """Where a command is (`module:attribute`), and what the list of commands says about it."""

    place: str
    summary: str


class LazyGroup(click.Group):
    """Lists its commands without importing them, so that `--help` and completion answer at once."""

    def __init__(self, *args: Any, later: Mapping[str, Later], **options: Any) -> None:
        super().__init__(*args, **options)
        self._later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(self._later)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command of that name."""
        later = self._later.get(cmd_name)
        if later is None:
            return None
        module, _, attribute = later.place.partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As every group does, but names what an unknown command may have meant."""
        typed = args[0]
        if typed in self._later or ctx.resilient_parsing or typed.startswith("-"):
            return super().resolve_command(ctx, args)
        near = get_close_matches(typed.casefold(), self._later, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"`{ctx.command_path} --help` lists them."
        raise click.UsageError(f"No such command '{typed}'; {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, later.summary) for name, later in self._later.items()])
