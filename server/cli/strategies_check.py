"""`forge strategies check`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server import logs
from server.cli.console import print_json, say
from server.cli.faults import FAILED, Fault
from server.cli.own_strategies import strategies_folder

if TYPE_CHECKING:
    from server.cli.trying import Check, Checked, Flaw


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one document.")
def check(file: Path, as_json: bool) -> None:
    """Load FILE as the server would, and run what is in it over demo bars. Needs no server.

    FILE is a path, or the name of a file in the strategies folder. Tells why it does not load, whether its strategies
    compile and why not, and how a run with the default parameters went over the bars of Apple, 2019 to 2024. Exits with
    1 when something does not load or run.
    """
    path = _found(file)
    import asyncio  # takes longer to import than the help may

    from server.cli.trying import check as tried

    try:
        with logs.silent():  # that a file killed its process is told below
            checked = asyncio.run(tried(path, whole_folder=path.parent == strategies_folder()))
    except (OSError, RuntimeError, TimeoutError) as error:
        raise Fault(f"no process could be started to load {path}: {error}") from error
    if as_json:
        print_json(checked)
    else:
        for line in lines(checked):
            say(line)
    if not checked.ok:
        raise click.exceptions.Exit(FAILED)


def _found(file: Path) -> Path:
    inside = strategies_folder() / file
    for path in (file, inside, inside.with_name(f"{inside.name}.py")):
        if path.is_file():
            return path.resolve()
    raise Fault(f"{file}: there is no such file, here or in {inside.parent}", code="not_found")


def lines(checked: "Check") -> list[str]:
    """What is wrong with the file, then each of its strategies."""
    found = [line for flaw in checked.flaws for line in _flaw(flaw)]
    for one in checked.strategies:
        found += _strategy(one)
    found.append("")
    found.append(
        click.style("all is well", fg="green") if checked.ok else click.style("something is wrong", fg="red", bold=True)
    )
    return found


def _flaw(flaw: "Flaw") -> list[str]:
    place = ":".join([flaw.file, *(str(number) for number in (flaw.line, flaw.column) if number)])
    told = [f"{click.style(place, bold=True)}: {click.style(flaw.message, fg='red')}"]
    if flaw.text:
        before = "".join("\t" if letter == "\t" else " " for letter in flaw.text[: flaw.column - 1])
        told += [f"    {flaw.text}", f"    {before}^"]
    return told


def _strategy(one: "Checked") -> list[str]:
    from server.client.words import amount, settings, several, took

    told = [f"{click.style(one.name, bold=True)} {one.version}"]
    if one.description:
        told.append(f"  {one.description.splitlines()[0]}")
    told.append("  loads")
    if one.compilable:
        told.append("  compiles")
    else:
        told.append(click.style("  runs interpreted, not compiled:", fg="yellow"))
        told += [f"    {line}" for line in (one.reason or "").splitlines()]
    with_ = f" with {settings(one.parameters)}" if one.parameters else ""
    if one.ran.failure is not None:
        told.append(f"  {click.style('fails', fg='red', bold=True)}{with_}: {one.ran.failure}")
        told += [f"    {line}" for line in (one.ran.stack_trace or "").splitlines()]
        return told
    told.append(
        f"  runs{with_}: {several(one.ran.bars, 'bar')} in {took(one.ran.duration_ms / 1000)}, "
        f"{several(one.ran.fills, 'fill')}, net profit {amount(one.ran.net_profit)}"
    )
    told += [f"  {click.style('warning:', fg='yellow')} {warning}" for warning in one.ran.warnings]
    if not one.ran.fills:
        told.append(f"  {click.style('note:', fg='yellow')} no order was filled: does it wait for rarer or other bars?")
    return told
