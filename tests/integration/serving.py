"""A server as users start it: `forge serve` in a process of its own, on a free port, in a home of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.machine_code import COMPILED

READY_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 20.0
_ADDRESS: Final = re.compile(r"http://[\w.:\[\]]+:\d+")
_OF_SETTINGS: Final = ("FORGE_", "HOST", "PORT", "REDIS_URL")


@dataclass(frozen=True)
class Served:
    """A running server: `log` is what it wrote to standard error."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    log: Path

    @property
    def port(self) -> str:
        """The port that it listens on."""
        return self.url.rpartition(":")[2]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ends it by a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_LIMIT_S)


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment without settings of the server, and these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_SETTINGS)}
    return kept | settings


@contextmanager
def serving(
    home: Path, *, within: Sequence[str] = (), command: Sequence[str] = ("serve",), **settings: str
) -> Iterator[Served]:
    """Starts a server and waits until it is ready; ends it with the block, by force if it must be.

    `within`: a command that runs the one that follows it, as `unshare` does. `command` of forge: one that serves.
    """
    log = home.parent / f"{home.name}.log"
    environment = clean_environment(
        **{"PORT": "0", "FORGE_HOME": str(home), "FORGE_COMPILED": str(COMPILED)} | settings
    )
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*within, sys.executable, "-m", "server", *command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        url = _address(process, log)
        _wait_until_ready(url, process, log)
        yield Served(url, home, process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := _ADDRESS.search(line):
            return found[0]
    raise AssertionError(f"the server ended with {process.wait()} before it told its address:\n{log.read_text()}")


def _wait_until_ready(url: str, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    with httpx.Client(base_url=url, trust_env=False) as http:
        while http.get("/health/ready").status_code != httpx.codes.OK:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"not ready within {READY_LIMIT_S} s:\n{log.read_text()}"
            time.sleep(0.02)  # the distance between two questions
