"""The options that backtests and optimizations share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from server.cli.values import Moment

if TYPE_CHECKING:
    from server.client import Forge

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final = (
    click.option("--asset", metavar="NAME", required=True, help="Asset of the data set, as `forge datasets` lists it."),
    click.option("--exchange", metavar="NAME", required=True, help="Its exchange."),
    click.option("--time-frame", metavar="FRAME", required=True, help="Its time frame: 1m 5m 1h 1d …"),
    click.option("--from", "start", type=Moment(), help="First day or instant, UTC.  [the data set's first]"),
    click.option("--to", "end", type=Moment(end=True), help="Last day (all of it) or instant.  [the data set's last]"),
    click.option("--cash", type=float, default=10_000, show_default=True, help="Initial cash in quote currency."),
    click.option("--commission", type=float, default=0.001, show_default=True, help="Rate of notional (0.001: 0.1 %)."),
    click.option("--slippage", type=int, default=0, show_default=True, help="Ticks lost at market and stop orders."),
    click.option(
        "--account",
        type=click.Choice(["cash", "margin"]),
        default="cash",
        show_default=True,
        help="margin may go short.",
    ),
    click.option("--leverage", type=float, help="Of a margin account."),
    click.option("--close-at-end", is_flag=True, help="Close what is open at the last bar."),
    click.option("--risk-free-rate", type=float, help="Yearly, for the Sharpe ratio and its like: 0.02 is 2 %."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Fail the run when it takes longer."),
    click.option("--label", metavar="TEXT", help="Words to find the run by; no part of its identity."),
    click.option("--priority", type=click.Choice(["high", "normal", "low"]), help="Place in the queue."),
    click.option("--force", is_flag=True, help="Compute again what is stored already."),
    click.option("--dry-run", is_flag=True, help="Say what would happen, start nothing."),
    click.option("--watch", is_flag=True, help="Follow the run to its end."),
    click.option("--json", "as_json", is_flag=True, help="Print the answers of the API; with --watch one a line."),
)


def run_options(command: F) -> F:
    """Adds them all."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def request_settings(forge: "Forge", strategy: str, given: dict[str, Any]) -> dict[str, Any]:
    """The options as the fields of a request; a start or end that is left out is the data set's."""
    from server.cli.series import series_asked  # takes longer to import than a command's help may

    series = series_asked(forge.datasets(), given)
    account = {"type": given["account"], "leverage": given["leverage"]}
    fields = {
        "strategyName": strategy,
        "assetName": series.asset,
        "exchange": series.exchange,
        "timeFrame": series.time_frame,
        "startTime": series.start,
        "endTime": series.end,
        "initialCash": given["cash"],
        "commissionPerTrade": given["commission"],
        "slippageTicks": given["slippage"],
        "account": {name: value for name, value in account.items() if value is not None},
        "closeAtEnd": given["close_at_end"],
        "riskFreeRate": given["risk_free_rate"],
        "timeoutSeconds": given["timeout"],
        "label": given["label"],
        "priority": given["priority"],
        "force": given["force"],
    }
    return {name: value for name, value in fields.items() if value is not None}
