"""The composition root of an edge."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

import server
from server.access import AccessMiddleware
from server.adapting import access_rules, live_options
from server.api.responses import json_response
from server.asgi import send_problem
from server.background import in_background
from server.broker.redis import RedisBroker
from server.contract.problems import ForgeError
from server.contract.system import Health
from server.dashboard import Dashboard
from server.edge.directory import EdgeDirectory
from server.edge.forwarding import Forwarder
from server.edge.live_status import LiveStatus
from server.edge.metrics import EdgeMetrics
from server.edge.owner import Owner
from server.live.app import Live
from server.runs.sampler import LagMeter
from server.settings import Settings

_WATCH_S: Final = 5.0
_STATIC: Final = Path(server.__file__).parent / "static"
_PASSED_ON: Final = ("/api", "/api/{rest:path}", "/metrics/owner", "/health/{rest:path}")
_POOL: Final = httpx.Limits(max_connections=500, max_keepalive_connections=50)
_TIMEOUT: Final = httpx.Timeout(90.0, connect=2.0)
"""Longer than the longest `Prefer: wait`."""


class OwnerChanged(Exception):
    """The owner's address leads to another home."""


class EdgeApplication:
    """An edge at work: `asgi` answers requests, `drain` makes it ready to stop."""

    def __init__(self, asgi: ASGIApp, live: Live) -> None:
        self.asgi = asgi
        self._live = live
        self.draining = False

    def drain(self) -> None:
        """Falls out of readiness and tells the sockets to connect elsewhere."""
        self.draining = True
        self._live.drain()

    async def drained(self) -> None:
        """At once: nothing runs here."""


@asynccontextmanager
async def running_edge(owner_url: str, redis_url: str, settings: Settings) -> AsyncIterator[EdgeApplication]:
    """Waits for the owner, builds everything, works until the block ends."""
    async with AsyncExitStack() as stack:
        headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
        asking = await stack.enter_async_context(
            httpx.AsyncClient(base_url=owner_url, headers=headers, timeout=5.0, trust_env=False)
        )
        passing = await stack.enter_async_context(
            httpx.AsyncClient(base_url=owner_url, timeout=_TIMEOUT, limits=_POOL, trust_env=False)
        )
        owner = Owner(asking)
        store_id = await owner.store_id()
        broker = await stack.enter_async_context(RedisBroker.connected(redis_url, store_id))
        live = Live(EdgeDirectory(store_id, broker, owner), broker, live_options(settings))
        await stack.enter_async_context(live.running())
        router = Router()
        application = EdgeApplication(AccessMiddleware(router, access_rules(settings)), live)
        forward, lag = Forwarder(passing), LagMeter()
        router.routes.extend(
            [
                *live.routes,
                Route("/api/backtests/{run_key}/status", LiveStatus("backtest", broker, forward)),
                Route("/api/optimizations/{run_key}/status", LiveStatus("optimization", broker, forward)),
                Route("/health/live", _Health(application, ready=False)),
                Route("/health/ready", _Health(application, ready=True)),
                Route("/metrics", EdgeMetrics(live, broker, forward, lag)),
                *(Route(path, forward) for path in _PASSED_ON),
                Mount("/", Dashboard(_STATIC)),
            ]
        )
        await stack.enter_async_context(in_background(_watch(owner, store_id), lag.run()))
        yield application


class _Health:
    """The endpoint `/health/live`, or with `ready` the one that falls while draining."""

    def __init__(self, application: EdgeApplication, *, ready: bool) -> None:
        self._application = application
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._ready and self._application.draining:
            await send_problem(scope, send, ForgeError("draining", "The edge is about to stop.", retry_after_s=5))
        else:
            await json_response(Health(status="ready" if self._ready else "live"))(scope, receive, send)


async def _watch(owner: Owner, store_id: str) -> None:
    """Ends the edge when another home answers at the owner's address: nothing here would be true any more."""
    while True:
        await asyncio.sleep(_WATCH_S)
        if await owner.store_id() != store_id:
            raise OwnerChanged
