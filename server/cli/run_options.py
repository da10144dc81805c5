"""The options that backtests and optimizations share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from server.cli.completing import asset_names, exchange_names, series_names, time_frames
from server.cli.values import CashFlows, Moment

if TYPE_CHECKING:
    from server.client import Forge

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final = (
    click.option(
        "--asset",
        metavar="NAME",
        shell_complete=asset_names,
        help="Asset of the data set, as `forge datasets` lists it.",
    ),
    click.option("--exchange", metavar="NAME", shell_complete=exchange_names, help="Its exchange."),
    click.option("--time-frame", metavar="FRAME", shell_complete=time_frames, help="Its time frame: 1m 5m 1h 1d …"),
    click.option(
        "--data",
        multiple=True,
        metavar="ASSET:EXCHANGE:FRAME",
        shell_complete=series_names,
        help="The same in one; repeated for several series, the main one first.",
    ),
    click.option(
        "--cash-flows", type=CashFlows(), metavar="KINDS", help="Take into account: funding, dividends or both."
    ),
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
    click.option("--no-compile", is_flag=True, help="Interpret the strategy; the results are the same."),
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
    """The options as the fields of a request; a start or end that is left out is that of the main data set."""
    from server.cli.series import series_asked  # takes longer to import than a command's help may

    named = _series_named(given)
    datasets = forge.datasets()
    main, *others = [series_asked(datasets, given | one) for one in named]
    account = {"type": given["account"], "leverage": given["leverage"]}
    fields = {
        "strategyName": strategy,
        **({"dataSubscriptions": [one.fields for one in (main, *others)]} if others else main.fields),
        "cashFlows": given["cash_flows"],
        "startTime": main.start,
        "endTime": main.end,
        "initialCash": given["cash"],
        "commissionPerTrade": given["commission"],
        "slippageTicks": given["slippage"],
        "account": {name: value for name, value in account.items() if value is not None},
        "closeAtEnd": given["close_at_end"],
        "riskFreeRate": given["risk_free_rate"],
        "timeoutSeconds": given["timeout"],
        "compile": "off" if given["no_compile"] else None,
        "label": given["label"],
        "priority": given["priority"],
        "force": given["force"],
    }
    return {name: value for name, value in fields.items() if value is not None}


def _series_named(given: dict[str, Any]) -> list[dict[str, str]]:
    """Asset, exchange and time frame of every series, by `--data` or by the three options; UsageError otherwise."""
    three = {"asset": given["asset"], "exchange": given["exchange"], "time_frame": given["time_frame"]}
    missing = [f"--{name.replace('_', '-')}" for name, value in three.items() if value is None]
    if not given["data"]:
        if missing:
            raise click.UsageError(f"Missing option '{missing[0]}'.")
        return [three]
    if len(missing) < len(three):
        raise click.UsageError("name the series by --data, or by --asset, --exchange and --time-frame")
    return [_parts(text) for text in given["data"]]


def _parts(text: str) -> dict[str, str]:
    """From the right: some assets have a colon, as perpetuals do."""
    parts = [part.strip() for part in text.rsplit(":", 2)]
    if len(parts) < 3 or "" in parts:
        raise click.UsageError(f"--data {text}: give ASSET:EXCHANGE:FRAME, such as BTCUSDT:Binance:1h")
    return dict(zip(("asset", "exchange", "time_frame"), parts, strict=True))
