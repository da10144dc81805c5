"""`forge import`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import asking, server_options
from server.cli.console import console, print_json, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from server.contract.catalogue import DatasetInfo, DatasetKind, Gap

_SHOWN_GAPS: Final = 5


@click.command(name="import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--asset", metavar="NAME", help="What the bars are of: EURUSD.")
@click.option("--exchange", metavar="NAME", help="Where they are from: OANDA.")
@click.option("--time-frame", metavar="FRAME", help="Of bars, which need one: 1m 5m 1h 1d …")
@click.option(
    "--kind",
    type=click.Choice(["bars", "funding", "dividends"]),
    default="bars",
    show_default=True,
    help="funding: time and rate of the position's value; dividends: time and amount a unit.",
)
@click.option("--tick-size", metavar="DECIMAL", help="Smallest step of the price.  [inferred]")
@click.option("--lot-size", metavar="DECIMAL", help="Smallest step of the quantity.  [inferred]")
@click.option("--quote", metavar="CURRENCY", help="Currency of the prices.")
@click.option("--multiplier", metavar="DECIMAL", help="Quote currency a point and unit; futures have one.  [1]")
@click.option("--source", metavar="TEXT", help="Where the file comes from.  [its name]")
@click.option("--quarantine", is_flag=True, help="Leave bad rows out and count them, unless most are bad.")
@click.option(
    "--watch",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Bring what is dropped into a folder, in place of a FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer of the API.")
@server_options
def import_(
    file: Path | None,
    asset: str | None,
    exchange: str | None,
    time_frame: str | None,
    kind: "DatasetKind",
    source: str | None,
    quarantine: bool,
    folder: Path | None,
    as_json: bool,
    **options: str | None,
) -> None:
    """Bring the bars of a FILE, or cash flows of an asset, into the catalogue: CSV, Parquet or Feather.

    The usual column names and forms of time are known. One bad row refuses the file, and names the line.

    With --watch files named ASSET_EXCHANGE_TIMEFRAME.csv (.parquet .feather) are brought as they come and change, until
    Ctrl-C; NAME.json beside one may say what its name does not: {"quote": "EUR", "quarantine": true}.
    """
    if folder is not None:
        if file is not None or asset is not None or exchange is not None:
            raise click.UsageError("--watch takes what files are from their names; leave FILE and the names out.")
        from server.cli.import_watch import watch_folder

        watch_folder(folder, as_json=as_json)
        return
    if file is None or asset is None or exchange is None:
        missing = "argument 'FILE'" if file is None else f"option '--{'asset' if asset is None else 'exchange'}'"
        raise click.UsageError(f"Missing {missing}.")
    if kind == "bars" and time_frame is None:
        raise click.UsageError("Missing option '--time-frame'.")
    if not file.stat().st_size:
        raise Fault(f"{file}: the file is empty")
    with asking() as forge, _upload_shown(file, as_json=as_json) as on_sent:
        try:
            dataset, created = forge.import_dataset(
                file,
                asset_name=asset,
                exchange=exchange,
                time_frame=time_frame,
                kind=kind,
                source=file.name if source is None else source,
                quarantine=quarantine,
                on_sent=on_sent,
                **options,
            )
        except OSError as error:
            raise Fault(f"{file}: {error.strerror}") from error
    if as_json:
        print_json(dataset)
        return
    for line in lines(dataset, created=created):
        say(line)


def lines(dataset: "DatasetInfo", *, created: bool) -> list[str]:
    """What was brought, and which bars it lacks."""
    from server.client.words import minute, several
    from server.contract.base import plain

    bars = dataset.kind == "bars"
    did = "Imported" if created else f"The same {'bars' if bars else 'rows'} are there already:"
    name = f"{dataset.asset_name} {dataset.exchange} {dataset.time_frame}"
    found = [
        f"{did} {click.style(name, bold=True)}, version {dataset.version}",
        f"  {'bars' if bars else 'rows'}  {dataset.rows:,}, {minute(dataset.first)} to {minute(dataset.last)}",
        f"  size  tick {plain(dataset.tick_size)}, lot {plain(dataset.lot_size)}, quoted in {dataset.quote or '–'}",
        f"  id    {dataset.id}",
    ]
    if dataset.quarantined:
        found.append(
            f"  bad   {several(dataset.quarantined, 'row')} left out; quarantined.txt beside the rest lists them"
        )
    if not bars:
        return found
    if not dataset.gap_count:
        return [*found, "  gaps  none"]
    longest = sorted(dataset.gaps, key=lambda gap: gap.bars, reverse=True)[:_SHOWN_GAPS]
    rest = dataset.gap_count - len(longest)
    found.append(f"  gaps  {dataset.gap_count:,}{', the longest' if rest else ''}")
    return [*found, *(f"        {_gap(gap)}" for gap in longest)]


def _gap(gap: "Gap") -> str:
    from server.client.words import minute, several

    return f"{minute(gap.from_)} to {minute(gap.to)}  {several(gap.bars, 'bar')}"


@contextmanager
def _upload_shown(file: Path, *, as_json: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar of what is sent, on a terminal; then that the server checks it."""
    if as_json or not sys.stdout.isatty():
        yield None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        task = progress.add_task(f"sending {file.name}", total=file.stat().st_size)

        def on_sent(sent: int, size: int) -> None:
            done = sent >= size
            progress.update(task, completed=sent, total=size, description="checking the rows" if done else None)

        yield on_sent
