"""A list of runs without the work behind it, as a server for the page: `python -m tests.bench.crowd RUNS MOVING HZ`.

RUNS backtests, of which MOVING are under way and published HZ times a second by the real endpoints; the others are
done. Says its port first; the run keys are those of `publisher.run_key`.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router

from server.access import AccessMiddleware, AccessRules
from server.app import STATIC_FOLDER
from server.background import in_background
from server.broker.memory import MemoryBroker
from server.contract.run import RunSnapshot, flat_status
from server.contract.system import BrokerInfo, QueueInfo, SocketsInfo, StoreInfo, System, WorkersInfo
from server.dashboard import Dashboard
from server.listening import listening
from server.live.app import Live
from server.live.options import LiveOptions
from server.serving import run_in_loop, server_for
from tests.bench.publisher import Application, Directory, publish, run_key
from tests.states import state_of

_METRICS: Final = {
    "netProfit": 1234.5,
    "totalReturnPct": 12.345,
    "sharpeRatio": 1.23,
    "maxDrawdownPct": -8.7,
    "profitFactor": 1.4,
    "winRatePct": 51.0,
    "totalTrades": 321,
}
_SYSTEM: Final = System(
    version="bench",
    engine_version="bench",
    python_version="bench",
    uptime_seconds=1.0,
    workers=WorkersInfo(count=2, busy=2, restarts=0, tasks=[]),
    queue=QueueInfo(length=0, running=200, limit=5000),
    loop_lag_ms=0.4,
    broker=BrokerInfo(name="memory", up=True, detail=None),
    store=StoreInfo(up=True, detail=None, size_bytes=0, id="home"),
    sockets=SocketsInfo(connections=1, subscriptions=1),
    draining=False,
)


class Crowd(Directory):
    """The runs under way are told to who follows them all."""

    def __init__(self, broker: MemoryBroker, moving: int) -> None:
        super().__init__(broker)
        self._moving = moving

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        found = [await self.snapshot(run_key(number)) for number in range(self._moving)]
        return [(snapshot, None) for snapshot in found if snapshot is not None]


class Answers:
    """What the page asks for beside the sockets."""

    def __init__(self, runs: int, moving: int) -> None:
        self._items = [_item(number, number < moving) for number in range(runs)]

    @property
    def routes(self) -> list[Route]:
        """Lists with keys as places, and what hardly matters."""
        nothing: dict[str, object] = {"items": [], "nextCursor": None, "totalCount": 0}
        return [
            Route("/api/backtests", self._backtests),
            *(Route(f"/api/{name}", _always(nothing)) for name in ("optimizations", "strategies", "datasets")),
            Route("/api/system", _always(_SYSTEM)),
            Route("/health/live", _always({"status": "live"})),
        ]

    async def _backtests(self, request: Request) -> Response:
        first, limit = int(request.query_params.get("cursor", 0)), int(request.query_params["limit"])
        last = first + limit
        cursor = str(last) if last < len(self._items) else None
        page = {"items": self._items[first:last], "nextCursor": cursor, "totalCount": len(self._items)}
        return Response(msgspec.json.encode(page), media_type="application/json")


def _item(number: int, moves: bool) -> dict[str, Any]:
    snapshot = state_of(run_key(number), (1, 0), "Running" if moves else "Completed")
    flat = flat_status(snapshot, queue_position=None, result_attempt=None if moves else 1)
    # the first ones are the newest: those that move are in sight
    minutes = f"2024-01-01T{23 - number // 60:02}:{59 - number % 60:02}:00.000Z"
    return flat | {"submittedAt": minutes, "metrics": None if moves else _METRICS}


def _always(body: object) -> Any:
    async def answer(request: Request) -> Response:
        return Response(msgspec.json.encode(body), media_type="application/json")

    return answer


async def serve(runs: int, moving: int, hz: float) -> None:
    """Until it is told to stop."""
    async with AsyncExitStack() as stack:
        broker = MemoryBroker()
        for number in range(moving):
            await broker.publish(state_of(run_key(number), rev=(1, 0)))
        live = Live(Crowd(broker, moving), broker, LiveOptions())
        page = Mount("/", Dashboard(STATIC_FOLDER))
        sockets = [route for route in live.routes if getattr(route, "path", "").startswith("/ws")]
        router = Router(routes=[*sockets, *Answers(runs, moving).routes, page])
        application = Application(AccessMiddleware(router, AccessRules()), live)
        listener = stack.enter_context(listening("127.0.0.1", 0))
        await stack.enter_async_context(live.running())
        if moving:
            await stack.enter_async_context(in_background(publish(broker, moving, hz)))
        port = listener.getsockname()[1]
        server = server_for(application, lambda: print(json.dumps({"port": port}), flush=True))
        await server.serve(sockets=[listener])


if __name__ == "__main__":
    run_in_loop(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
