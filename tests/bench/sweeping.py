"""A large optimization, as it is watched: submitted, followed on a socket, asked for meanwhile."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from websockets.asyncio.client import connect

from tests.bench.cores import descendants, peak_resident_bytes, resident_bytes, share_bytes
from tests.bench.figures import Figure, ms, quantile
from tests.bench.subject import Subject
from tests.bench.walk import walk
from tests.bench.watching import messages_of
from tests.waiting import looks

HOURS: Final = 56_000
"""Bars of the large grid: about what six and a half years of hours are."""
FAST: Final = {"min": 2, "max": 200, "step": 1}
SLOW: Final = {"min": 5, "max": 507, "step": 1}
LARGE: Final = 199 * 503
SMALL_BARS: Final = 100_000
SMALL_FAST: Final = {"min": 5, "max": 50, "step": 1}
SMALL_SLOW: Final = {"min": 60, "max": 550, "step": 1}
SMALL: Final = 46 * 491
MILLION: Final = {
    "fastPeriod": {"min": 2, "max": 126, "step": 1},
    "slowPeriod": {"min": 5, "max": 804, "step": 1},
    "quantity": {"min": 1, "max": 10, "step": 1},
}
MILLION_BARS: Final = 1_000
_TRIALS: Final = 1_000_000
_WEIGH_EVERY_S: Final = 2.0


async def sweeping(subject: Subject, folder: Path) -> list[Figure]:
    """A hundred thousand combinations over hours, then some thousand over more bars against the bare kernel."""
    await subject.import_minutes(SMALL_BARS)
    await _warmed(subject)
    large = await _swept(subject, {"fastPeriod": FAST, "slowPeriod": SLOW}, HOURS)
    # whoever asks all the time takes of the cores that the bare kernel has to itself
    small = await _swept(subject, {"fastPeriod": SMALL_FAST, "slowPeriod": SMALL_SLOW}, SMALL_BARS, every_s=1.0)
    bare = await _bare(folder)
    million = await _swept(subject, MILLION, MILLION_BARS, weigh=True)
    return [
        Figure(
            f"{LARGE:,} combinations of SmaCrossover over {HOURS:,} bars, from submitting to the final update",
            f"{large.took_s:.1f} s",
            "< 25 s",
            f"{LARGE * HOURS / large.took_s / 1e9:.2f} G bars/s",
        ),
        Figure("the same: updates with another leader or count", f"{large.updates}", "moving"),
        Figure("the same: memory that the server process grows by", f"{large.grown / 1e6:,.0f} MB", "< 200 MB"),
        Figure("the same: memory of its largest worker", f"{large.worker / 1e6:,.0f} MB", "< 300 MB"),
        Figure("the same: status meanwhile, p99", ms(quantile(large.asked, 0.99)), "< 20 ms"),
        Figure("the same: lag of the event loop meanwhile, worst", f"{large.lag_ms:.1f} ms", "< 20 ms"),
        Figure(
            f"{SMALL:,} combinations over {SMALL_BARS:,} bars",
            f"{SMALL / small.took_s:,.0f} trials/s",
            "≥ 3,500/s",
            f"{small.took_s / bare:.2f} × the time of the bare kernel ({bare:.2f} s on as many processes)",
        ),
        Figure(
            f"{_TRIALS:,} combinations over {MILLION_BARS:,} bars: memory of all processes",
            f"{million.total / 1e6:,.0f} MB",
            "< 2,000 MB",
            f"{_TRIALS / million.took_s:,.0f} trials/s",
        ),
        Figure("the same: status meanwhile, p99", ms(quantile(million.asked, 0.99)), "< 20 ms"),
    ]


class Swept(msgspec.Struct):
    """What was seen of one sweep."""

    took_s: float
    updates: int
    grown: int
    worker: int
    asked: list[float]
    lag_ms: float
    total: int


async def _warmed(subject: Subject) -> None:
    """A few trials, so that workers are up and the strategy is compiled."""
    few = {"fastPeriod": {"min": 5, "max": 8, "step": 1}, "slowPeriod": {"min": 20, "max": 60, "step": 1}}
    await _swept(subject, few, 20_000)


async def _swept(
    subject: Subject, axes: dict[str, dict[str, int]], rows: int, *, weigh: bool = False, every_s: float = 0.05
) -> Swept:
    body = subject.backtest(0, rows=rows) | {"axes": axes, "maxCombinations": _TRIALS}
    before, processes = resident_bytes(subject.process.pid), len(descendants(subject.process.pid))
    async with connect(f"{subject.socket}/ws", compression=None, max_size=None) as socket:
        began = time.perf_counter()
        answer = await subject.http.post("/api/optimizations", json=body)
        run_key = answer.raise_for_status().json()["runKey"]
        await socket.send(msgspec.json.encode({"type": "subscribe", "id": 1, "runKey": run_key}).decode())
        async with _asking(subject, run_key, weigh=weigh, every_s=every_s) as seen:
            updates = await _followed(socket, run_key)
        took_s = time.perf_counter() - began
        total = max(seen.total, await _tidied(subject, processes, weigh=weigh))
    return Swept(took_s, updates, seen.most - before, seen.worker, seen.asked, seen.lag_ms, total)


async def _followed(socket: Any, run_key: str) -> int:
    """How many different states were told until the end; RuntimeError when it did not complete."""
    told = set()
    async for frame in socket:
        for message in messages_of(frame):
            state = message.get("state")
            if message.get("runKey") != run_key or state is None:
                continue
            told.add((state["processed"], (state["best"] or {}).get("trialKey")))
            if message["final"]:
                if state["status"] != "Completed":
                    raise RuntimeError(f"the sweep ended as {state['status']}: {state['errorMessage']}")
                return len(told)
    raise RuntimeError("the socket was closed before the final update")


async def _tidied(subject: Subject, processes: int, *, weigh: bool) -> int:
    """Waits until there are as many processes as before: a last one puts the trials together. The memory of all of them
    meanwhile, where it is asked for.
    """
    most = 0
    await asyncio.sleep(1.0)  # it is started after the final update, and nothing tells when
    async for count in looks(lambda: len(descendants(subject.process.pid))):
        if count <= processes:
            return most
        most = max(most, await asyncio.to_thread(_weight, subject.process.pid)) if weigh else 0
    raise AssertionError("it looks for ever")


class Seen(msgspec.Struct):
    """What was noticed while a sweep went on."""

    asked: list[float] = []
    lag_ms: float = 0.0
    most: int = 0
    worker: int = 0
    total: int = 0


@asynccontextmanager
async def _asking(subject: Subject, run_key: str, *, weigh: bool, every_s: float) -> AsyncIterator[Seen]:
    """Asks for the status again and again, and looks at memory and lag; with `weigh` at that of all processes,
    which holds each of them up for a moment.
    """
    seen = Seen()

    async def ask() -> None:
        weighed = 0.0
        while True:
            began = time.perf_counter()
            (await subject.http.get(f"/api/optimizations/{run_key}/status")).raise_for_status()
            seen.asked.append(time.perf_counter() - began)
            system = (await subject.http.get("/api/system")).raise_for_status().json()
            seen.lag_ms = max(seen.lag_ms, float(system["loopLagMs"]))
            seen.most = max(seen.most, resident_bytes(subject.process.pid))
            for pid in descendants(subject.process.pid):
                with suppress(IndexError, OSError):  # it has just ended
                    seen.worker = max(seen.worker, peak_resident_bytes(pid))
            if weigh and time.monotonic() - weighed > _WEIGH_EVERY_S:
                weighed = time.monotonic()
                seen.total = max(seen.total, await asyncio.to_thread(_weight, subject.process.pid))
            await asyncio.sleep(every_s)

    task = asyncio.create_task(ask())
    try:
        yield seen
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _weight(pid: int) -> int:
    """The memory of a process and of all that it started."""
    total = share_bytes(pid)
    for child in descendants(pid):
        with suppress(OSError):  # it has just ended
            total += share_bytes(child)
    return total


async def _bare(folder: Path) -> float:
    """Seconds that the small grid takes without a service: two processes, half the grid each, packing included."""
    path = folder / "bare.npy"
    np.save(path, walk(SMALL_BARS))
    halves = [(SMALL_FAST["min"], 27), (28, SMALL_FAST["max"])]
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.bare_sweep", str(path), str(first), str(last)),
            stdout=asyncio.subprocess.PIPE,
        )
        for first, last in halves
    ]
    told = [(await one.communicate())[0] for one in started]
    return max(float(text) for text in told)
