"""`forge import --watch`: uploads what is dropped into a folder, until it is interrupted."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from server.cli.asking import asking, problem_text
from server.cli.console import print_json, say
from server.cli.faults import Fault

if TYPE_CHECKING:
    from server.client import Forge
    from server.data.drop_folder import BadDrop, Drop, DropFolder

_LOOK_S: Final = 1.0


def watch_folder(folder: Path, *, as_json: bool) -> None:
    """Returns after Ctrl-C. Bad files are told, and tried again when they change or the fault may have passed; none is
    moved or deleted.
    """
    from server.data.drop_folder import BadDrop, DropFolder  # takes longer to import than a command's help may

    drops = DropFolder(folder)
    with asking() as forge:
        forge.system()  # nobody should drop files before a server that is not there
        if not as_json:
            say(f"watching {folder} for files named ASSET_EXCHANGE_TIMEFRAME.csv; Ctrl-C stops it")
        try:
            while True:
                for drop in _looked(drops, folder):
                    if isinstance(drop, BadDrop):
                        _refused(drop.name, drop.reason)
                        drops.settle(drop)
                    elif _bring(forge, drop, as_json=as_json):
                        drops.settle(drop)
                    else:
                        drops.put_off(drop)
                time.sleep(_LOOK_S)
        except KeyboardInterrupt:
            click.echo("\nstopped", err=True)


def _looked(drops: "DropFolder", folder: Path) -> "list[Drop | BadDrop]":
    try:
        return drops.look()
    except OSError as error:
        raise Fault(f"{folder}: {error.strerror}") from error


def _bring(forge: "Forge", drop: "Drop", *, as_json: bool) -> bool:
    """Whether it was dealt with, for good or for bad; not when what is in the way passes by itself."""
    from server.cli.imports import lines
    from server.client import ProblemError, RateLimited, ServerUnavailable

    options = drop.options
    try:
        dataset, created = forge.import_dataset(
            drop.path,
            asset_name=drop.asset_name,
            exchange=drop.exchange,
            time_frame=drop.time_frame if drop.kind == "bars" else None,
            kind=drop.kind,
            quarantine=options.quarantine,
            tick_size=options.tick_size,
            lot_size=options.lot_size,
            quote=options.quote,
            multiplier=options.multiplier,
            source=options.source or drop.path.name,
        )
    except ProblemError as error:
        _refused(drop.name, problem_text(error))
        return not isinstance(error, RateLimited | ServerUnavailable)
    except OSError as error:
        _refused(drop.name, str(error.strerror))
        return False
    if as_json:
        print_json(dataset, lines=True)
    else:
        say("\n".join(lines(dataset, created=created)))
    return True


def _refused(name: str, reason: str) -> None:
    click.echo(f"{click.style('not imported:', fg='red', bold=True)} {name}: {reason}", err=True)
