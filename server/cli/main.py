"""The command `forge`."""

import sys
from typing import Final

import click

from server import __version__
from server.cli.asking import server_options
from server.cli.faults import INTERRUPTED
from server.cli.lazy import Later, LazyGroup

_COMMANDS: Final = {
    "serve": Later("server.cli.serve:serve", "Start the server."),
    "edge": Later("server.cli.edge:edge", "Serve sockets beside a server, as many as you like."),
    "import": Later("server.cli.imports:import_", "Bring the bars of a CSV file."),
    "download": Later("server.cli.download:download", "Have bars fetched from an exchange."),
    "downloads": Later("server.cli.downloads:downloads", "List what was fetched from exchanges."),
    "submit": Later("server.cli.submit:submit", "Backtest one set of parameters."),
    "optimize": Later("server.cli.optimize:optimize", "Backtest every combination along axes."),
    "status": Later("server.cli.status:status", "Show a run with its result, or the newest runs."),
    "report": Later("server.cli.report_file:report", "Save a finished run as one HTML file."),
    "watch": Later("server.cli.watch:watch", "Follow a run to its end."),
    "cancel": Later("server.cli.cancel:cancel", "Stop a run."),
    "delete": Later("server.cli.delete:delete", "Forget a run or a data set."),
    "strategies": Later("server.cli.strategies:strategies", "List what can be run, with parameters."),
    "datasets": Later("server.cli.datasets:datasets", "List the data that there is."),
}


@click.group(
    cls=LazyGroup, later=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="forge")
@server_options
def forge() -> None:
    """Backtests and optimizations in the background, shown live."""


def main() -> None:
    """Runs the command line of the process and ends it with 0, 1 (failed), 2 (asked wrongly) or 130 (interrupted)."""
    try:
        code = forge.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        click.echo("aborted", err=True)
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
