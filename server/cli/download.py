"""`forge download`."""

from typing import TYPE_CHECKING, Any, Final

import click

from server.cli.asking import asking, server_options
from server.cli.console import print_json, say
from server.cli.faults import INTERRUPTED
from server.cli.values import Moment

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.downloads import Download

_NOT_COMPLETED: Final = 1


@click.command()
@click.argument("exchange")
@click.argument("symbol")
@click.argument("time_frame", metavar="TIMEFRAME")
@click.option("--from", "start", type=Moment(), required=True, help="First day or instant, UTC.")
@click.option("--to", "end", type=Moment(end=True), help="Last one.  [the newest whole bar]")
@click.option("--asset", metavar="NAME", help="What it is called here.  [BTCUSDT for BTC/USDT]")
@click.option("--exchange-name", metavar="NAME", help="What the exchange is called here.  [its own name]")
@click.option("--detach", is_flag=True, help="Leave it to the server; the same command comes back to it.")
@click.option("--json", "as_json", is_flag=True, help="Print every state as a line of JSON.")
@server_options
def download(
    exchange: str, symbol: str, time_frame: str, start: str, end: str | None, detach: bool, as_json: bool, **names: Any
) -> None:
    """Have bars fetched from an EXCHANGE as ccxt calls it: forge download binance BTC/USDT 1h --from 2024-01-01

    SYMBOL is a market, BTC/USDT or BTCUSDT. What was fetched before is not fetched again: the same command goes on
    where it stopped, and without --to adds what came since.

    Exits with 0 when the data set is there, 1 when it failed, 130 after Ctrl-C, which cancels it.
    """
    request = {"exchange": exchange, "symbol": symbol, "timeFrame": time_frame, "startTime": start, "endTime": end}
    request |= {"assetName": names["asset"], "exchangeName": names["exchange_name"]}
    with asking() as forge:
        begun = forge.submit_download({name: value for name, value in request.items() if value is not None})
        if detach:
            if as_json:
                print_json(begun, lines=True)
            else:
                say(f"{begun.id} is {begun.status}; the same command without --detach comes back to it")
            return
        ended = _follow(forge, begun.id, as_json=as_json)
        if ended.status != "Completed":
            raise click.exceptions.Exit(_NOT_COMPLETED)
        if not as_json:
            _print_end(forge, ended)


def _follow(forge: "Forge", identity: str, *, as_json: bool) -> "Download":
    """Shows every state; cancels the download on Ctrl-C, and says how to go on."""
    from server.cli.download_progress import shown

    last: Download | None = None
    try:
        with shown(as_json=as_json) as show:
            for now in forge.watch_download(identity):
                show(now)
                last = now
    except KeyboardInterrupt:
        _cancel(forge, identity)
        raise click.exceptions.Exit(INTERRUPTED) from None
    assert last is not None
    if last.status == "Failed" and not as_json:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {last.error_message}", err=True)
    return last


def _cancel(forge: "Forge", identity: str) -> None:
    from server.client import ProblemError

    try:
        kept = forge.cancel_download(identity).fetched
    except ProblemError:  # it ended in this very moment
        kept = forge.download(identity).fetched
    bars = f"the {kept:,} bars fetched stay" if kept else "nothing was fetched yet"
    click.echo(f"\nCancelled; {bars}. The same command goes on from there.", err=True)


def _print_end(forge: "Forge", ended: "Download") -> None:
    from server.cli.imports import lines

    dataset = next((one for one in forge.datasets() if one.id == ended.dataset_id), None)
    if dataset is None:
        say(f"{ended.id} is Completed, its data set was deleted meanwhile")
        return
    for line in lines(dataset, created=True):
        say(line)
    if ended.notice:
        say(f"  note  {ended.notice}")
