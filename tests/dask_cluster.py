"""A real Dask cluster as users start it: `forge scheduler` and `forge worker` in processes of their own."""

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
        self._settings = {"FORGE_COMPILED": str(COMPILED)} | settings
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

    def host_of(self, pid: int) -> int:
        """The process of Dask's worker below which a process is: what the nanny starts anew when it dies."""
        nannies = {worker.pid for worker in self.workers}
        while (parent := _parent(pid)) not in nannies:
            pid = parent
        return pid

    @property
    def processes(self) -> list[subprocess.Popen[str]]:
        """The scheduler and the nannies."""
        return [*([self._scheduler] if self._scheduler else []), *self.workers]

    def kill_scheduler(self) -> None:
        """Ends it at once."""
        assert self._scheduler is not None
        with self._scheduler:
            self._scheduler.kill()

    def stop(self) -> None:
        """Ends all of it, by force what does not end."""
        for processes in (self.workers, [self._scheduler] if self._scheduler else []):  # workers leave it in order
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                with process:  # closes what it wrote to
                    try:
                        process.wait(_STOP_LIMIT_S)
                    except subprocess.TimeoutExpired:
                        process.kill()

    @property
    def log(self) -> str:
        """What all of them have written."""
        return (self._folder / "cluster.log").read_text()

    def _start(self, *command: str) -> subprocess.Popen[str]:
        environment = clean_environment(**self._settings)
        with (self._folder / "cluster.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "server", *command],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )


def _parent(pid: int) -> int:
    """OSError when there is no such process, or it is below none of the cluster's."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


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
