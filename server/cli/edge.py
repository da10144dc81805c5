"""`forge edge`."""

from contextlib import suppress

import click

from server.cli.faults import Fault, SettingsFault
from server.settings import Settings, SettingsError, checked_url


@click.command()
@click.option("--owner", metavar="URL", required=True, help="Where `forge serve` answers, like http://10.0.0.5:8000.")
@click.option("--port", metavar="N", help="Port to listen on; 0 takes a free one.  [PORT, 8000]")
@click.option("--host", metavar="ADDRESS", help="Address to listen on.  [HOST, 127.0.0.1]")
@click.option("--shared-port", is_flag=True, help="Listen on a port that other edges of this machine listen on too.")
@click.option("--with-parent", is_flag=True, hidden=True)
def edge(owner: str, port: str | None, host: str | None, shared_port: bool, with_parent: bool) -> None:
    """Serve sockets, the page and live states beside the owner of the runs; all else is passed on to it.

    Needs REDIS_URL, the same as the owner's, and its FORGE_TOKEN when it has one.
    """
    given = {"PORT": port, "HOST": host}
    try:
        settings = Settings.from_environment({name: text for name, text in given.items() if text is not None})
        owner_url = checked_url(owner, "--owner")
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    with suppress(KeyboardInterrupt):  # before the server takes the signal itself
        _serve(settings, owner_url, shared_port=shared_port, with_parent=with_parent)
    if not with_parent:
        click.echo("stopped", err=True)


def _serve(settings: Settings, owner_url: str, *, shared_port: bool, with_parent: bool) -> None:
    # Here and not above: importing the server takes longer than a command's help may.
    from server.edge.serve import run_edge
    from server.listening import ServeError

    def on_started(address: str) -> None:
        click.echo(f"{click.style('AlgoTradeForge edge', bold=True)} at {address}, owner {owner_url}")

    try:
        run_edge(settings, owner_url, on_started, shared=shared_port, with_parent=with_parent)
    except ServeError as error:
        raise Fault(str(error)) from error
