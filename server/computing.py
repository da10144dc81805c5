"""Where runs compute, by the settings: on this machine, or on a Dask cluster."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from server.execution.local import LocalExecutor, share_of_memory
from server.execution.port import Executor
from server.settings import Settings, SettingsError

if TYPE_CHECKING:
    from server.execution.cluster.host import Equipment
    from server.execution.cluster.trust import Certificates


@asynccontextmanager
async def open_executor(settings: Settings) -> AsyncIterator[Executor]:
    """The executor for the block; SettingsError for a cluster that is refused, OSError where it cannot be started."""
    if settings.dask_url is None and not settings.dask_local:
        async with LocalExecutor(
            workers=settings.workers,
            home=settings.home,
            grace_s=settings.cancel_grace_s,
            memory_limit_bytes=memory_limit_bytes(settings),
            compiled=compiled_folder(settings),
        ) as local:
            yield local
        return
    from server.execution.cluster.executor import DaskExecutor, Place
    from server.execution.cluster.hosting import local_cluster
    from server.execution.cluster.trust import ClusterRefused, check_reach, security

    trusted = security(certificates(settings))
    async with AsyncExitStack() as stack:
        url = settings.dask_url
        if url is not None:
            try:
                await check_reach(url)
            except ClusterRefused as error:
                raise SettingsError([str(error)]) from error
        else:
            shared = equipment(settings, settings.home / "hosts", slots=1, hosts=settings.dask_local)
            url = await stack.enter_async_context(local_cluster(settings.dask_local, trusted, shared))
        local = LocalExecutor(
            workers=1,
            home=settings.home,
            grace_s=settings.cancel_grace_s,
            memory_limit_bytes=memory_limit_bytes(settings),
            compiled=None,
        )
        place = Place(url, settings.dask_listen)
        yield await stack.enter_async_context(
            DaskExecutor(place, local=local, security=trusted, grace_s=settings.cancel_grace_s)
        )


def certificates(settings: Settings) -> "Certificates | None":
    """The files for TLS; None for a cluster without."""
    from server.execution.cluster.trust import Certificates

    if settings.dask_ca is None or settings.dask_cert is None or settings.dask_key is None:
        return None
    return Certificates(settings.dask_ca, settings.dask_cert, settings.dask_key)


def equipment(settings: Settings, folder: Path, *, slots: int, hosts: int = 1) -> "Equipment":
    """What a host of a cluster works with, of which this machine has so many."""
    from server.execution.cluster.host import Equipment

    return Equipment(
        folder=folder,
        slots=slots,
        grace_s=settings.cancel_grace_s,
        memory_limit_bytes=memory_limit_bytes(settings) or share_of_memory(slots * hosts),
        compiled=compiled_folder(settings),
        cache_bytes=settings.cache_mb << 20,
        log_format=settings.log_format,
        log_level=settings.log_level,
    )


def memory_limit_bytes(settings: Settings) -> int | None:
    """What a worker process may take; None: a share of the machine's."""
    return None if settings.worker_memory_mb is None else settings.worker_memory_mb << 20


def compiled_folder(settings: Settings) -> Path | None:
    """Where machine code is kept; None where strategies are interpreted."""
    return (settings.compiled or settings.home / "compiled") if settings.compile == "auto" else None
