"""A thousand subscribers who hear of a run through Redis."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Final

from tests.bench.cores import pin, pin_with_children
from tests.bench.fanout import Delivered, watched
from tests.bench.figures import Figure
from tests.bench.load import Load
from tests.bench.publisher import run_key
from tests.redis_server import redis_server

_SUBSCRIBERS: Final = 1_000
_HZ: Final = 10.0
_WATCHED_S: Final = 10.0
_STAMP: Final = "elapsedMs"


async def through_redis(folder: Path, load: Load) -> list[Figure]:
    """From the publish of a state to each subscriber, against the same without Redis."""
    with redis_server(folder) as redis:
        pin(redis.pid, load.cores.others)
        through = await _delivered(load, redis.url)
    within = await _delivered(load)
    return [
        Figure(
            f"{_SUBSCRIBERS:,} subscribers of one run at 10/s through Redis: from publish to arrival, p99",
            f"{through.clients['p99_us'] / 1000:.1f} ms",
            "< 20 ms",
            f"{through.clients['p99_us'] / within.clients['p99_us']:.2f} × within one process "
            f"({within.clients['p99_us'] / 1000:.1f} ms)",
        ),
        Figure(
            "the same: updates delivered",
            f"{through.clients['frames'] / through.clients['seconds']:,.0f}/s, {through.clients['missed']:,} missed",
            "all",
            f"{through.us / within.us:.2f} × the processor time within one process",
        ),
    ]


async def _delivered(load: Load, *redis_url: str) -> Delivered:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.publisher", "1", str(_HZ), *redis_url), stdout=PIPE
    )
    try:
        assert process.stdout is not None
        port = int(json.loads(await process.stdout.readline())["port"])
        pin_with_children(process.pid, frozenset([load.cores.measured]), load.cores.others)
        async with load.sockets(port, f"/ws/runs/{run_key(0)}", _SUBSCRIBERS, _STAMP) as sockets:
            return await watched(sockets, process.pid, _WATCHED_S)
    finally:
        process.kill()
        await process.wait()
