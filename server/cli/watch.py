"""`forge watch`."""

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options


@click.command()
@run_argument
@click.option(
    "--json", "as_json", is_flag=True, help="Print every state as a line of JSON, the status with result last."
)
@server_options
def watch(run: str, as_json: bool) -> None:
    """Follow a run to its end, then print its report.

    RUN is a RunKey, any part of one that no other run has, or `last`.

    Exits with 0 when it completed, 1 when it failed or was cancelled, 130 after Ctrl-C, which leaves the run alone.
    """
    from server.cli.watching import watch_to_end  # takes longer to import than the help may
    from server.cli.which import named_run

    with asking() as forge:
        run_key, kind = named_run(forge, run)
        watch_to_end(forge, run_key, run_key, kind, as_json=as_json)
