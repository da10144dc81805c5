"""Live delivery without the work behind it, as a server: `python -m tests.bench.publisher RUNS HZ [REDIS_URL]`.

RUNS backtests that never end, each published HZ times a second at times of its own, served by the real endpoints; with
a URL everything goes through Redis and comes back from there. Says its port first; the run keys are those of `run_key`.
`elapsedMs` of a state is when it was published, in monotonic nanoseconds.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import msgspec
from starlette.routing import Router
from starlette.types import ASGIApp

from server.access import AccessMiddleware, AccessRules
from server.background import in_background
from server.broker.memory import MemoryBroker
from server.broker.port import Broker
from server.broker.redis import RedisBroker
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

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        return await self._broker.snapshot(run_key)

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        """None: nobody here follows the topic that asks for them."""
        return []


class Application:
    """Implements serving.Drainable."""

    def __init__(self, asgi: ASGIApp, live: Live) -> None:
        self.asgi = asgi
        self._live = live

    def drain(self) -> None:
        self._live.drain()

    async def drained(self) -> None:
        """At once."""


async def publish(broker: Broker, runs: int, hz: float) -> None:
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
        seq += 1
        for turn in range(turns):
            for number in range(turn, runs, turns):
                state = msgspec.structs.replace(states[number], processed=seq, elapsed_ms=time.monotonic_ns())
                await broker.publish(RunSnapshot(run=infos[number], state=state, rev=Revision(1, seq)))
            due = max(due + 1 / hz / turns, time.monotonic())
            await asyncio.sleep(due - time.monotonic())


@asynccontextmanager
async def brokers(redis_url: str | None) -> AsyncIterator[Broker]:
    """That of one process, or with a URL the one that edges have."""
    if redis_url is None:
        yield MemoryBroker()
        return
    async with RedisBroker.connected(redis_url, Directory.store_id) as broker:
        yield broker


async def serve(runs: int, hz: float, redis_url: str | None = None) -> None:
    """Until it is told to stop."""
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(brokers(redis_url))
        for number in range(runs):
            await broker.publish(state_of(run_key(number), rev=(1, 0)))
        live = Live(Directory(broker), broker, LiveOptions(bench=True))
        router = Router(routes=[*live.routes])
        application = Application(AccessMiddleware(router, AccessRules()), live)
        listener = stack.enter_context(listening("127.0.0.1", 0))
        await stack.enter_async_context(live.running())
        await stack.enter_async_context(in_background(publish(broker, runs, hz)))
        port = listener.getsockname()[1]
        server = server_for(application, lambda: print(json.dumps({"port": port}), flush=True))
        await server.serve(sockets=[listener])


if __name__ == "__main__":
    run_in_loop(serve(int(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:]))
