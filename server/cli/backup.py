"""`forge backup` and `forge restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from server.cli.console import print_json, say
from server.cli.faults import Fault, SettingsFault
from server.settings import Settings, SettingsError


@click.command()
@click.argument("file", metavar="FILE.tar.gz", type=click.Path(path_type=Path))
@click.option("--home", metavar="FOLDER", help="The home to copy.  [FORGE_HOME, .forge]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backup(file: Path, home: str | None, as_json: bool) -> None:
    """Copy a home into one file, while its server runs or not.

    The name ends in .tar, .tar.gz or, with the extra `arrow`, .tar.zst. The file is read again and checked before it
    gets its name. Not in it: machine code, and strategies outside the home.
    """
    from server.backup.write import write_backup

    with _told():
        written = write_backup(_home(home), file)
    for run_key in written.missing:
        click.echo(f"warning: the home has lost the result of {run_key}", err=True)
    for name in written.left_out:
        click.echo(f"warning: not copied, for its name: {name}", err=True)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "size": size, **written._asdict()})
        return
    say(
        f"{file}: {written.runs:,} runs, {written.files:,} files, {written.bytes / 1e6:,.1f} MB in {size / 1e6:,.1f} MB"
    )


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--home", metavar="FOLDER", help="The new home; empty, or not there yet.  [FORGE_HOME, .forge]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def restore(file: Path, home: str | None, as_json: bool) -> None:
    """Make a home of a backup.

    It has the runs of the backup and an id of its own. What had not ended goes on as after a restart.
    """
    from server.backup.restore import restore_backup

    root = _home(home)
    with _told():
        restored = restore_backup(file, root)
    if as_json:
        print_json({"home": str(root), "storeId": restored.store_id, "runs": restored.runs, "from": restored.head})
        return
    say(f"{root}: {restored.runs:,} runs, {restored.files:,} files, {restored.bytes / 1e6:,.1f} MB")
    say(f"a copy of {restored.head.store_id} as of {restored.head.created_at}; its own id is {restored.store_id}")


def _home(given: str | None) -> Path:
    try:
        return Settings.from_environment({} if given is None else {"FORGE_HOME": given}).home
    except SettingsError as error:
        raise SettingsFault(error.faults) from error


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong becomes a Fault."""
    from server.backup.faults import BackupError

    try:
        yield
    except BackupError as error:
        raise Fault(str(error)) from error
    except OSError as error:
        raise Fault(f"{error.filename or 'the disk'}: {error.strerror or error}") from error
