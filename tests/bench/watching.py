"""One socket that follows a thousand runs, and one that comes back after it was away."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.cores import cpu_s, pin_with_children
from tests.bench.fanout import metronome
from tests.bench.figures import Figure, ms, quantile
from tests.bench.load import Load
from tests.bench.publisher import run_key

_RUNS: Final = 1_000
_HZ: Final = 10.0
_SETTLE_S: Final = 2.0
_WATCHED_S: Final = 10.0
_AWAY_S: Final = 30.0
_RETURNS: Final = 20

Message = dict[str, Any]


def messages_of(frame: str | bytes) -> list[Message]:
    """What a frame of `/ws` holds: one message or an array of them."""
    held = msgspec.json.decode(frame)
    return held if isinstance(held, list) else [held]


async def following_many(load: Load) -> list[Figure]:
    """A thousand running runs at ten updates a second, on one socket."""
    async with _publishing(load, _RUNS) as (pid, port):
        alone = await _share(pid)
        async with connect(f"ws://127.0.0.1:{port}/ws", compression=None, max_size=None, max_queue=None) as socket:
            for number in range(_RUNS):
                await socket.send(msgspec.json.encode(_subscribe(number, run_key(number))).decode())
            tally = Tally()
            counting = asyncio.create_task(tally.count(socket))
            await asyncio.sleep(_SETTLE_S)
            tally.updates = tally.frames = 0
            with_subscriber = await _share(pid)
            updates, frames = tally.updates, tally.frames
        await counting
    return [
        Figure(
            f"one socket that follows {_RUNS:,} runs at 10/s each",
            f"{with_subscriber - alone:.1%} of a core",
            "< 15 %",
            f"the publishing itself takes {alone:.1%}",
        ),
        Figure("the same: updates in one frame", f"{updates / frames:.0f}"),
        Figure(
            "the same: updates received",
            f"{updates / _WATCHED_S:,.0f}/s",
            "",
            f"{(with_subscriber - alone) * _WATCHED_S / updates * 1e6:.1f} µs each",
        ),
    ]


async def _share(pid: int) -> float:
    before = cpu_s(pid)
    await asyncio.sleep(_WATCHED_S)
    return (cpu_s(pid) - before) / _WATCHED_S


class Tally:
    """Updates and the frames that held them."""

    def __init__(self) -> None:
        self.updates = 0
        self.frames = 0

    async def count(self, socket: ClientConnection) -> None:
        """Until the socket is closed."""
        async for frame in socket:
            found = sum(message["type"] == "update" for message in messages_of(frame))
            self.updates += found
            self.frames += found > 0


@asynccontextmanager
async def _publishing(load: Load, runs: int) -> AsyncIterator[tuple[int, int]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.publisher", str(runs), str(_HZ)), stdout=PIPE
    )
    try:
        assert process.stdout is not None
        port = int(msgspec.json.decode(await process.stdout.readline())["port"])
        pin_with_children(process.pid, frozenset([load.cores.measured]), load.cores.others)
        await asyncio.sleep(_SETTLE_S)
        yield process.pid, port
    finally:
        process.kill()
        await process.wait()


def _subscribe(number: int, key: str, rev: list[int] | None = None) -> Message:
    message: Message = {"type": "subscribe", "id": number, "runKey": key}
    return message if rev is None else message | {"rev": rev}


async def coming_back(folder: Path, load: Load) -> list[Figure]:
    """A client that saw a run, was away, and says which revision it has: how long until it is right again."""
    async with metronome(folder, load) as (subject, key):
        url = f"{subject.socket}/ws"
        rev, _ = await _told(url, key, None)
        await asyncio.sleep(_AWAY_S)
        back, first_s = await _told(url, key, rev)
        assert back > rev, (rev, back)
        took = [first_s]
        for _ in range(_RETURNS - 1):
            back, took_s = await _told(url, key, back)
            took.append(took_s)
        before = time.perf_counter()
        (await subject.http.get(f"/api/backtests/{key}/status")).raise_for_status()
        asked_s = time.perf_counter() - before
    return [
        Figure(
            f"back after {_AWAY_S:.0f} s: from connecting to the right state",
            ms(first_s),
            "< 1 s",
            f"{first_s / asked_s:.1f} × a status request ({ms(asked_s)})",
        ),
        Figure(f"the same, worst of {_RETURNS} returns", ms(quantile(took, 1.0))),
    ]


async def _told(url: str, key: str, rev: list[int] | None) -> tuple[list[int], float]:
    """The revision of the first answer, and the seconds from connecting to it."""
    began = time.perf_counter()
    async with connect(url, compression=None) as socket:
        await socket.send(msgspec.json.encode(_subscribe(1, key, rev)).decode())
        async for frame in socket:
            for message in messages_of(frame):
                if message["type"] == "snapshot":
                    return message["rev"], time.perf_counter() - began
    raise RuntimeError("the socket was closed before the snapshot")
