"""`forge status`."""

from typing import TYPE_CHECKING

import click

from server.cli.asking import asking, hint, server_options
from server.cli.completing import run_keys
from server.cli.console import print_json, say
from server.cli.runs import show_runs

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.status import AnyStatus


@click.command()
@click.argument("run", metavar="[RUN]", required=False, shell_complete=run_keys)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Runs listed.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API; the list as one array.")
@server_options
def status(run: str | None, limit: int, as_json: bool) -> None:
    """Show how a run stands, with its result when there is one; without RUN as `forge list` does.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    with asking() as forge:
        if not run:
            show_runs(forge, limit, as_json=as_json)
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
