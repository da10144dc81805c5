"""`forge downloads`."""

import click

from server.cli.asking import asking, server_options
from server.cli.console import new_table, print_json, print_table, say


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers, as one array.")
@server_options
def downloads(as_json: bool) -> None:
    """List what was or is being fetched from exchanges. `forge download` begins one, and goes on with it."""
    with asking() as forge:
        found = forge.downloads()
    if as_json:
        print_json(found)
        return
    if not found:
        say("no downloads yet; `forge download --help` says how to begin one")
        return
    table = new_table()
    for heading in ("Exchange", "Market", "Frame", "From", "To", "Status"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Bars", justify="right", no_wrap=True)
    table.add_column("Data set", overflow="fold")
    for one in found:
        market = one.symbol or one.asset_name or ""
        period = (one.start_time[:10], "now" if one.end_time is None else one.end_time[:10])
        there = one.dataset_id or one.error_message or one.notice or ""
        table.add_row(one.exchange, market, one.time_frame, *period, one.status, f"{one.fetched:,}", there)
    print_table(table, wrap=True)
