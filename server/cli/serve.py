"""`forge serve`."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

from server.cli.faults import Fault, SettingsFault
from server.settings import Settings, SettingsError
from server.variables import VARIABLES

if TYPE_CHECKING:
    from server.app import Application


_VARIABLES: Final = {
    "port": "PORT",
    "host": "HOST",
    "home": "FORGE_HOME",
    "dask": "FORGE_DASK",
    "dask_local": "FORGE_DASK_LOCAL",
}
"""What each option stands for."""


class _ServeCommand(click.Command):
    """Its help ends with the table of settings."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every variable with its default and meaning."""
        with formatter.section("Settings, from the environment"):
            formatter.write_dl(
                [
                    (one.name, f"{one.meaning}{f'  [{one.default}]' if one.default else ''}")
                    for one in sorted(VARIABLES, key=lambda one: one.name.startswith("FORGE_"))
                ]
            )


@click.command(cls=_ServeCommand)
@click.option("--port", metavar="N", help="Port to listen on; 0 takes a free one.  [PORT, 8000]")
@click.option("--host", metavar="ADDRESS", help="Address to listen on.  [HOST, 127.0.0.1]")
@click.option("--home", metavar="FOLDER", help="Where data sets and results are kept.  [FORGE_HOME, .forge]")
@click.option(
    "--edges", type=click.IntRange(0, 64), default=0, metavar="N", help="Start N edges on the same port.  [0]"
)
@click.option("--dask", metavar="URL", help="Compute on the Dask cluster with this scheduler.  [FORGE_DASK]")
@click.option("--dask-local", metavar="N", help="Compute on a Dask cluster of N workers here.  [FORGE_DASK_LOCAL]")
@click.option("--demo/--no-demo", default=None, help="Load demo data and submit two first runs.  [FORGE_DEMO]")
def serve(edges: int, demo: bool | None, **options: str | None) -> None:
    """Start the server. Options come before the environment; Ctrl-C stops it."""
    given = {_VARIABLES[name]: text for name, text in options.items() if text is not None}
    given |= {} if demo is None else {"FORGE_DEMO": str(int(demo))}
    try:
        settings = Settings.from_environment(given)
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    serve_until_stopped(settings, edges)


def serve_until_stopped(
    settings: Settings, edges: int = 0, *, on_address: Callable[[str], object] | None = None
) -> None:
    """Serves until a signal, and tells how; `on_address` is told where. Fault when that cannot be."""
    with suppress(KeyboardInterrupt):  # before the server takes the signal itself
        _serve(settings, edges, on_address)
    click.echo("stopped", err=True)


def _serve(settings: Settings, edges: int, on_address: Callable[[str], object] | None) -> None:
    # Here and not above: importing the server takes longer than a command's help may.
    from server.contract.problems import ForgeError
    from server.listening import ServeError
    from server.runs.home import HomeInUse
    from server.serve import run

    started = False

    def on_started(address: str, _: "Application") -> None:
        nonlocal started
        started = True
        click.echo(banner(settings, address, edges))
        if on_address is not None:
            on_address(address)

    try:
        run(settings, on_started, edges=edges)
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    except (ServeError, HomeInUse) as error:
        raise Fault(str(error)) from error
    except ForgeError as error:
        raise Fault(error.detail) from error
    except OSError as error:
        if started or error.filename is None:
            raise
        raise Fault(f"{error.filename}: {error.strerror}; choose another home with --home or FORGE_HOME") from error


def banner(settings: Settings, address: str, edges: int = 0) -> str:
    """What tells a person that the server runs, and where."""
    token = " It asks for the token once." if settings.token else ""
    return (
        f"{click.style('AlgoTradeForge', bold=True)} at {click.style(address, fg='cyan', underline=True)}\n"
        f"  home        {settings.home}\n"
        f"  strategies  {settings.strategies_folder}\n"
        f"  workers     {_workers(settings)}\n"
        f"{f'  edges       {edges}{chr(10)}' if edges else ''}"
        f"Open the address in a browser.{token} Ctrl-C stops the server."
    )


def _workers(settings: Settings) -> str:
    if settings.dask_url is not None:
        return f"those of the Dask cluster {settings.dask_url}"
    return f"{settings.dask_local}, of Dask" if settings.dask_local else str(settings.workers)
