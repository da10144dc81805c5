"""What a worker process does to itself before it takes tasks: limits, priority, signals, an end with its parent."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import threading
from multiprocessing import forkserver
from multiprocessing.connection import wait
from typing import Any, Final, NamedTuple

_PR_SET_PDEATHSIG: Final = 1
_HEADROOM_BYTES: Final = 64 * 2**20
"""Kept back from user code, so that running out of memory can still be told."""


class Confinement(NamedTuple):
    """`niceness` as in nice(2); `memory_limit_bytes` of private memory, None for no limit."""

    niceness: int
    memory_limit_bytes: int | None


def confine(limits: Confinement) -> None:
    """Applies the limits to this process; called once, before its first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # see preload
    _end_with_parent()
    # a copy that user code forks would write the same files and answer the same task
    os.register_at_fork(after_in_child=lambda: os._exit(0))
    os.nice(limits.niceness)
    if limits.memory_limit_bytes is not None:
        hard = limits.memory_limit_bytes + _HEADROOM_BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_limit_bytes, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no gigabytes in somebody's folder
    _silence()


def memory_limit_bytes() -> int | None:
    """The limit that this process was given, None when it has none; under Headroom too."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    return None if hard == resource.RLIM_INFINITY else hard - _HEADROOM_BYTES


class Headroom:
    """`with Headroom():` lifts the memory limit a little, to report that it was reached."""

    def __enter__(self) -> None:
        self._limits = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (self._limits[1], self._limits[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_DATA, self._limits)


def _end_with_parent() -> None:
    """No worker outlives the server, however that ends.

    The thread sees the server's death, but waits for the interpreter lock; the kernel's signal needs no lock, but
    comes with the death of the fork server, which follows the server's.
    """
    _let_fork_server_end()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("only a child process of the server is a worker")

    def guard(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=guard, args=(parent.sentinel,), name="parent-guard", daemon=True).start()


def _let_fork_server_end() -> None:
    """The fork server lives while somebody holds the pipe that it watches, and hands that to every worker: one
    worker that does not end would keep it alive, and with it every other such worker."""
    forking: Any = forkserver._forkserver  # the standard library has no public name for it
    descriptor, forking._forkserver_alive_fd = forking._forkserver_alive_fd, None
    if descriptor is not None:
        os.close(descriptor)


def _silence() -> None:
    """User code that writes to the file descriptors of the process reaches nobody's terminal and fills no pipe."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
