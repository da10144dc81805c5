"""`forge strategies list`."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from server.cli.asking import asking, server_options
from server.cli.completing import strategy_names
from server.cli.console import new_table, print_json, print_table, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from rich.table import Table

    from server.contract.catalogue import ParameterInfo, StrategyInfo


@click.command(name="list")
@click.argument("name", required=False, shell_complete=strategy_names)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers, as one array.")
@server_options
def list_(name: str | None, as_json: bool) -> None:
    """List what can be run, with parameters, and files that do not load. NAME shows that one alone.

    What cannot be compiled runs too, interpreted: of one NAME every reason is shown with its line.
    """
    with asking() as forge:
        found = forge.strategies()
    if name is not None:
        found = _named(found, name)
    if as_json:
        print_json(found)
        return
    for one in found:
        if one.error is None:
            _print(one, whole=name is not None)
    broken = [one for one in found if one.error is not None]
    if broken:
        click.secho("These files do not load:", fg="red", err=True)
        for one in broken:
            click.echo(f"  {broken_line(one)}", err=True)
        click.echo("`forge strategies check FILE` tells more of one.", err=True)


def _named(found: "list[StrategyInfo]", name: str) -> "list[StrategyInfo]":
    named = [one for one in found if one.name == name]
    if not named:
        there = [one.name for one in found if one.error is None]
        near = get_close_matches(name.casefold(), [one.casefold() for one in there], n=1)
        meant = next((one for one in there if near and one.casefold() == near[0]), None)
        hint = f"did you mean {meant}?" if meant else f"there are {', '.join(there) or 'none'}"
        raise Fault(f"there is no strategy {name}; {hint}", code="unknown_strategy")
    return named


def broken_line(one: "StrategyInfo") -> str:
    """`pullback.py:12: invalid syntax`."""
    assert one.error is not None
    line = f":{one.error.line}" if one.error.line else ""
    return f"{one.error.file}{line}: {one.error.message}"


def interpreted_because(one: "StrategyInfo", *, whole: bool) -> list[str]:
    """Why a strategy is not compiled, in lines: the `whole` reason, or its first line."""
    reasons = (one.reason or "").splitlines()
    if one.compilable or not reasons:
        return []
    if whole:
        return ["runs interpreted, not compiled:", *(f"  {line}" for line in reasons)]
    return [f"runs interpreted, not compiled: {reasons[0]}"]


def _print(one: "StrategyInfo", *, whole: bool) -> None:
    place = f"  ({one.file})" if one.file else ""
    say(f"{click.style(one.name, bold=True)} {one.version}{click.style(place, dim=True)}")
    if one.description:
        say(f"  {one.description.strip().splitlines()[0]}")
    for line in interpreted_because(one, whole=whole):
        say(f"  {line}")
    if one.parameters:
        print_table(parameters_table(one.parameters), indent=2, wrap=True)
    say()


def parameters_table(parameters: "list[ParameterInfo]") -> "Table":
    """One parameter a row: name, type, default, bounds or choices, what it is for."""

    from server.contract.base import plain

    table = new_table()
    for heading in ("Parameter", "Type", "Default", "From", "To", "Step"):
        table.add_column(heading, no_wrap=True, justify="left" if heading in ("Parameter", "Type") else "right")
    table.add_column("Meaning")
    for one in parameters:
        bounds = ["" if bound is None else plain(bound) for bound in (one.min, one.max, one.step)]
        choices = f"one of {', '.join(one.choices)}. " if one.choices else ""
        unit = "In quote currency. " if one.unit == "quote" else ""
        table.add_row(one.name, one.type, plain(one.default), *bounds, f"{choices}{unit}{one.description}")
    return table
