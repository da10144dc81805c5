"""`forge delete`."""

from typing import TYPE_CHECKING

import click

from server.cli.asking import asking, server_options
from server.cli.completing import run_keys
from server.cli.console import print_json, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from server.client import Forge


@click.command()
@click.argument("key", metavar="RUN|DATASET", shell_complete=run_keys)
@click.option("--dataset", is_flag=True, help="Delete the data set with this id instead of a run.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print what was deleted as one document.")
@server_options
def delete(key: str, dataset: bool, yes: bool, as_json: bool) -> None:
    """Forget a run with its results. One that is under way is cancelled first.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    if as_json and not yes:
        raise click.UsageError("--json asks nothing; say --yes too")
    with asking() as forge:
        deleted = _delete_dataset(forge, key, yes=yes) if dataset else _delete_run(forge, key, yes=yes)
    if as_json:
        print_json({"datasetId" if dataset else "runKey": deleted, "deleted": True})
    else:
        say(f"{'data set ' if dataset else ''}{deleted} is deleted")


def _delete_run(forge: "Forge", typed: str, *, yes: bool) -> str:
    from server.cli.which import named_run  # takes longer to import than the help may

    run_key, kind = named_run(forge, typed)
    if not yes:
        found = forge.status(run_key, kind)
        click.confirm(
            f"Delete {run_key} ({found.asset_name} {found.time_frame}, {found.status})?", abort=True, err=True
        )
    forge.delete(run_key, kind)
    return run_key


def _delete_dataset(forge: "Forge", dataset_id: str, *, yes: bool) -> str:
    if dataset_id not in (one.id for one in forge.datasets()):
        raise Fault(f"there is no data set {dataset_id}; `forge datasets` lists the ids", code="not_found")
    if not yes:
        click.confirm(f"Delete data set {dataset_id}?", abort=True, err=True)
    forge.delete_dataset(dataset_id)
    return dataset_id
