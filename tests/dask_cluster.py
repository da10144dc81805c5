"""A real Dask cluster as users start it: `forge scheduler` and `forge worker` in processes of their own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.integration.serving import clean_environment
from tests.machine_code import COMPILED

_STOP_LIMIT_S: Final = 20.0
_ADDRESS: Final = re.compile(r"(tcp|tls)://[\w.:\[\]]+:\d+")


class DaskCluster:
    """A scheduler, and workers of one slot each that share a folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = settings
        self._scheduler: subprocess.Popen[str] | None = None
        self.workers: list[subprocess.Popen[str]] = []
        self.url = ""

    def start_scheduler(self) -> None:
        """Returns once it listens: where the one before did, if there was one."""
        port = self.url.rpartition(":")[2] or "0"
        self._scheduler = self._start("scheduler", "--port", port)
        assert self._scheduler.stdout is not None
        found = _ADDRESS.search(self._scheduler.stdout.readline())
        assert found is not None, self.log
        self.url = found[0]

    def add_worker(self) -> subprocess.Popen[str]:
        """It joins in the background."""
        worker = self._start("worker", "--scheduler", self.url, "--slots", "1", "--home", str(self._folder / "workers"))
        self.workers.append(worker)
        return worker

    def kill_scheduler(self) -> None:
        """Ends it at once."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def stop(self) -> None:
        """Ends all of it, by force what does not end."""
        processes = [*self.workers, *([self._scheduler] if self._scheduler else [])]
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def log(self) -> str:
        """What all of them have written."""
        return (self._folder / "cluster.log").read_text()

    def _start(self, *command: str) -> subprocess.Popen[str]:
        environment = clean_environment(**{"FORGE_COMPILED": str(COMPILED)} | self._settings)
        with (self._folder / "cluster.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "server", *command],
                env=environment,
                cwd=os.getcwd(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )


@contextmanager
def dask_cluster(folder: Path, *, workers: int = 2, **settings: str) -> Iterator[DaskCluster]:
    """A cluster for the block."""
    cluster = DaskCluster(folder, **settings)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()
