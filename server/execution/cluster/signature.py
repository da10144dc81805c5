"""Which workers of a cluster may take the tasks of a server: those that run the same versions."""

import sys
from typing import Final

import server
from server.engine.settings import ENGINE_VERSION

PREFIX: Final = "algotradeforge"


def signature() -> str:
    """The resource that a worker offers once a slot and that every task wants one of.

    Dask gives a task to no worker without it, so one of another version stays idle instead of giving other results.
    """
    python = ".".join(map(str, sys.version_info[:2]))
    return f"{PREFIX} {server.__version__}, engine {ENGINE_VERSION}, Python {python}"
