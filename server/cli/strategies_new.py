"""`forge strategies new`."""

import keyword
import os
import re
from pathlib import Path
from typing import Final

import click

from server.cli.console import print_json, say
from server.cli.faults import Fault
from server.cli.own_strategies import strategies_folder
from server.cli.starters import TEMPLATES, starter

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST: Final = 60


@click.command()
@click.argument("name")
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    default=TEMPLATES[0],
    show_default=True,
    help="sma: two averages; breakout: out of a channel; reversion: by the RSI; bracket: stop loss and take profit; "
    "blank: nothing yet.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to write it, a file or a folder.  [the strategies folder]",
)
@click.option("--json", "as_json", is_flag=True, help="Print name and path as one document.")
def new(name: str, template: str, output: Path | None, as_json: bool) -> None:
    """Begin a strategy called NAME in a file of its own, with comments on what goes where.

    A file that is there stays. The server finds the new one by itself.
    """
    class_name = _class_name(name)
    path = _path(output, f"{_HUMP.sub('_', class_name).lower()}.py")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter(template, class_name))
    except FileExistsError as error:
        raise Fault(f"{path} is there already; choose another name or --output") from error
    except OSError as error:
        raise Fault(f"{path}: {error.strerror or error}") from error
    if as_json:
        print_json({"name": class_name, "file": str(path), "template": template})
        return
    shown = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    say(f"{click.style(class_name, bold=True)} begins in {shown}")
    say(f"  check  forge strategies check {shown}")
    if path.parent == strategies_folder():
        say(f"  run    forge submit {class_name} --asset AAPL --exchange NASDAQ --time-frame 1d --watch")
    else:
        say(f"  run    start the server with FORGE_STRATEGIES={path.parent}, then forge submit {class_name} …")


def _class_name(typed: str) -> str:
    """`my_pullback` and `my-pullback` as `MyPullback`; UsageError for what cannot be a class or a shipped name."""
    name = "".join(word[0].upper() + word[1:] for word in _WORD.findall(typed))
    odd = re.sub(r"[\s_-]", "", _WORD.sub("", typed))
    if odd or not name or name[0].isdigit() or len(name) > _LONGEST or keyword.iskeyword(name):
        raise click.UsageError(
            f"{typed!r} cannot be a strategy's name: give letters and digits, a letter first, such as MyPullback"
        )
    from server.strategies.discovery import SHIPPED_FOLDER  # takes longer to import than the help may

    if any(f"class {name}(" in file.read_text(encoding="utf-8") for file in SHIPPED_FOLDER.glob("*.py")):
        raise click.UsageError(f"there is a shipped strategy {name}; choose another name")
    return name


def _path(output: Path | None, file: str) -> Path:
    if output is None:
        return strategies_folder() / file
    if output.is_dir() or output.suffix != ".py":
        return output.resolve() / file
    return output.resolve()
