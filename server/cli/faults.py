"""What ends a command early: for reasons that the user can act on."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, Final

import click

FAILED: Final = 1
MISUSED: Final = 2
INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells have it."""
EXIT_CODES: Final[Mapping[int, str]] = {
    0: "Done as asked; of a run that was watched: it completed.",
    FAILED: "Not done: refused, not found, no server, a run that failed or was cancelled, a check that found a fault.",
    MISUSED: "Asked wrongly: an unknown command or option, a bad value, a bad setting.",
    INTERRUPTED: "Ctrl-C; a run that was watched goes on.",
}


class Fault(click.ClickException):
    """Something is wrong that the user can put right: printed in plain words, never as a traceback.

    `code` as the API has it where there is one; `errors` name fields, each with `path` and `message`; `told` is what
    people read in place of code and detail.
    """

    exit_code = FAILED

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        told: str | None = None,
    ) -> None:
        super().__init__(told or (f"{code}: {detail}" if code else detail))
        self.detail = detail
        self.code = code
        self.errors = errors

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the message to standard error."""
        click.echo(f"{click.style('error:', fg='red', bold=True)} {self.message}", file=file, err=file is None)


class Aborted(Fault):
    """The user said no, or ended the command."""

    exit_code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__("aborted", code="aborted")

    def show(self, file: IO[Any] | None = None) -> None:
        """Says so; nothing is wrong."""
        click.echo("aborted", file=file, err=file is None)


class SettingsFault(Fault):
    """Settings are wrong; each is named on a line of its own."""

    exit_code = MISUSED

    def __init__(self, faults: list[str]) -> None:
        listed = "".join(f"\n  {fault}" for fault in faults)
        told = f"{'a setting is' if len(faults) == 1 else 'some settings are'} wrong{listed}"
        errors = [{"path": fault.partition("=")[0].partition(":")[0], "message": fault} for fault in faults]
        super().__init__("; ".join(faults), code="bad_settings", errors=errors, told=told)


def problem_of(error: click.ClickException) -> dict[str, Any]:
    """What ended a command, for programs: the members of the API's problems that mean anything here."""
    fault = error if isinstance(error, Fault) else None
    code = (fault.code if fault else "bad_usage") or "failed"
    detail = fault.detail if fault else error.format_message()
    return {
        "type": f"urn:forge:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "detail": detail,
        "code": code,
        "error": detail,
        "errors": list(fault.errors) if fault else [],
        "exitCode": error.exit_code,
    }
