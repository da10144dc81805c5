"""`forge cancel`."""

import click

from server.cli.asking import asking, server_options
from server.cli.console import print_json, say


@click.command()
@click.argument("run_key", metavar="RUNKEY")
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API.")
@server_options
def cancel(run_key: str, as_json: bool) -> None:
    """Stop a run. Finished trials of an optimization are kept."""
    with asking() as forge:
        answer = forge.cancel(run_key)
    if as_json:
        print_json(answer)
    elif answer.status == "Cancelled":
        say(f"{answer.run_key} is cancelled")
    else:
        say(f"{answer.run_key} was {answer.status} and is asked to stop")
