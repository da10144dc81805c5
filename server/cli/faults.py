"""What ends a command early: for reasons that the user can act on."""

from typing import IO, Any, Final

import click

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells have it."""


class Fault(click.ClickException):
    """Something is wrong that the user can put right: printed in plain words, never as a traceback."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the message to standard error."""
        click.echo(f"{click.style('error:', fg='red', bold=True)} {self.message}", file=file, err=file is None)


class SettingsFault(Fault):
    """Settings are wrong; each is named on a line of its own."""

    exit_code = 2

    def __init__(self, faults: list[str]) -> None:
        listed = "".join(f"\n  {fault}" for fault in faults)
        super().__init__(f"{'a setting is' if len(faults) == 1 else 'some settings are'} wrong{listed}")
