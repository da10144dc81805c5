"""`forge watch`."""

import click

from server.cli.asking import asking, server_options


@click.command()
@click.argument("run_key", metavar="RUNKEY")
@click.option(
    "--json", "as_json", is_flag=True, help="Print every state as a line of JSON, the status with result last."
)
@server_options
def watch(run_key: str, as_json: bool) -> None:
    """Follow a run to its end, then print its report.

    Exits with 0 when it completed, 1 when it failed or was cancelled, 130 after Ctrl-C, which leaves the run alone.
    """
    from server.cli.watching import watch_to_end  # takes longer to import than the help may

    with asking() as forge:
        watch_to_end(forge, run_key, run_key, None, as_json=as_json)
