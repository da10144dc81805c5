"""From a bar that was counted to the update at a subscriber."""

import json
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from websockets.asyncio.client import connect

from tests.bench.figures import Figure, ms, quantile
from tests.bench.subject import Subject

_ROWS = 1_000_000


async def following(subject: Subject, clock: Path) -> list[Figure]:
    """For every bar: how long until a subscriber had an update that counts it."""
    answer = await subject.http.post("/api/backtests", json=subject.backtest(0, rows=_ROWS, strategy="Stopwatch"))
    answer.raise_for_status()
    run_key = answer.json()["runKey"]
    seen: list[tuple[int, int]] = []
    async with connect(f"{subject.socket}/ws/runs/{run_key}", compression=None) as socket:
        async for frame in socket:
            now = time.monotonic_ns()
            state = json.loads(frame).get("state")
            if state is None:
                continue
            seen.append((state["processed"], now))
            if state["status"] not in ("Pending", "Running"):
                break
    assert state["status"] == "Completed", state
    counted = np.load(clock, mmap_mode="r")[:_ROWS]
    late = [
        (now - counted[before:processed]) / 1e9
        for (before, _), (processed, now) in pairwise(seen[:-1])
        if processed > before
    ]
    waits = np.concatenate(late)
    newest = [(now - int(counted[processed - 1])) / 1e9 for processed, now in seen[1:-1] if processed > 0]
    return [
        Figure(
            "from a bar counted to the first update that has it, p99",
            ms(float(np.quantile(waits, 0.99))),
            "< 150 ms",
            f"{float(np.quantile(waits, 0.99)) / 0.1:.2f} × the 100 ms between updates",
        ),
        Figure("age of the newest bar in an update when it arrives, p99", ms(quantile(newest, 0.99))),
        Figure("updates of that run", f"{len(seen):,} in {(seen[-1][1] - seen[0][1]) / 1e9:.1f} s"),
    ]
