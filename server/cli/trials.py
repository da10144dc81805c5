"""`forge trials`."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options
from server.cli.console import print_json, print_table, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.results import Trial
    from server.contract.status import OptimizationStatus

_OUTPUT: Final = "-"
_FILE: Final = click.Path(dir_okay=False, allow_dash=True)


@click.command()
@run_argument
@click.option(
    "--sort", metavar="FIELD", help="A metric, a parameter, fitness or index; a leading - falls.  [best first]"
)
@click.option("--status", type=click.Choice(["Completed", "Failed", "TimedOut"]), help="Only these.  [all]")
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="Rows of the table.")
@click.option("--csv", type=_FILE, metavar="FILE", help="Save all of them as CSV; - is standard output.")
@click.option("--parquet", type=_FILE, metavar="FILE", help="Save all of them as Parquet; - is standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print the page that the API answers.")
@server_options
def trials(run: str, limit: int, csv: str | None, parquet: str | None, as_json: bool, **asked: Any) -> None:
    """List the best trials of an optimization, or save all that match, however many.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    from server.cli.which import named_run  # takes longer to import than the help may
    from server.contract.media import CSV, PARQUET

    if csv == parquet == _OUTPUT:
        raise click.UsageError("standard output takes one of --csv and --parquet")
    files = [(place, media) for place, media in ((csv, CSV), (parquet, PARQUET)) if place is not None]
    with asking() as forge:
        status = forge.stored(*named_run(forge, run), trials=0)
        if status.unit != "combinations":
            raise Fault(f"{status.run_key} is a backtest, which has no trials; `forge result` shows what it came to")
        if files:
            saved = [_save(forge, status.run_key, place, media, asked) for place, media in files]
            if as_json and _OUTPUT not in (csv, parquet):
                print_json({"runKey": status.run_key, "files": saved})
            return
        page = forge.trials(status.run_key, limit=limit, **asked)
    if as_json:
        print_json(page)
        return
    _print(status, page.items, asked)  # type: ignore[arg-type]  # the kind that has trials
    if page.total_count > len(page.items):
        say(click.style(f"{len(page.items):,} of {page.total_count:,}; --csv FILE saves all", dim=True))


def _save(forge: "Forge", run_key: str, place: str, media_type: str, asked: dict[str, Any]) -> dict[str, Any]:
    from server.cli.saving import save, to_output
    from server.client.words import size

    with closing(forge.pieces(run_key, "optimization", "trials", media_type, **asked)) as pieces:
        if place == _OUTPUT:
            to_output(pieces)
            return {}
        count = save(pieces, Path(place))
    click.echo(f"{place}  {size(count)}", err=True)
    return {"file": str(Path(place).resolve()), "bytes": count}


def _print(status: "OptimizationStatus", found: "list[Trial]", asked: dict[str, Any]) -> None:
    from msgspec import UNSET

    from server.cli.report import trials_table

    names = [name for name, axis in status.axes.items() if axis.fixed is UNSET]
    if not found:
        say("no trial is like that" if asked["status"] else "no trials yet")
        return
    print_table(trials_table(found, names, "fitness"))
    for message in dict.fromkeys(trial.error_message for trial in found if trial.error_message):
        click.echo(f"{click.style('failed:', fg='red')} {message.splitlines()[0]}", err=True)
