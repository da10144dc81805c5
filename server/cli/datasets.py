"""`forge datasets`."""

from typing import TYPE_CHECKING

import click

from server.cli.asking import asking, server_options
from server.cli.console import new_table, print_json, print_table, say

if TYPE_CHECKING:
    from rich.table import Table

    from server.contract.catalogue import DatasetInfo


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers, as one array.")
@server_options
def datasets(as_json: bool) -> None:
    """List the data sets. `forge import` brings one, `forge delete --dataset` removes it."""
    with asking() as forge:
        found = forge.datasets()
    if as_json:
        print_json(found)
    elif found:
        print_table(datasets_table(found))
    else:
        say("no data sets yet; `forge import --help` says how to bring one")


def datasets_table(found: "list[DatasetInfo]") -> "Table":
    """One version a row."""

    from server.contract.base import plain

    table = new_table()
    for heading in ("Asset", "Exchange", "Frame"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Rows", justify="right", no_wrap=True)
    table.add_column("First", no_wrap=True)
    table.add_column("Last", no_wrap=True)
    table.add_column("Tick", justify="right", no_wrap=True)
    table.add_column("Gaps", justify="right", no_wrap=True)
    table.add_column("Id", overflow="fold")
    for one in found:
        asset = f"{one.asset_name} (synthetic)" if one.synthetic else one.asset_name
        period = (one.first[:10], one.last[:10])
        of_bars = (plain(one.tick_size), f"{one.gap_count:,}") if one.kind == "bars" else ("–", "–")
        # the frame of what are no bars is the name of their kind
        table.add_row(asset, one.exchange, one.time_frame, f"{one.rows:,}", *period, *of_bars, one.id)
    return table
