"""Writes the part of docs/cli.md that the commands themselves tell: `python -m tests.cli_reference`."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from server.cli.faults import EXIT_CODES
from server.cli.main import forge

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "cli.md"
BEGIN: Final = "<!-- commands -->\n"
END: Final = "<!-- /commands -->"
EXIT_BEGIN: Final = "<!-- exit codes -->\n"
EXIT_END: Final = "<!-- /exit codes -->"
_OF_ALL: Final = ("--help", "--url", "--token")
"""Told once, at the top."""


def commands(group: click.Group, parent: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below a group with the words that call it, a group before its own."""
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        yield context.command_path, command, context
        if isinstance(command, click.Group):
            yield from commands(command, context)


def all_commands() -> list[tuple[str, click.Command, click.Context]]:
    """The whole table."""
    return list(commands(forge, click.Context(forge, info_name="forge")))


def reference() -> str:
    """A section for each command: how it is called, what it does, its options."""
    return "\n".join(_section(path, command, context) for path, command, context in all_commands())


def exit_codes() -> str:
    """Every exit code with its meaning."""
    rows = "".join(f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES.items())
    return f"| Code | Means |\n|---|---|\n{rows}"


def _section(path: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    text = inspect.cleandoc(command.help or "")
    paragraphs = [_paragraph(part) for part in text.split("\n\n")]
    told = [f"{'###' if path.count(' ') == 1 else '####'} {path}\n", f"```\n{usage}\n```\n", *paragraphs]
    records = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option)
        and not set(_OF_ALL).intersection(parameter.opts)
        and (record := parameter.get_help_record(context))
    ]
    if records:
        rows = "".join(f"| `{_cell(opts)}` | {_cell(meaning)} |\n" for opts, meaning in records)
        told.append(f"| Option | |\n|---|---|\n{rows}")
    return "\n".join(told)


def _paragraph(text: str) -> str:
    if text.startswith("\b"):
        return f"```\n{text.removeprefix(chr(8)).strip()}\n```\n"
    return f"{' '.join(text.split())}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def written(document: str) -> str:
    """The document with what is told here put in."""
    document = _between(document, BEGIN, END, reference())
    return _between(document, EXIT_BEGIN, EXIT_END, exit_codes())


def _between(document: str, begin: str, end: str, text: str) -> str:
    before, _, rest = document.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{text}{end}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
