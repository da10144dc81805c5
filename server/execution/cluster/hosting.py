"""Processes that join a cluster: Dask's workers with a host beside each, under the nanny that starts them anew."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from distributed import LocalCluster, Nanny, Scheduler
from distributed.comm import get_address_host
from distributed.security import Security
from distributed.utils import get_ip

from server.execution.cluster.habits import settle
from server.execution.cluster.host import Equipment, Host
from server.execution.cluster.signature import signature
from server.execution.cluster.trust import check_reach

_log: Final = logging.getLogger(__name__)
_LONGEST_PAUSE_S: Final = 5.0


async def serve_cluster(url: str, security: Security, equipment: Equipment) -> None:
    """Joins the cluster at `url`, and again whenever its scheduler was away; ClusterRefused, never ends else."""
    settle()
    pause_s = 0.2
    while True:
        await check_reach(url)
        try:
            here = f"{url.partition('://')[0]}://{get_ip(get_address_host(url))}"  # else all addresses of this machine
            options = _options(equipment, security) | {"host": here, "dashboard_address": "127.0.0.1:0"}
            async with Nanny(url, **options, silence_logs=logging.WARNING) as nanny:
                _log.info("joined the cluster", extra={"cluster": url, "slots": equipment.slots})
                pause_s = 0.2
                await nanny.finished()
        except (OSError, RuntimeError) as error:
            _log.warning("the cluster does not answer", extra={"cluster": url, "reason": str(error)})
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


async def serve_scheduler(url: str, security: Security, on_started: Callable[[str], None]) -> None:
    """Listens on `url`, for ever; `on_started` is told the address. ClusterRefused, OSError when that is taken."""
    settle()
    await check_reach(url, listening=True)
    try:
        async with Scheduler(
            host=url, security=security, dashboard_address="127.0.0.1:0", dashboard=False
        ) as scheduler:
            on_started(scheduler.address)
            await scheduler.finished()
    except RuntimeError as error:  # what went wrong at the start is its cause
        raise error.__cause__ or error from None


@asynccontextmanager
async def local_cluster(workers: int, security: Security, equipment: Equipment) -> AsyncIterator[str]:
    """A cluster on this machine alone, its scheduler in this process; its address."""
    settle()
    equipment.folder.mkdir(parents=True, exist_ok=True)
    async with LocalCluster(
        n_workers=workers,
        host="127.0.0.1",
        dashboard_address=None,
        processes=True,
        asynchronous=True,
        silence_logs=logging.WARNING,
        **_options(equipment, security),
    ) as cluster:
        yield cluster.scheduler_address


def _options(equipment: Equipment, security: Security) -> dict[str, Any]:
    return {
        "security": security,
        "nthreads": equipment.slots,
        "resources": {signature(): equipment.slots},
        "plugins": (Host(equipment),),
        "memory_limit": 0,  # what needs memory are the host's children, whose is limited
    }
