"""Live delivery without the work behind it, as a server of its own: `python -m tests.bench.publisher RUNS HZ`.

RUNS backtests that never end, each published HZ times a second at times of its own, served by the real endpoints. Says
its port first; the run keys are those of `run_key`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

import msgspec
from starlette.routing import Router
from starlette.types import ASGIApp

from server.access import AccessMiddleware, AccessRules
from server.background import in_background
from server.broker.memory import MemoryBroker
from server.contract.run import Revision, RunSnapshot
from server.listening import listening
from server.live.app import Live
from server.live.options import LiveOptions
from server.serving import run_in_loop, server_for
from tests.states import state_of

_SLICE_S: Final = 0.01
"""Runs are published in turns this far apart, as a sampler finds them."""


def run_key(number: int) -> str:
    """The key of one of the runs."""
    return f"Probe_1.0.0_20240101-20240201_{number:024x}"


class Directory:
    """Implements runs.port.RunDirectory over what is published."""

    store_id = "home"

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        return await self._broker.snapshot(run_key)

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        return [(snapshot, None) for snapshot in self._broker.newest()]


class Application:
    """Implements serving.Drainable."""

    def __init__(self, asgi: ASGIApp, live: Live) -> None:
        self.asgi = asgi
        self._live = live

    def drain(self) -> None:
        self._live.drain()

    async def drained(self) -> None:
        """At once."""


async def publish(broker: MemoryBroker, runs: int, hz: float) -> None:
    """For ever; falls behind rather than catching up."""
    states = [
        msgspec.structs.replace(state.state, started_at=state.state.updated_at, phase="simulating", equity=10_000.5)
        for state in (state_of(run_key(number)) for number in range(runs))
    ]
    infos = [state_of(run_key(number)).run for number in range(runs)]
    turns = max(1, round(1 / hz / _SLICE_S))
    due = time.monotonic()
    seq = 0
    while True:
        for turn in range(turns):
            seq += 1
            for number in range(turn, runs, turns):
                state = msgspec.structs.replace(states[number], processed=seq, elapsed_ms=seq)
                await broker.publish(RunSnapshot(run=infos[number], state=state, rev=Revision(1, seq)))
            due = max(due + 1 / hz / turns, time.monotonic())
            await asyncio.sleep(due - time.monotonic())


async def serve(runs: int, hz: float) -> None:
    """Until it is told to stop."""
    broker = MemoryBroker()
    for number in range(runs):
        await broker.publish(state_of(run_key(number), rev=(1, 0)))
    live = Live(Directory(broker), broker, LiveOptions(bench=True))
    router = Router(routes=[*live.routes])
    application = Application(AccessMiddleware(router, AccessRules()), live)
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listening("127.0.0.1", 0))
        await stack.enter_async_context(live.running())
        await stack.enter_async_context(in_background(publish(broker, runs, hz)))
        port = listener.getsockname()[1]
        server = server_for(application, lambda: print(json.dumps({"port": port}), flush=True))
        await server.serve(sockets=[listener])


if __name__ == "__main__":
    run_in_loop(serve(int(sys.argv[1]), float(sys.argv[2])))
