"""`forge status`."""

import shutil
import sys
from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import asking, hint, server_options
from server.cli.console import print_json, say

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.requests import RunKind
    from server.contract.status import AnyStatus

_KINDS: Final[tuple["RunKind", ...]] = ("backtest", "optimization")
_ENDLESS: Final = 10_000
"""Characters of a line in a file, where nothing is cut."""


@click.command()
@click.argument("run", metavar="[RUN]", required=False)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Runs listed.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API; of the list one run a line.")
@server_options
def status(run: str | None, limit: int, as_json: bool) -> None:
    """Show a run with its result, or without RUN the newest runs.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    with asking() as forge:
        if not run:
            _list(forge, limit, as_json=as_json)
        else:
            _show(forge, run, as_json=as_json)


def _show(forge: "Forge", run: str, *, as_json: bool) -> None:
    from server.cli.report import print_end
    from server.cli.which import named_run

    found = forge.status(*named_run(forge, run))
    if as_json:
        print_json(found)
        return
    for line in lines(forge.url, found):
        say(line)
    if found.final:
        print_end(forge, found)
        return
    say(f"  {'next':<13} {hint('watch', found.run_key)}")


def lines(url: str, found: "AnyStatus") -> list[str]:
    """What the run is, and how it stands."""
    from server.client import words
    from server.client.follow import snapshot_of
    from server.contract.status import BacktestStatus

    snapshot = snapshot_of(found)
    if isinstance(found, BacktestStatus):
        kind, given = "backtest", words.settings(found.parameters)
    else:
        kind, given = "optimization", words.axes(found.axes)
    facts = {
        kind: f"attempt {found.attempt}, {words.heading(snapshot)}{words.waiting(found.queue_position)}",
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
    from server.cli.listing import runs_lines

    items = [item for kind in _KINDS for item in forge.runs(kind, sort="-submittedAt", limit=limit).items]
    items = sorted(items, key=lambda item: item.submitted_at, reverse=True)[:limit]
    if as_json:
        for item in items:
            print_json(item, lines=True)
    elif items:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _ENDLESS
        for line in runs_lines(items, width):
            say(line)
    else:
        say("no runs yet; `forge submit --help` says how to start one")
