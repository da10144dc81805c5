"""`forge optimize`."""

from typing import Any

import click

from server.cli.asking import asking, server_options
from server.cli.completing import parameter_names, strategy_names
from server.cli.run_options import request_settings, run_options
from server.cli.search_options import search_options, search_settings
from server.cli.values import axis, named, value


@click.command()
@click.argument("strategy", shell_complete=strategy_names)
@click.option(
    "-x",
    "--axis",
    "axes",
    multiple=True,
    metavar="NAME=VALUES",
    shell_complete=parameter_names,
    help="An axis: min:max:step, values a,b,c or one fixed value; may be repeated.",
)
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    shell_complete=parameter_names,
    help="The same as an axis of one value.",
)
@run_options
@search_options
@click.option("--max-combinations", type=int, help="Refuse to try more.  [500,000]")
@click.option("--trial-timeout", type=float, metavar="SECONDS", help="Fail a trial that takes longer.")
@click.option("--max-parallelism", type=int, help="Workers to use at once.  [all]")
@click.option("--evaluate", is_flag=True, help="Say what it would cost, start nothing.")
@server_options
def optimize(strategy: str, axes: tuple[str, ...], params: tuple[str, ...], **given: Any) -> None:
    """Backtest STRATEGY with every combination along the axes.

    A parameter without an axis takes its default. Answers at once with the RunKey.
    """
    space = named(axis, axes, "-x")
    if not space:
        raise click.UsageError(
            "no axis: that is one combination; give -x NAME=MIN:MAX:STEP, as often as there are axes "
            f"(`forge strategies` lists the parameters of {strategy})"
        )
    for name, fixed in named(value, params, "-p").items():
        if name in space:
            raise click.UsageError(f"{name} is given as -x and as -p")
        space[name] = {"fixed": fixed}
    asked = {
        "axes": space,
        "maxCombinations": given["max_combinations"],
        "trialTimeoutSeconds": given["trial_timeout"],
        "maxParallelism": given["max_parallelism"],
    }
    searched = search_settings(given)
    from server.cli.submission import told  # takes longer to import than the help may

    with asking() as forge:
        request = request_settings(forge, strategy, given)
        request |= {name: one for name, one in asked.items() if one is not None} | searched
        if given["evaluate"]:
            _print_cost(forge, request, as_json=given["as_json"])
        else:
            told(forge, forge.submit_optimization(request, dry_run=given["dry_run"]), given)


def _print_cost(forge: Any, request: dict[str, Any], *, as_json: bool) -> None:
    from server.cli.console import print_json, say
    from server.client import words

    cost = forge.evaluate(request)
    if as_json:
        print_json(cost)
        return
    about = "" if cost.exact else "about "
    different = f", {cost.unique_combinations:,} of them different"
    say(
        f"{about}{words.several(cost.total_combinations, 'combination')}"
        f"{different if cost.unique_combinations != cost.total_combinations else ''}"
    )
    if cost.exceeds_max_combinations:
        say(f"more than the {cost.max_combinations:,} that --max-combinations allows")
    if cost.reused_trials:
        say(f"{cost.reused_trials:,} are known from earlier runs")
    if cost.estimated_seconds is not None:
        say(f"about {words.span(cost.estimated_seconds)}")
    if cost.estimated_bytes is not None:
        say(f"about {words.size(cost.estimated_bytes)} of results")
