"""Gives the workers what comes next: backtests by priority and age, and between them the chunks of sweeps."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from server import logs
from server.runs.backtests import run_backtest
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun
from server.runs.prepared import PreparedBacktest
from server.runs.sweep import Sweep
from server.runs.sweep_tasks import SweepPart
from server.runs.workplace import Workplace

_log = logging.getLogger(__name__)
_OVERTAKES: Final = 3
"""A backtest goes before the rest of a sweep, but after this many in a row a chunk has its turn."""
_ACTIVE_SWEEPS: Final = 4
"""Sweeps that share the workers at once; the others wait, so that the first ones come to an end."""


class Scheduler:
    """Fills the executor's slots; a run that waits costs nothing."""

    def __init__(self, ledger: Ledger, place: Workplace) -> None:
        self._ledger = ledger
        self._place = place
        self._sweeps: deque[Sweep] = deque()
        self._busy = 0
        self._overtakes = 0
        self._paused = False
        self._freed = asyncio.Event()

    @property
    def busy(self) -> int:
        """Slots in use."""
        return self._busy

    def pause(self) -> None:
        """Starts nothing more; what runs goes on."""
        self._paused = True

    async def idle(self) -> None:
        """Waits until no slot is in use; of use after `pause`."""
        while self._busy:
            self._freed.clear()
            await self._freed.wait()

    async def run(self) -> None:
        """Schedules for ever; everything it started ends before it does."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_slots(), name="slots")
            while True:
                self._ledger.queued.clear()
                if not self._paused:
                    self._fill(tasks)
                await self._ledger.queued.wait()

    async def _follow_slots(self) -> None:
        while True:
            await self._place.executor.resized()
            for sweep in self._sweeps:
                sweep.resized()
            self._ledger.queued.set()

    def _fill(self, tasks: asyncio.TaskGroup) -> None:
        while len(self._sweeps) < _ACTIVE_SWEEPS and (live := self._ledger.queue.first(_is_sweep)):
            self._ledger.queue.remove(live.run_key)
            sweep = Sweep(live, self._ledger, self._place)
            self._sweeps.append(sweep)
            tasks.create_task(self._run_sweep(sweep), name=f"sweep {live.run_key}")
        while self._busy < self._place.executor.room:
            backtest = self._ledger.queue.first(_is_backtest)
            if backtest is not None and self._busy >= self._place.executor.slots:
                return  # chunks are short, and may wait where they will run; a backtest could wait there for hours
            sweep_due = any(sweep.has_chunk for sweep in self._sweeps)
            if backtest is not None and not (sweep_due and self._overtakes >= _OVERTAKES):
                self._overtakes = self._overtakes + 1 if sweep_due else 0
                self._ledger.queue.remove(backtest.run_key)
                self._busy += 1
                tasks.create_task(self._run_backtest(backtest), name=f"backtest {backtest.run_key}")
            elif sweep_due:
                self._overtakes = 0
                sweep, chunk = self._next_chunk()
                self._busy += 1
                tasks.create_task(self._run_chunk(sweep, chunk), name=f"chunk {chunk.first} of {sweep.run_key}")
            else:
                return

    def _next_chunk(self) -> tuple[Sweep, SweepPart]:
        """Sweeps take turns."""
        while True:
            sweep = self._sweeps[0]
            self._sweeps.rotate(-1)
            if sweep.has_chunk:
                return sweep, sweep.take_chunk()

    async def _run_backtest(self, live: LiveRun) -> None:
        try:
            async with self._surviving(live):
                if await self._ledger.begin(live):
                    await run_backtest(live, self._ledger, self._place)
        finally:
            self._free()

    async def _run_chunk(self, sweep: Sweep, chunk: SweepPart) -> None:
        try:
            async with self._surviving(sweep.live):
                await sweep.run_chunk(chunk)
        finally:
            self._free()

    async def _run_sweep(self, sweep: Sweep) -> None:
        try:
            async with self._surviving(sweep.live):
                if await self._ledger.begin(sweep.live):
                    await sweep.run()
        finally:
            self._sweeps.remove(sweep)
            self._ledger.queued.set()

    @asynccontextmanager
    async def _surviving(self, live: LiveRun) -> AsyncIterator[None]:
        """A bug met on the way of one run fails that run and no other. Lines of the log tell which run it is."""
        with logs.about(**live.log()):
            try:
                yield
            except Exception as error:  # noqa: BLE001  # whatever it is, the other runs must not end with it
                _log.exception("a run failed inside the server")
                if not live.ended.is_set():
                    message = f"internal error: {type(error).__name__}; see the server's log"
                    await self._ledger.end(live, "Failed", error_message=message)

    def _free(self) -> None:
        self._busy -= 1
        self._freed.set()
        self._ledger.queued.set()


def _is_backtest(live: LiveRun) -> bool:
    return isinstance(live.prepared, PreparedBacktest)


def _is_sweep(live: LiveRun) -> bool:
    return not _is_backtest(live)
