"""The server as it is measured: a process of its own, a home of its own, a million bars in it."""

import asyncio
import os
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

from tests.machine_code import COMPILED

START_LIMIT_S: Final = 60.0
BARS: Final = 1_000_000
_MINUTE_MS: Final = 60_000
_FIRST_MS: Final = 1_577_836_800_000  # 2020-01-01

CLOCK_VARIABLE: Final = "BENCH_CLOCK"
PLODDER: Final = """
from server.strategies import Strategy


class Plodder(Strategy):
    def init(self):
        self.sum = 0.0

    def on_bar(self, bar):
        for k in range(20_000):
            self.sum = (self.sum + k) * 0.5
"""
"""Compiled, and still at work for half a minute over a million bars."""
STOPWATCH: Final = """
import os
import time

import numpy as np

from server.strategies import Bar, Strategy


class Stopwatch(Strategy):
    \"\"\"Notes the monotonic clock at every bar.\"\"\"

    version = "1.0.0"

    def init(self) -> None:
        self.times = np.lib.format.open_memmap(os.environ["BENCH_CLOCK"], mode="w+", dtype="<i8", shape=(1_000_000,))
        self.count = 0

    def on_bar(self, bar: Bar) -> None:
        self.times[self.count] = time.monotonic_ns()
        self.count += 1
"""
METRONOME: Final = """
import time

from server.strategies import Bar, Strategy


class Metronome(Strategy):
    \"\"\"Takes its time over every bar.\"\"\"

    version = "1.0.0"

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        time.sleep(0.01)
"""


@dataclass(frozen=True)
class Subject:
    """A running server."""

    address: str
    home: Path
    process: Process
    ready_s: float
    http: httpx.AsyncClient

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    @property
    def socket(self) -> str:
        """The address for WebSockets."""
        return self.address.replace("http", "ws", 1)

    async def import_minutes(self, rows: int = BARS) -> None:
        """Uploads a random walk of minute bars, ACME on TEST."""
        csv = minutes_csv(rows)
        answer = await self.http.post(
            "/api/datasets",
            params={"assetName": "ACME", "exchange": "TEST", "timeFrame": "1m", "tickSize": "0.01"},
            content=csv,
            headers={"Content-Type": "text/csv"},
            timeout=120,
        )
        answer.raise_for_status()

    def backtest(self, number: int, *, rows: int = BARS, strategy: str = "SmaCrossover") -> dict[str, Any]:
        """A submission that no other number gives."""
        return {
            "strategyName": strategy,
            "assetName": "ACME",
            "exchange": "TEST",
            "timeFrame": "1m",
            "startTime": instant(0),
            "endTime": instant(rows - 1),
            "initialCash": 10_000 + number,
        }


def instant(minute: int) -> str:
    """The opening time of a bar."""
    at = time.gmtime((_FIRST_MS + minute * _MINUTE_MS) // 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", at)


def minutes_csv(rows: int) -> bytes:
    """A random walk as CSV: the same bytes each time."""
    random = np.random.default_rng(7)
    close = 10_000 + np.cumsum(random.integers(-3, 4, rows))
    close += max(0, 100 - int(close.min()))
    open_ = np.concatenate([close[:1], close[:-1]])
    high, low = np.maximum(open_, close) + 2, np.minimum(open_, close) - 2
    times = _FIRST_MS + np.arange(rows) * _MINUTE_MS
    lines = [
        f"{ts},{o / 100:.2f},{h / 100:.2f},{low_ / 100:.2f},{c / 100:.2f},1"
        for ts, o, h, low_, c in zip(
            times.tolist(), open_.tolist(), high.tolist(), low.tolist(), close.tolist(), strict=True
        )
    ]
    return ("timestamp,open,high,low,close,volume\n" + "\n".join(lines) + "\n").encode()


@asynccontextmanager
async def serving(home: Path, **environment: str) -> AsyncIterator[Subject]:
    """Starts `forge serve` on a free port and stops it again."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FORGE_")}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server",
        "serve",
        env=clean
        | {"FORGE_HOME": str(home), "PORT": "0", "FORGE_LOG_LEVEL": "warning", "FORGE_COMPILED": str(COMPILED)}
        | environment,
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        address = await asyncio.wait_for(_address(process), START_LIMIT_S)
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            while True:
                answer = await http.get("/health/ready")
                if answer.status_code == 200:
                    break
                await asyncio.sleep(0.005)
            yield Subject(address, home, process, time.monotonic() - began, http)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.communicate(), 20)
            except TimeoutError:
                process.kill()
                await process.communicate()


async def _address(process: Process) -> str:
    assert process.stdout is not None
    seen = []
    async for line in process.stdout:
        seen.append(line.decode())
        if found := re.search(r"http://[\w.:\[\]]+:\d+", seen[-1]):
            return found[0]
    raise RuntimeError("the server did not start:\n" + "".join(seen))
