"""`forge list`."""

import re
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from server.cli.asking import asking, server_options
from server.cli.completing import asset_names, exchange_names, strategy_names, time_frames
from server.cli.console import print_json, say
from server.cli.values import Moment

if TYPE_CHECKING:
    from server.cli.listing import AnyItem
    from server.client import Forge

_KINDS: Final = ("backtest", "optimization")
_NEWEST: Final = "-submittedAt"
_ENDLESS: Final = 10_000
"""Characters of a line in a file, where nothing is cut."""
_HUMP: Final = re.compile(r"(?=[A-Z])")


@click.command(name="list")
@click.option("--kind", type=click.Choice(_KINDS), help="Only these.  [both]")
@click.option("--strategy", metavar="NAME", shell_complete=strategy_names, help="Only runs of this one.")
@click.option("--asset", metavar="NAME", shell_complete=asset_names, help="Only runs over this one.")
@click.option("--exchange", metavar="NAME", shell_complete=exchange_names, help="Only runs over bars from there.")
@click.option("--time-frame", metavar="FRAME", shell_complete=time_frames, help="Only runs over bars of this one.")
@click.option("--status", metavar="STATUS", help="Only runs that stand so; several with commas: Running,Pending.")
@click.option("--search", "q", metavar="TEXT", help="Only runs with this in key, label or strategy.")
@click.option("--from", "from_", type=Moment(), help="Only runs submitted since.")
@click.option("--to", type=Moment(end=True), help="Only runs submitted until.")
@click.option(
    "--sort",
    metavar="FIELD",
    default=_NEWEST,
    show_default=True,
    help="submittedAt, updatedAt, strategyName, assetName, status, total or a metric; a leading - falls.",
)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Runs listed.")
@click.option("--json", "as_json", is_flag=True, help="Print them as one array.")
@server_options
def list_(kind: str | None, limit: int, as_json: bool, **filters: Any) -> None:
    """List runs, of both kinds, the newest first.

    The short name of each is enough for other commands.
    """
    with asking() as forge:
        show_runs(forge, limit, as_json=as_json, kinds=(kind,) if kind else _KINDS, **filters)


def show_runs(
    forge: "Forge", limit: int, *, as_json: bool, kinds: tuple[str, ...] = _KINDS, sort: str = _NEWEST, **filters: Any
) -> None:
    """Prints the first `limit` of the runs that match."""
    given = {name: value for name, value in filters.items() if value is not None}
    pages: list[Any] = [forge.runs(kind, sort=sort, limit=limit, **given) for kind in kinds]  # type: ignore[arg-type]
    items = in_order([item for page in pages for item in page.items], sort)[:limit]
    if as_json:
        print_json(items)
        return
    total = sum(page.total_count for page in pages)
    if not items:
        say("no run is like that" if given else "no runs yet; `forge submit --help` says how to start one")
        return
    from server.cli.listing import runs_lines  # takes longer to import than the help may

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _ENDLESS
    for line in runs_lines(items, width):
        say(line)
    if total > len(items):
        say(click.style(f"{len(items):,} of {total:,}; --limit shows more", dim=True))


def in_order(items: "list[AnyItem]", sort: str) -> "list[AnyItem]":
    """Runs of both kinds as the server sorts each of them: what is undefined comes last in either direction."""
    name = "_".join(_HUMP.split(sort.removeprefix("-"))).lower()

    def value(item: "AnyItem") -> Any:
        return getattr(item, name) if hasattr(item, name) else getattr(item.metrics, name, None)

    known = sorted((item for item in items if value(item) is not None), key=value, reverse=sort.startswith("-"))
    return [*known, *(item for item in items if value(item) is None)]
