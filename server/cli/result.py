"""`forge result`."""

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options
from server.cli.console import print_json, say


@click.command()
@run_argument
@click.option("--json", "as_json", is_flag=True, help="Print the result as the API has it.")
@server_options
def result(run: str, as_json: bool) -> None:
    """Show the newest result of a run, also while a newer attempt goes on or after it failed.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    from server.cli.report import SHOWN_TRIALS, print_backtest, print_optimization
    from server.cli.which import named_run  # takes longer to import than the help may
    from server.client import NoResult
    from server.contract.status import OptimizationStatus

    with asking() as forge:
        stored = forge.stored(*named_run(forge, run), trials=SHOWN_TRIALS)
        if stored.result is None:
            raise NoResult(stored.run_key, stored.status)
        if as_json:
            print_json(stored.result)
            return
        say(click.style(stored.run_key, bold=True))
        if isinstance(stored, OptimizationStatus):
            assert stored.result is not None
            best = forge.trials(stored.run_key, status="Completed", limit=SHOWN_TRIALS).items
            print_optimization(stored.result, best, stored.stop_reason)
        else:
            assert stored.result is not None
            print_backtest(stored.result)
        if stored.attempt != stored.result_attempt:
            say(f"of attempt {stored.result_attempt}; attempt {stored.attempt} is {stored.status}")
