"""`forge status`."""

from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import asking, hint, server_options
from server.cli.console import new_table, print_json, print_table, say

if TYPE_CHECKING:
    from rich.table import Table

    from server.client import Forge
    from server.contract.requests import RunKind
    from server.contract.status import AnyStatus, BacktestItem, OptimizationItem

_KINDS: Final[tuple["RunKind", ...]] = ("backtest", "optimization")
_STYLES: Final = {"Completed": "green", "Failed": "red", "Cancelled": "yellow", "Running": "cyan", "Pending": "dim"}


@click.command()
@click.argument("run_key", metavar="[RUNKEY]", required=False)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Runs of each kind listed.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API; of the list one run a line.")
@server_options
def status(run_key: str | None, limit: int, as_json: bool) -> None:
    """Show a run with its result, or without RUNKEY the newest runs."""
    with asking() as forge:
        if not run_key:
            _list(forge, limit, as_json=as_json)
        else:
            _show(forge, run_key, as_json=as_json)


def _show(forge: "Forge", run_key: str, *, as_json: bool) -> None:
    from server.cli.report import print_end

    found = forge.status(run_key)
    if as_json:
        print_json(found)
        return
    for line in lines(forge.url, found):
        say(line)
    if found.final:
        print_end(forge, found)
        return
    say(f"  {'next':<13} {hint('watch', run_key)}")


def lines(url: str, found: "AnyStatus") -> list[str]:
    """What the run is, and how it stands."""
    from server.cli import words
    from server.client.follow import snapshot_of
    from server.contract.status import BacktestStatus

    snapshot = snapshot_of(found)
    queue = "" if found.queue_position is None else f", place {found.queue_position} in the queue"
    if isinstance(found, BacktestStatus):
        kind, given = "backtest", words.settings(found.parameters)
    else:
        kind, given = "optimization", words.axes(found.axes)
    facts = {
        kind: f"attempt {found.attempt}, {words.heading(snapshot)}{queue}",
        "progress": words.progress(snapshot),
        "data": f"{found.asset_name} {found.exchange} {found.time_frame}, "
        f"{words.minute(found.start_time)} to {words.minute(found.end_time)}",
        "parameters": given,
        "submitted": words.minute(found.submitted_at),
        "page": f"{url}/{kind}s/{found.run_key}",
    }
    if found.label:
        facts["label"] = found.label
    return [click.style(found.run_key, bold=True), *(f"  {name:<13} {fact}" for name, fact in facts.items())]


def _list(forge: "Forge", limit: int, *, as_json: bool) -> None:
    items = [item for kind in _KINDS for item in forge.runs(kind, limit=limit).items]
    items.sort(key=lambda item: item.submitted_at, reverse=True)
    if as_json:
        for item in items:
            print_json(item, lines=True)
    elif items:
        print_table(runs_table(items))
    else:
        say("no runs yet; `forge submit --help` says how to start one")


def runs_table(items: "list[BacktestItem | OptimizationItem]") -> "Table":
    """One run a row, the newest first."""
    from rich.text import Text

    from server.cli import words

    table = new_table()
    table.add_column("Status", no_wrap=True)
    table.add_column("Done", justify="right", no_wrap=True)
    table.add_column("Net profit", justify="right", no_wrap=True)
    table.add_column("Submitted", no_wrap=True)
    table.add_column("Run", overflow="fold")
    for item in items:
        done = item.processed + item.failed + item.skipped
        profit = None if item.metrics is None else item.metrics.net_profit
        table.add_row(
            Text(item.status, style=_STYLES[item.status]),
            words.share(done, item.total),
            words.amount(profit),
            words.minute(item.submitted_at),
            item.run_key,
        )
    return table
