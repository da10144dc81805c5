"""`forge demo`."""

import webbrowser
from typing import Final

import click

from server.cli.faults import SettingsFault
from server.settings import Settings, SettingsError

_HOME: Final = "~/.cache/algotradeforge/demo"


@click.command()
@click.option("--port", metavar="N", help="Port to listen on.  [PORT, 8000, or a free one when that is taken]")
@click.option("--home", metavar="FOLDER", default=_HOME, show_default=True, help="Where the demo keeps what it makes.")
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
def demo(port: str | None, home: str, opens: bool) -> None:
    """Start a server with demo data and two first runs, in a home of its own; Ctrl-C stops it.

    What is done there is kept for the next demo, and can be deleted with the folder. Your own home stays as it is.
    """
    given = {"FORGE_HOME": home, "FORGE_DEMO": "1", **({"PORT": port} if port is not None else {})}
    try:
        settings = Settings.from_environment(given)
        if port is None and _taken(settings):
            settings = Settings.from_environment(given | {"PORT": "0"})
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    from server.cli.serve import serve_until_stopped  # the server's messages are those of `forge serve`

    serve_until_stopped(settings, on_address=webbrowser.open if opens else None)


def _taken(settings: Settings) -> bool:
    from server.listening import ServeError, listening  # takes longer to import than the help may

    try:
        with listening(settings.host, settings.port):
            return False
    except ServeError:
        return True
