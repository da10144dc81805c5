"""`forge export`."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from server.cli.arguments import run_argument
from server.cli.asking import asking, server_options
from server.cli.console import print_json, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from server.client import Forge
    from server.contract.requests import RunKind
    from server.contract.status import AnyStatus

Pieces = Generator[bytes, None, None]
_FORMATS: Final = ("csv", "parquet")
_RUN: Final = "run.json"
_RESULT: Final = "result.json"
_ALWAYS: Final = frozenset({_RUN, _RESULT})
_TABLES: Final = ("equity", "trades", "orders", "trials")
_NAMES: Final = _ALWAYS | {"report.html", "events.ndjson"} | {f"{name}.{form}" for name in _TABLES for form in _FORMATS}
"""Of every file that an export writes."""


@click.command()
@run_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="Where to write it.  [RUNKEY]")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="csv", show_default=True, help="Of the tables.")
@click.option("--force", is_flag=True, help="Replace what an export left there before.")
@click.option("--json", "as_json", is_flag=True, help="Print the files as one document.")
@server_options
def export(run: str, output: Path | None, form: str, force: bool, as_json: bool) -> None:
    """Save everything of a finished run into a folder, which is there whole or not at all.

    run.json and result.json as the API has them, report.html; of a backtest equity, trades, orders and the event log
    when one was kept, of an optimization all trials.

    RUN is a RunKey, any part of one that no other run has, or `last`.
    """
    from server.cli.saving import new_folder  # takes longer to import than the help may
    from server.cli.which import named_run
    from server.client.words import size

    with asking() as forge:
        stored = _with_result(forge, *named_run(forge, run))
        folder = (output or Path(stored.run_key)).absolute()
        with new_folder(folder, force=force, always=_ALWAYS, only=_NAMES) as scratch:
            written = write_whole(forge, stored, form, scratch)
    if as_json:
        files = [{"name": name, "bytes": count} for name, count in written.items()]
        print_json({"runKey": stored.run_key, "folder": str(folder), "files": files})
        return
    say(click.style(str(folder), bold=True))
    for name, count in written.items():
        say(f"  {name:<16} {size(count):>10}")


def write_whole(forge: "Forge", stored: "AnyStatus", form: str, folder: Path) -> dict[str, int]:
    """Writes every file of one result; their names with their bytes.

    Each is asked for by itself, and is that of the newest result: begins anew when a later attempt completed meanwhile.
    """
    while True:
        written = {name: _written(folder / name, pieces) for name, pieces in _files(forge, stored, form)}
        later = _with_result(forge, stored.run_key, None)
        if later.result_attempt == stored.result_attempt:
            return written
        stored = later
        for name in written:
            (folder / name).unlink()


def _with_result(forge: "Forge", run_key: str, kind: "RunKind | None") -> "AnyStatus":
    from server.client import NoResult

    stored = forge.stored(run_key, kind, trials=0)
    if stored.result is None:
        raise NoResult(stored.run_key, stored.status)
    return stored


def _written(path: Path, pieces: Pieces) -> int:
    with path.open("wb") as file, closing(pieces):
        return sum(file.write(piece) for piece in pieces)


def _files(forge: "Forge", stored: "AnyStatus", form: str) -> Iterator[tuple[str, Pieces]]:
    """The name of each file with its content, which is to be taken before the next."""
    import msgspec

    from server.client.wire import KINDS
    from server.contract.media import CSV, PARQUET
    from server.contract.results import BacktestResult

    media = CSV if form == "csv" else PARQUET
    backtest, optimization = KINDS
    result = stored.result

    def json(value: Any) -> Pieces:
        yield msgspec.json.format(msgspec.json.encode(value), indent=2)

    yield _RUN, json(msgspec.structs.replace(stored, result=None))
    yield _RESULT, json(result)
    if not isinstance(result, BacktestResult):
        yield "report.html", forge.pieces(stored.run_key, optimization, "report.html", "text/html")
        yield f"trials.{form}", forge.pieces(stored.run_key, optimization, "trials", media)
        return
    yield "report.html", forge.pieces(stored.run_key, backtest, "report.html", "text/html")
    yield f"equity.{form}", _equity(forge, stored.run_key, form)
    yield f"trades.{form}", forge.pieces(stored.run_key, backtest, "trades", media)
    orders = forge.pieces(stored.run_key, backtest, "orders", CSV)
    yield f"orders.{form}", orders if form == "csv" else _parquet_of(b"".join(orders))
    if result.has_event_log:
        yield "events.ndjson", forge.pieces(stored.run_key, backtest, "events", "application/x-ndjson")


def _equity(forge: "Forge", run_key: str, form: str) -> Pieces:
    """Every bar's row; the server has the curve as JSON alone."""
    rows = _equity_rows(forge, run_key)
    return rows if form == "csv" else _parquet_of(b"".join(rows))


def _equity_rows(forge: "Forge", run_key: str) -> Pieces:
    from server.contract.base import format_instant

    yield b"time,equity,drawdownPct\n"
    for ts_ms, equity, drawdown in forge.equity(run_key).points:
        yield f"{format_instant(ts_ms)},{equity},{drawdown}\n".encode()


def _parquet_of(csv: bytes) -> Pieces:
    """A table that the server has as CSV alone; Fault where pyarrow, an extra, is not installed here."""
    import io

    try:
        from pyarrow import csv as reading
        from pyarrow import parquet
    except ImportError as error:
        raise Fault("Parquet needs pyarrow here: install algotradeforge[arrow], or use --format csv") from error
    made = io.BytesIO()
    parquet.write_table(reading.read_csv(io.BytesIO(csv)), made)
    yield made.getvalue()
