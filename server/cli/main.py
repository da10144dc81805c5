"""The command `forge`."""

import sys
from typing import Final

import click

from server import __version__
from server.cli.asking import server_options
from server.cli.faults import EXIT_CODES, INTERRUPTED, Aborted, problem_of
from server.cli.lazy import Later, LazyGroup

_COMMANDS: Final = {
    "serve": Later("server.cli.serve:serve", "Start the server."),
    "demo": Later("server.cli.demo:demo", "Start a server with demo data, in a home of its own."),
    "edge": Later("server.cli.edge:edge", "Serve sockets beside a server, as many as you like."),
    "scheduler": Later("server.cli.cluster:scheduler", "Start the scheduler of a Dask cluster."),
    "worker": Later("server.cli.cluster:worker", "Compute for a Dask cluster."),
    "import": Later("server.cli.imports:import_", "Bring the bars of a CSV file."),
    "download": Later("server.cli.download:download", "Have bars fetched from an exchange."),
    "downloads": Later("server.cli.downloads:downloads", "List what was fetched from exchanges."),
    "datasets": Later("server.cli.datasets:datasets", "List the data that there is."),
    "strategies": Later("server.cli.strategies:strategies", "List, check and begin strategies."),
    "submit": Later("server.cli.submit:submit", "Backtest one set of parameters."),
    "optimize": Later("server.cli.optimize:optimize", "Backtest every combination along axes."),
    "watch": Later("server.cli.watch:watch", "Follow a run to its end."),
    "status": Later("server.cli.status:status", "Show how a run stands, with its result when there is one."),
    "list": Later("server.cli.runs:list_", "List runs."),
    "cancel": Later("server.cli.cancel:cancel", "Stop a run."),
    "result": Later("server.cli.result:result", "Show the newest result of a run."),
    "trials": Later("server.cli.trials:trials", "List the trials of an optimization, or save them all."),
    "report": Later("server.cli.report_file:report", "Save a finished run as one HTML file."),
    "export": Later("server.cli.export:export", "Save everything of a run into a folder."),
    "delete": Later("server.cli.delete:delete", "Forget a run or a data set."),
    "backup": Later("server.cli.backup:backup", "Copy the home into one file, at any time."),
    "restore": Later("server.cli.backup:restore", "Make a home of such a file."),
    "prune": Later("server.cli.prune:prune", "Remove what is not to be kept."),
    "webhooks": Later("server.cli.webhooks:webhooks", "Try whether webhooks arrive."),
    "doctor": Later("server.cli.doctor.command:doctor", "Look for what is wrong with this machine and set-up."),
    "completion": Later("server.cli.completion:completion", "Print what makes a shell complete commands and keys."),
}


class _ForgeCommand(LazyGroup):
    """Its help ends with the exit codes."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with what it means."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in EXIT_CODES.items()])


@click.group(
    cls=_ForgeCommand,
    later=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="forge")
@server_options
def forge() -> None:
    """Backtests and optimizations in the background, shown live.

    Every command that answers takes --json and then prints one JSON document; what ends it early is told as one too, on
    standard error.
    """


def main() -> None:
    """Runs the command line of the process and ends it with one of `EXIT_CODES`."""
    try:
        code = forge.main(standalone_mode=False, prog_name="forge")
    except click.ClickException as error:
        _tell(error)
        code = error.exit_code
    except click.Abort:
        _tell(Aborted())
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)


def _tell(error: click.ClickException) -> None:
    """In words, or as a problem to programs; the options are not looked at, since they may be what is wrong."""
    if "--json" not in sys.argv:
        error.show()
        return
    from server.cli.console import print_problem  # takes longer to import than a command's help may

    print_problem(problem_of(error))
