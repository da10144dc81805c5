"""The same sweep by the workers of this machine and by a Dask cluster of as many: what Dask costs."""

import time
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from websockets.asyncio.client import connect

from tests.bench.cores import cpu_s
from tests.bench.figures import Figure, median
from tests.bench.subject import Subject, serving
from tests.bench.watching import messages_of
from tests.waiting import asks

WORKERS: Final = 2
BARS: Final = 56_000
FAST: Final = {"min": 2, "max": 200, "step": 1}
SLOW: Final = {"min": 5, "max": 774, "step": 1}
TRIALS: Final = 199 * 770
_TIMES: Final = 3


async def clustered(folder: Path) -> list[Figure]:
    """In turns, so that a machine that is slower for a while is so for both."""
    local, dask = [], []
    for number in range(_TIMES):
        local.append(await _swept(folder / f"local-{number}", FORGE_WORKERS=str(WORKERS)))
        dask.append(await _swept(folder / f"dask-{number}", FORGE_DASK_LOCAL=str(WORKERS)))
    ratios = [there.took_s / here.took_s for there, here in zip(dask, local, strict=True)]
    local_s, dask_s = [one.took_s for one in local], [one.took_s for one in dask]
    return [
        Figure(
            f"{TRIALS:,} combinations over {BARS:,} bars on {WORKERS} workers of this machine, median of {_TIMES}",
            f"{median(local_s):.1f} s",
        ),
        Figure("the same on a Dask cluster of as many", f"{median(dask_s):.1f} s"),
        Figure(
            "what Dask adds, median of the pairs",
            f"{median(ratios) - 1:+.1%}",
            "< 5 %",
            f"from {min(ratios) - 1:+.1%} to {max(ratios) - 1:+.1%}",
        ),
        Figure(
            "core time of the owner for each slot that it keeps busy with chunks of half a second",
            f"{median([one.owner_share for one in local]) / WORKERS:.1%}",
        ),
        Figure(
            "the same with Dask and chunks of two seconds, its scheduler in the same process",
            f"{median([one.owner_share for one in dask]) / WORKERS:.1%}",
        ),
    ]


class _Swept(NamedTuple):
    """How long a sweep took, and how much of a core the owner's process needed meanwhile."""

    took_s: float
    owner_share: float


async def _swept(home: Path, **settings: str) -> _Swept:
    async with serving(home, **settings) as subject:
        await subject.import_minutes(BARS)
        async for answer in asks(lambda: subject.http.get("/api/system")):
            if answer.json()["workers"]["count"] == WORKERS:
                break
        few = {"fastPeriod": {"min": 5, "max": 8, "step": 1}, "slowPeriod": {"min": 20, "max": 60, "step": 1}}
        await _timed(subject, few)  # workers are up, the strategy is compiled, the bars are where they are needed
        before_s = cpu_s(subject.process.pid)
        took_s = await _timed(subject, {"fastPeriod": FAST, "slowPeriod": SLOW})
        return _Swept(took_s, (cpu_s(subject.process.pid) - before_s) / took_s)


async def _timed(subject: Subject, axes: dict[str, Any]) -> float:
    """Seconds from submitting a sweep to its final update."""
    body = subject.backtest(0, rows=BARS) | {"axes": axes}
    async with connect(f"{subject.socket}/ws", compression=None, max_size=None) as socket:
        began = time.perf_counter()
        answer = await subject.http.post("/api/optimizations", json=body)
        run_key = answer.raise_for_status().json()["runKey"]
        await socket.send(msgspec.json.encode({"type": "subscribe", "id": 1, "runKey": run_key}).decode())
        async for frame in socket:
            for message in messages_of(frame):
                if message.get("runKey") == run_key and message.get("final"):
                    if message["state"]["status"] != "Completed":
                        raise RuntimeError(f"the sweep ended as {message['state']['status']}")
                    return time.perf_counter() - began
    raise RuntimeError("the socket was closed before the final update")
