"""Strategies and waits with which executors are tried."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from server.execution.cluster.executor import DaskExecutor, Place
from server.execution.cluster.trust import security
from server.execution.local import LocalExecutor
from server.execution.port import Counts, Executor, TaskHandle
from server.execution.tasks import Outcome
from tests.dask_cluster import DaskCluster
from tests.forms import workshop
from tests.machine_code import COMPILED
from tests.waiting import looks

if TYPE_CHECKING:
    from server.strategies.source import StrategySource
    from tests.conftest import Workshop

MakeExecutor = Callable[[Path], AbstractAsyncContextManager[Executor]]

SLOTS: Final = 2
PATIENCE_S: Final = 20.0
"""For what takes milliseconds, on a machine that is busy with other things."""
GRACE_S: Final = 0.3
MEMORY_LIMIT_BYTES: Final = 512 * 2**20

QUICK: Final = """
class Probe(Strategy):
    period: int = param(5, min=1, max=100)

    def init(self):
        self.average = Sma(self.period)

    def on_bar(self, bar):
        self.average.update(bar.close)
        if bar.close * self.period > self.average.total and self.position == 0:
            self.buy(1)
        elif self.position > 0:
            self.close()
"""

PATIENT: Final = """
import time

class Probe(Strategy):
    def on_bar(self, bar):
        time.sleep(0.0001)
"""

ENDLESS: Final = """
import os, pathlib

class Probe(Strategy):
    def on_bar(self, bar):
        gate = pathlib.Path({gate!r})
        (gate / "waits").write_text(str(os.getpid()))
        while True:
            try:
                pass
            except BaseException:
                pass
"""

_GATED: Final = """
import os, pathlib, time

class Probe(Strategy):
    def on_bar(self, bar):
        if bar.i == 500:
            time.sleep(0.01)  # longer than a block: what came before is told
        if bar.i == 1000:
            gate = pathlib.Path({gate!r})
            (gate / "waits").write_text(str(os.getpid()))
            while not (gate / "open").exists():
                time.sleep(0.002)
"""


def local(home: Path) -> AbstractAsyncContextManager[Executor]:
    """The executor of this machine, with little patience."""
    workshop()  # or the first runs find no compiler yet
    return LocalExecutor(
        workers=SLOTS, home=home, grace_s=GRACE_S, memory_limit_bytes=MEMORY_LIMIT_BYTES, compiled=COMPILED
    )


def on_cluster(cluster: DaskCluster) -> MakeExecutor:
    """The executor of a Dask cluster with the same patience."""

    @asynccontextmanager
    async def opened(home: Path) -> AsyncIterator[Executor]:
        service = LocalExecutor(
            workers=1, home=home, grace_s=GRACE_S, memory_limit_bytes=MEMORY_LIMIT_BYTES, compiled=None
        )
        place = Place(cluster.url, None)
        async with DaskExecutor(place, local=service, security=security(None), grace_s=GRACE_S) as executor:
            await joined(executor, SLOTS)
            yield executor

    return opened


async def joined(executor: Executor, slots: int) -> None:
    """Waits until so many slots are there."""
    async with asyncio.timeout(2 * PATIENCE_S):
        async for health in looks(executor.health):
            if health.workers == slots:
                return


class Gate:
    """A strategy that waits at bar 1,000 until the gate opens; its first blocks are told by then.

    With ENDLESS it comes to the gate at once and never leaves.
    """

    def __init__(self, workshop: "Workshop", code: str = _GATED) -> None:
        self._folder = workshop.folder("gate")
        self.strategy: StrategySource = workshop.strategy(code.format(gate=str(self._folder)))

    def open(self) -> None:
        """Lets the strategy go on."""
        (self._folder / "open").touch()

    async def worker(self) -> int:
        """Waits until the strategy stands at the gate; the process id of its worker."""
        async with asyncio.timeout(PATIENCE_S):
            async for text in looks(lambda: _read(self._folder / "waits")):
                if text:
                    return int(text)
        raise AssertionError


async def until(handle: TaskHandle, reached: Callable[[Counts], bool]) -> Counts:
    """The first counts of which this is true."""
    async with asyncio.timeout(PATIENCE_S):
        async for counts in looks(handle.counts):
            if reached(counts):
                return counts
    raise AssertionError


async def ended(handle: TaskHandle) -> Outcome:
    """The outcome, which must not take long."""
    async with asyncio.timeout(PATIENCE_S):
        return await handle.outcome()


def simulates(counts: Counts) -> bool:
    """Whether the bar loop has begun."""
    return counts.phase == "simulating"


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
