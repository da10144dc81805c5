"""`forge cancel`."""

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options
from server.cli.console import print_json, say


@click.command()
@run_argument
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API.")
@server_options
def cancel(run: str, as_json: bool) -> None:
    """Stop a run. Finished trials of an optimization are kept.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    from server.cli.which import named_run  # takes longer to import than the help may

    with asking() as forge:
        answer = forge.cancel(*named_run(forge, run))
    if as_json:
        print_json(answer)
    elif answer.status == "Cancelled":
        say(f"{answer.run_key} is cancelled")
    else:
        say(f"{answer.run_key} was {answer.status} and is asked to stop")
