"""`forge report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options
from server.cli.console import print_json, say

if TYPE_CHECKING:
    from server.cli.which import Named


@click.command(name="report")
@run_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it; - is standard output.  [RUNKEY.html]",
)
@click.option("--json", "as_json", is_flag=True, help="Print where it was written as one document.")
@server_options
def report(run: str, output: Path | None, as_json: bool) -> None:
    """Save the report of a finished run as one HTML file, which opens anywhere without network.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    from server.cli.saving import save
    from server.cli.which import named_run  # takes longer to import than the help may

    with asking() as forge:
        found: Named = named_run(forge, run)
        text = forge.report(*found)
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    path = output or Path(f"{found.run_key}.html")
    count = save([text.encode()], path)
    if as_json:
        print_json({"runKey": found.run_key, "file": str(path.resolve()), "bytes": count})
    else:
        say(f"{path}")
