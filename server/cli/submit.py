"""`forge submit`."""

from typing import Any

import click

from server.cli.asking import asking, server_options
from server.cli.completing import parameter_names, strategy_names
from server.cli.run_options import request_settings, run_options
from server.cli.values import named, value


@click.command()
@click.argument("strategy", shell_complete=strategy_names)
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=parameter_names,
    help="A parameter; may be repeated.",
)
@click.option("--event-log", is_flag=True, help="Keep every event of the run: orders, fills, bars, positions.")
@run_options
@server_options
def submit(strategy: str, params: tuple[str, ...], **given: Any) -> None:
    """Backtest STRATEGY with one set of parameters.

    Answers at once with the RunKey; what was computed before is not computed again.
    """
    parameters = named(value, params, "-p")
    from server.cli.submission import told  # takes longer to import than the help may

    with asking() as forge:
        request = request_settings(forge, strategy, given)
        request |= {"strategyParameters": parameters, "eventLog": given["event_log"]}
        told(forge, forge.submit_backtest(request, dry_run=given["dry_run"]), given)
