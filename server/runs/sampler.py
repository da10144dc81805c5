"""Samples running work often enough to look alive, and publishes seldom enough to cost little."""

import asyncio
import time
from typing import Final

from server.runs.ledger import Ledger

PUBLISH_INTERVAL_S: Final = 0.1
"""At most ten updates a second and run leave the source."""


class Sampler:
    """Reads the counts of every running attempt each `interval_s`."""

    def __init__(self, ledger: Ledger, interval_s: float) -> None:
        self._ledger = ledger
        self._interval_s = interval_s
        self._published: dict[str, float] = {}

    async def run(self) -> None:
        """Samples for ever."""
        due = time.monotonic()
        while True:
            due = max(due + self._interval_s, time.monotonic())
            await self.sample(time.monotonic())
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def sample(self, now_s: float) -> None:
        """Reports each run whose last update is old enough."""
        for run_key in self._published.keys() - self._ledger.live.keys():
            del self._published[run_key]
        # A hair of slack, or a timer that fires a moment early would halve the rate.
        oldest = now_s - PUBLISH_INTERVAL_S + self._interval_s / 4
        for run_key, live in list(self._ledger.live.items()):
            if live.work is None or live.state.status != "Running" or self._published.get(run_key, 0.0) > oldest:
                continue
            if await self._ledger.report(live, live.work.progress()):
                self._published[run_key] = now_s


class LagMeter:
    """How late the event loop is: the largest overshoot of a short sleep in the last seconds."""

    _INTERVAL_S: Final = 0.05
    _KEPT: Final = 40

    def __init__(self) -> None:
        self._overshoots: list[float] = []

    @property
    def lag_ms(self) -> float:
        """Milliseconds, the worst of the last two seconds."""
        return round(max(self._overshoots, default=0.0) * 1000, 2)

    async def run(self) -> None:
        """Measures for ever."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(self._INTERVAL_S)
            self._overshoots.append(max(0.0, time.monotonic() - before - self._INTERVAL_S))
            del self._overshoots[: -self._KEPT]
