"""The functions that the server names and workers run; light, for the server imports it and never what it computes."""

import os

from server.execution.cell import CellAddress
from server.execution.confinement import Confinement, confine


def initialize(limits: Confinement) -> None:
    """Runs once in every worker, before its first task."""
    confine(limits)
    import server.execution.worker  # noqa: F401  # warm where no fork server preloaded it


def greet() -> int:
    """Answers with the worker's process id: it is warm and takes tasks."""
    return os.getpid()


def run(task: bytes, address: CellAddress, compiled: str | None) -> bytes:
    """Runs one encoded Task and answers with its encoded Outcome; raises nothing.

    `compiled`: the folder for the machine code of strategies, None where all are interpreted.
    """
    from server.execution.worker import run_encoded

    return run_encoded(task, address, compiled)
