"""`forge prune`."""

from typing import TYPE_CHECKING

import click
from msgspec import structs

from server.cli.asking import asking, server_options
from server.cli.console import print_json, say

if TYPE_CHECKING:
    from server.contract.retention import Pruning


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, remove nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@server_options
def prune(dry_run: bool, as_json: bool) -> None:
    """Remove now what the server is not set to keep; it does so by itself every ten minutes.

    FORGE_KEEP_RUNS, FORGE_KEEP_DAYS, FORGE_KEEP_EVENT_LOG_DAYS and FORGE_KEEP_DATASET_VERSIONS of the server decide.
    """
    with asking() as forge:
        found = forge.prune(dry_run=dry_run)
        whole = found
        while found.more and not dry_run:
            found = forge.prune()
            whole = _added(whole, found)
    if as_json:
        print_json(whole)
    else:
        _tell(whole)


def _added(one: "Pruning", other: "Pruning") -> "Pruning":
    return structs.replace(
        other,
        runs=[*one.runs, *other.runs],
        event_logs=[*one.event_logs, *other.event_logs],
        datasets=[*one.datasets, *other.datasets],
        bytes=one.bytes + other.bytes,
    )


def _tell(found: "Pruning") -> None:
    if not any(structs.astuple(found.rules)):
        say("everything is kept: FORGE_KEEP_RUNS and the like are not set where the server runs")
        return
    for run in found.runs:
        say(f"{run.run_key}  ended {run.ended_at}")
    for log in found.event_logs:
        say(f"{log.run_key}  the event log of attempt {log.attempt}")
    for dataset_id in found.datasets:
        say(f"{dataset_id}  a data set")
    counts = (
        f"{len(found.runs):,} runs, {len(found.event_logs):,} event logs, {len(found.datasets):,} data sets, "
        f"{found.bytes / 1e6:,.1f} MB"
    )
    say(f"{'would go' if found.dry_run else 'gone'}: {counts}{', and more' if found.more else ''}")
