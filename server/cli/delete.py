"""`forge delete`."""

import click

from server.cli.asking import asking, server_options
from server.cli.console import say


@click.command()
@click.argument("key", metavar="RUNKEY|DATASET")
@click.option("--dataset", is_flag=True, help="Delete the data set with this id instead of a run.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@server_options
def delete(key: str, dataset: bool, yes: bool) -> None:
    """Forget a run with its results. One that is under way is cancelled first."""
    what = f"data set {key}" if dataset else key
    if not yes:
        click.confirm(f"Delete {what}?", abort=True)
    with asking() as forge:
        if dataset:
            forge.delete_dataset(key)
        else:
            forge.delete(key)
    say(f"{what} is deleted")
