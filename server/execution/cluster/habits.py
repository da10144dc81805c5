"""How distributed behaves in our processes."""

import logging
from typing import Any, Final

import dask

CONFIG: Final[dict[str, Any]] = {
    "distributed.worker.daemon": False,  # a host has child processes
    "distributed.worker.profile.enabled": False,  # it would sample loops in which nothing of interest runs
    "distributed.comm.timeouts.connect": "5s",
    # how loops and memory are watched by default takes some per cent of a core for each process
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "5s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.admin.low-level-log-length": 1_000,  # progress is of use once
    "distributed.scheduler.work-stealing": False,  # no more tasks are given out than there are slots
}


def settle() -> None:
    """Applies them to this process; distributed has set up logging of its own when it was imported."""
    dask.config.set(CONFIG)
    for name in ("distributed", "distributed.client", "bokeh", "tornado", "tornado.application"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)
