"""The status over HTTP: alone, and beside live delivery."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.bench.cores import cpu_s, pin_with_children
from tests.bench.fanout import metronome
from tests.bench.figures import Figure
from tests.bench.load import Load, raise_file_limit

_SUBSCRIBERS: Final = 2_500
_PAUSE_MS: Final = 5.0
_ALONE_S: Final = 5.0
_BESIDE_S: Final = 10.0
_CONNECTIONS: Final = 16


async def polling(folder: Path, load: Load) -> list[Figure]:
    """A run that goes on, asked for by its status."""
    raise_file_limit()
    async with metronome(folder, load) as (subject, run_key):
        port, path = subject.port, f"/api/backtests/{run_key}/status"
        alone = await _asked(load, subject.process.pid, port, path)
        health = await _asked(load, subject.process.pid, port, "/health/live")
        quiet = await load.requests(port, path, connections=1, seconds=_ALONE_S, pause_ms=_PAUSE_MS)
        async with load.sockets(port, f"/ws/runs/{run_key}", _SUBSCRIBERS) as sockets:
            await sockets.reset()
            beside = await load.requests(port, path, connections=1, seconds=_BESIDE_S, pause_ms=_PAUSE_MS)
            delivered = await sockets.report()
    async with _bare(load) as (pid, port):
        bare = await _asked(load, pid, port, "/")
    for figures in (alone.clients, health.clients, quiet, beside, bare.clients):
        assert not figures["failures"], figures
    rate = delivered["frames"] / delivered["seconds"]
    return [
        Figure(
            "status of a running backtest, requests on one core",
            f"{1 / alone.request_s:,.0f} for each second of it ({alone.rate:,.0f}/s)",
            "≥ 10,000/s",
            f"{bare.request_s / alone.request_s:.2f} × a bare answer of uvicorn ({1 / bare.request_s:,.0f}), "
            f"{health.request_s / alone.request_s:.2f} × a health request",
        ),
        Figure(
            f"status beside {rate:,.0f} deliveries/s, p99",
            f"{beside['p99_us'] / 1000:.1f} ms",
            "< 15 ms",
            f"{beside['p99_us'] / quiet['p99_us']:.1f} × without them ({quiet['p99_us'] / 1000:.1f} ms)",
        ),
    ]


class Answered(NamedTuple):
    """Figures of a while of requests, and the server's processor time."""

    clients: dict[str, Any]
    cpu_s: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return float(self.clients["frames"]) / float(self.clients["seconds"])

    @property
    def request_s(self) -> float:
        """Processor time of one request."""
        return self.cpu_s / float(self.clients["frames"])


async def _asked(load: Load, pid: int, port: int, path: str) -> Answered:
    before = cpu_s(pid)
    clients = await load.requests(port, path, connections=_CONNECTIONS, seconds=_ALONE_S)
    return Answered(clients, cpu_s(pid) - before)


@asynccontextmanager
async def _bare(load: Load) -> AsyncIterator[tuple[int, int]]:
    """Process id and port of uvicorn with an application that answers the same few bytes to everything."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.rivals", "answer", stdout=PIPE)
    try:
        assert process.stdout is not None
        port = int((await process.stdout.readline()).strip().split(b":")[1].rstrip(b"}"))
        pin_with_children(process.pid, frozenset([load.cores.measured]), load.cores.others)
        yield process.pid, port
    finally:
        process.kill()
        await process.wait()
