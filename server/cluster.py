"""The parts of a Dask cluster as processes: `forge scheduler` and `forge worker`."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from server import logs
from server.computing import certificates, equipment
from server.setting_values import is_there
from server.settings import Settings, SettingsError


def run_worker(settings: Settings, url: str) -> None:
    """Computes for the cluster at `url` until SIGINT or SIGTERM; SettingsError for a public address."""
    from server.execution.cluster.hosting import serve_cluster
    from server.execution.cluster.trust import security

    settings.home.mkdir(parents=True, exist_ok=True)
    equipped = equipment(settings, settings.home, slots=settings.workers)
    _run(settings, serve_cluster(url, security(certificates(settings)), equipped))


def run_scheduler(settings: Settings, host: str, port: int, on_started: Callable[[str], None]) -> None:
    """Serves a scheduler until SIGINT or SIGTERM; errors as above, OSError."""
    if not is_there("distributed"):
        raise SettingsError(["a scheduler needs the extra `dask`: pip install 'algotradeforge[dask]'"])
    from server.execution.cluster.hosting import serve_scheduler
    from server.execution.cluster.trust import security

    held = certificates(settings)
    protocol = "tcp" if held is None else "tls"
    _run(settings, serve_scheduler(f"{protocol}://{host}:{port}", security(held), on_started))


def _run(settings: Settings, work: Coroutine[Any, Any, None]) -> None:
    logs.configure(settings.log_format, settings.log_level)
    from server.execution.cluster.trust import ClusterRefused

    try:
        with suppress(asyncio.CancelledError):
            asyncio.run(_until_told(work))
    except ClusterRefused as error:
        raise SettingsError([str(error)]) from error


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Runs work that a signal cancels."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await work
