"""One run and ten thousand subscribers, beside the least that any server must do and what others would."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.bench.cores import cpu_s, pin_with_children, resident_bytes
from tests.bench.figures import Figure
from tests.bench.load import Load, Sockets, raise_file_limit
from tests.bench.requests import until
from tests.bench.subject import METRONOME, Subject, serving

SUBSCRIBERS: Final = 10_000
_HZ: Final = 10.0
_SETTLE_S: Final = 2.0
_WATCHED_S: Final = 10.0
_RIVAL_S: Final = 6.0
_IDLE_S: Final = 30.0
_RUN_ROWS: Final = 100_000
_NEEDED_FILES: Final = SUBSCRIBERS + 500


class Delivered(NamedTuple):
    """Figures of a while of delivery: those of the clients, and the server's processor time."""

    clients: dict[str, Any]
    cpu_s: float

    @property
    def us(self) -> float:
        """Processor time of one frame, in microseconds."""
        return self.cpu_s / int(self.clients["frames"]) * 1e6

    @property
    def frame_bytes(self) -> int:
        """The size of a frame."""
        return round(int(self.clients["bytes"]) / int(self.clients["frames"]))

    @property
    def share(self) -> float:
        """Of the core."""
        return self.cpu_s / float(self.clients["seconds"])


class Rival(NamedTuple):
    """Another server at the same work, and how fast it opened."""

    delivered: Delivered
    opened_s: float
    bytes_each: float


@asynccontextmanager
async def metronome(folder: Path, load: Load, **environment: str) -> AsyncIterator[tuple[Subject, str]]:
    """A server on the measured core with a run that goes on for minutes and changes at every look; its key."""
    strategies = folder / "strategies"
    strategies.mkdir(exist_ok=True)
    (strategies / "metronome.py").write_text(METRONOME)
    settings = {"FORGE_STRATEGIES": str(strategies), "FORGE_WORKERS": "1", "FORGE_BENCH": "1"} | environment
    async with serving(folder / "metronome", **settings) as subject:
        await subject.import_minutes(_RUN_ROWS)
        yield subject, await started(subject, load, 0)


async def started(subject: Subject, load: Load, number: int) -> str:
    """Submits a run of the metronome, and waits until it has begun."""
    answer = await subject.http.post(
        "/api/backtests", json=subject.backtest(number, rows=_RUN_ROWS, strategy="Metronome")
    )
    answer.raise_for_status()
    run_key: str = answer.json()["runKey"]
    await until(subject, f"/api/backtests/{run_key}", lambda status: status["processedBars"] > 0)
    pin_with_children(subject.process.pid, frozenset([load.cores.measured]), load.cores.others)
    return run_key


async def watched(sockets: Sockets, pid: int, seconds: float) -> Delivered:
    """What is delivered in so long, and what it takes."""
    await asyncio.sleep(_SETTLE_S)
    before = cpu_s(pid)
    await sockets.reset()
    await asyncio.sleep(seconds)
    clients = await sockets.report()
    return Delivered(clients, cpu_s(pid) - before)


async def fanning_out(folder: Path, load: Load) -> list[Figure]:
    """All figures of the fan-out."""
    if (most := raise_file_limit()) < _NEEDED_FILES:
        raise RuntimeError(f"{SUBSCRIBERS:,} sockets need {_NEEDED_FILES:,} files (ulimit -n), {most:,} are allowed")
    async with metronome(folder, load) as (subject, run_key):
        pid = subject.process.pid
        at_rest = resident_bytes(pid)
        async with load.sockets(subject.port, f"/ws/runs/{run_key}", SUBSCRIBERS) as sockets:
            each = (resident_bytes(pid) - at_rest) / SUBSCRIBERS
            ours = await watched(sockets, pid, _WATCHED_S)
            opened_s, told_s = sockets.opened_s, sockets.told_s
        idle = await _idling(subject, load)
    floor = await _floor(load, ours.frame_bytes)
    broadcast = await _rival("broadcast", load, ours.frame_bytes)
    starlette = await _rival("starlette", load, ours.frame_bytes)
    clients = ours.clients
    return [
        Figure(
            f"{SUBSCRIBERS:,} subscribers of one backtest at 10/s: age of an update when it arrives, p99",
            f"{clients['p99_us'] / 1000:.0f} ms",
            "< 100 ms",
            f"websockets.broadcast {broadcast.delivered.clients['p99_us'] / 1000:.0f} ms, "
            f"Starlette {starlette.delivered.clients['p99_us'] / 1000:.0f} ms",
        ),
        Figure(
            "the same: updates delivered",
            f"{clients['frames'] / clients['seconds']:,.0f}/s, {clients['missed']:,} missed",
            "all",
            f"websockets.broadcast {_rate(broadcast)}, Starlette {_rate(starlette)}",
        ),
        Figure(
            f"the same: processor time of an update of {ours.frame_bytes} bytes",
            f"{ours.us:.2f} µs ({ours.share:.0%} of the core)",
            "≤ 1.6 × C",
            f"{ours.us / floor.us:.2f} × a C loop of send() ({floor.us:.2f} µs)",
        ),
        Figure(
            "the same: updates for the same processor time",
            f"{1e6 / ours.us:,.0f}/s",
            "≥ 1.6 × and ≥ 2 ×",
            f"{broadcast.delivered.us / ours.us:.2f} × websockets.broadcast, "
            f"{starlette.delivered.us / ours.us:.2f} × Starlette's send_text",
        ),
        Figure(
            "memory of a connection",
            f"{each / 1000:.1f} KB",
            "< 25 KB",
            f"{each / starlette.bytes_each:.2f} × Starlette on uvicorn, {each / broadcast.bytes_each:.2f} × websockets",
        ),
        Figure(
            f"{SUBSCRIBERS:,} connections opened",
            f"{opened_s:.1f} s, all told the state after {told_s:.1f} s",
            "< 10 s",
            f"{opened_s / starlette.opened_s:.2f} × Starlette on uvicorn ({starlette.opened_s:.1f} s)",
        ),
        Figure(f"{SUBSCRIBERS:,} idle connections with pings", f"{idle:.1%} of a core", "< 5 %"),
    ]


def _rate(rival: Rival) -> str:
    return f"{rival.delivered.clients['frames'] / rival.delivered.clients['seconds']:,.0f}/s"


async def _idling(subject: Subject, load: Load) -> float:
    """The share of a core that subscribers of a run take which waits in the queue: pings, and nothing else."""
    pid = subject.process.pid
    answer = await subject.http.post("/api/backtests", json=subject.backtest(1, rows=_RUN_ROWS, strategy="Metronome"))
    answer.raise_for_status()
    before = cpu_s(pid)
    await asyncio.sleep(_SETTLE_S)
    without = (cpu_s(pid) - before) / _SETTLE_S
    async with load.sockets(subject.port, f"/ws/runs/{answer.json()['runKey']}", SUBSCRIBERS) as sockets:
        idle = await watched(sockets, pid, _IDLE_S)
        assert idle.clients["pings"] >= SUBSCRIBERS, idle.clients
        return idle.share - without


async def _floor(load: Load, frame_bytes: int) -> Delivered:
    async with (
        load.floor(SUBSCRIBERS, frame_bytes, _HZ) as (pid, port),
        load.sockets(port, "/", SUBSCRIBERS) as sockets,
    ):
        return await watched(sockets, pid, _RIVAL_S)


async def _rival(way: str, load: Load, frame_bytes: int) -> Rival:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.rivals", way, str(SUBSCRIBERS), str(frame_bytes), str(_HZ)), stdout=PIPE
    )
    try:
        assert process.stdout is not None
        port = int((await process.stdout.readline()).strip().split(b":")[1].rstrip(b"}"))
        pin_with_children(process.pid, frozenset([load.cores.measured]), load.cores.others)
        await asyncio.sleep(_SETTLE_S)
        at_rest = resident_bytes(process.pid)
        async with load.sockets(port, "/", SUBSCRIBERS) as sockets:
            each = (resident_bytes(process.pid) - at_rest) / SUBSCRIBERS
            return Rival(await watched(sockets, process.pid, _RIVAL_S), sockets.opened_s, each)
    finally:
        process.kill()
        await process.wait()
