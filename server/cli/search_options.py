"""What `forge optimize` takes of a search besides its axes."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from server.cli.values import named

F = TypeVar("F", bound=Callable[..., Any])

METHODS: Final = ("grid", "random", "tpe", "genetic", "nsga2", "walkForward")
_OPTIONS: Final = (
    click.option("--method", type=click.Choice(METHODS), help="How the combinations are chosen.  [grid]"),
    click.option(
        "--condition",
        "conditions",
        multiple=True,
        metavar="CONDITION",
        help="Leave out what does not satisfy it: 'fastPeriod < slowPeriod'; may be repeated.",
    ),
    click.option("--budget", type=click.IntRange(min=1), help="Trials of a search.  [1,000]"),
    click.option("--seed", type=int, help="Decides what a search draws.  [0]"),
    click.option(
        "--sort-by", metavar="METRIC", help="What makes a trial the best: sharpeRatio, netProfit …  [fitness]"
    ),
    click.option(
        "--objective",
        "objectives",
        multiple=True,
        metavar="METRIC=max|min",
        help="One of several aims of nsga2; may be repeated.",
    ),
    click.option(
        "--weight",
        "weights",
        multiple=True,
        metavar="METRIC=NUMBER",
        help="Make the fitness a sum of weighted metrics; may be repeated.  [netProfit=1]",
    ),
    click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="BOUND=NUMBER",
        help="Let no trial lead that misses it: minTotalTrades, maxDrawdownPct …; may be repeated.",
    ),
    click.option("--target", type=float, metavar="NUMBER", help="Stop once the best trial is as good as this."),
    click.option(
        "--patience", type=click.IntRange(min=1), metavar="TRIALS", help="Stop after so many without a better one."
    ),
    click.option("--windows", type=click.IntRange(min=1), help="Of a walkForward: how often to choose anew."),
    click.option(
        "--out-of-sample", type=float, metavar="PERCENT", help="The share of each window that follows what is searched."
    ),
    click.option("--anchored", is_flag=True, default=None, help="Let every window begin at the first bar."),
    click.option("--chosen-by", metavar="METRIC", help="What a window chooses by.  [sharpeRatio]"),
    click.option("--time-budget", type=float, metavar="SECONDS", help="Stop after this time."),
)


def search_options(command: F) -> F:
    """Adds the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def search_settings(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of the request; UsageError says what is wrong with which option."""
    weights, filters = named(float, given["weights"], "--weight"), named(float, given["filters"], "--filter")
    rules = {"targetMetric": given["target"], "noImprovementTrials": given["patience"]}
    walk = {
        "windows": given["windows"],
        "outOfSamplePct": given["out_of_sample"],
        "anchored": given["anchored"],
        "objective": given["chosen_by"],
    }
    asked = {
        "method": given["method"],
        "conditions": list(given["conditions"]) or None,
        "budget": given["budget"],
        "seed": given["seed"],
        "objectives": [
            {"metric": metric, "direction": direction}
            for metric, direction in named(_direction, given["objectives"], "--objective").items()
        ]
        or None,
        "sortBy": given["sort_by"],
        "fitness": {"weights": weights} if weights else None,
        "filters": {name: _whole(bound) for name, bound in filters.items()} or None,
        "stopRules": {name: rule for name, rule in rules.items() if rule is not None} or None,
        "walkForward": {name: one for name, one in walk.items() if one is not None} or None,
        "timeBudgetSeconds": given["time_budget"],
    }
    return {name: one for name, one in asked.items() if one is not None}


def _direction(text: str) -> str:
    if text not in ("max", "min"):
        raise ValueError(f"{text!r} is neither max nor min")
    return text


def _whole(number: float) -> int | float:
    """A whole number as one: bounds of counts are."""
    return int(number) if number.is_integer() else number
