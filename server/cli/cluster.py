"""`forge scheduler` and `forge worker`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from server.cli.faults import Fault, SettingsFault
from server.settings import Settings, SettingsError


@click.command()
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8786, show_default=True, help="0 takes a free one.")
def scheduler(host: str, port: int) -> None:
    """Start the scheduler of a Dask cluster; Ctrl-C stops it.

    With FORGE_DASK_CA, FORGE_DASK_CERT and FORGE_DASK_KEY it speaks TLS with those that the authority has signed.
    Without, whoever reaches it can run code on all workers: it listens to no public address then.
    """
    from server.cluster import run_scheduler

    settings = _settings({}, {})
    with _told():
        run_scheduler(settings, host, port, lambda url: click.echo(f"scheduler at {url}"))


@click.command()
@click.option("--scheduler", "url", metavar="URL", help="Scheduler of the cluster.  [FORGE_DASK]")
@click.option("--slots", metavar="N", help="How many tasks it computes at once.  [FORGE_WORKERS, one per core]")
@click.option("--home", metavar="FOLDER", help="Where bars and machine code are kept.  [FORGE_HOME, .forge-worker]")
def worker(url: str | None, slots: str | None, home: str | None) -> None:
    """Compute for a Dask cluster, and join it again whenever it was away; Ctrl-C stops it.

    The owner's data and strategies are fetched from it by the hash of their content. It must run the same version.
    """
    from server.cluster import run_worker

    settings = _settings(
        {"FORGE_DASK": url, "FORGE_WORKERS": slots, "FORGE_HOME": home}, {"FORGE_HOME": ".forge-worker"}
    )
    if settings.dask_url is None:
        raise SettingsFault(["FORGE_DASK is not set: give the address of a scheduler like tcp://10.0.0.5:8786"])
    click.echo(f"{settings.workers} slots for the cluster {settings.dask_url}")
    with _told():
        run_worker(settings, settings.dask_url)


def _settings(given: dict[str, str | None], defaults: dict[str, str]) -> Settings:
    overrides = {name: text for name, text in given.items() if text is not None}
    try:
        return Settings.from_environment(overrides, defaults)
    except SettingsError as error:
        raise SettingsFault(error.faults) from error


@contextmanager
def _told() -> Iterator[None]:
    """What ends a process of a cluster early, in plain words."""
    try:
        yield
    except SettingsError as error:
        raise SettingsFault(error.faults) from error
    except OSError as error:
        raise Fault(str(error)) from error
