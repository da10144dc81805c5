"""Processes that join a cluster: Dask's workers with a host beside each, under the nanny that starts them anew."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import dask
from distributed import LocalCluster, Nanny
from distributed.security import Security

from server.execution.cluster.host import Equipment, Host
from server.execution.cluster.signature import signature
from server.execution.cluster.trust import check_reach

_log: Final = logging.getLogger(__name__)
_LONGEST_PAUSE_S: Final = 5.0
_CONFIG: Final = {
    "distributed.worker.daemon": False,  # the host has child processes
    "distributed.worker.profile.enabled": False,  # nothing of interest runs there
    "distributed.comm.timeouts.connect": "5s",
}


async def serve_cluster(url: str, security: Security, equipment: Equipment) -> None:
    """Joins the cluster at `url`, and again whenever its scheduler was away; ClusterRefused, never ends else."""
    pause_s = 0.2
    while True:
        await check_reach(url)
        try:
            with dask.config.set(_CONFIG):
                async with Nanny(url, **_options(equipment, security), silence_logs=logging.WARNING) as nanny:
                    _log.info("joined the cluster", extra={"cluster": url, "slots": equipment.slots})
                    pause_s = 0.2
                    await nanny.finished()
        except (OSError, RuntimeError) as error:
            _log.warning("the cluster does not answer", extra={"cluster": url, "reason": str(error)})
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


@asynccontextmanager
async def local_cluster(workers: int, security: Security, equipment: Equipment) -> AsyncIterator[str]:
    """A cluster on this machine alone, its scheduler in this process; its address."""
    with dask.config.set(_CONFIG):
        cluster = LocalCluster(
            n_workers=workers,
            host="127.0.0.1",
            dashboard_address=None,
            processes=True,
            asynchronous=True,
            threads_per_worker=equipment.slots,
            silence_logs=logging.WARNING,
            **_options(equipment, security),
        )
        async with cluster:
            yield cluster.scheduler_address


def _options(equipment: Equipment, security: Security) -> dict[str, Any]:
    return {
        "security": security,
        "nthreads": equipment.slots,
        "resources": {signature(): equipment.slots},
        "plugins": (Host(equipment),),
        "memory_limit": 0,  # what needs memory are the host's children, whose is limited
    }
