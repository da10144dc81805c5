"""The figures of an edge for Prometheus."""

import platform
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

import server
from server.api.exposition import histogram, metrics_response
from server.broker.port import Broker
from server.edge.forwarding import Forwarder
from server.live.app import Live
from server.runs.sampler import LagMeter

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


class EdgeMetrics:
    """An ASGI app. What owner and edges both have bears the same name; the label `process` tells them apart."""

    def __init__(self, live: Live, broker: Broker, forward: Forwarder, lag: LagMeter) -> None:
        self._live = live
        self._broker = broker
        self._forward = forward
        self._lag = lag
        self._started = time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await metrics_response(self._families())(scope, receive, send)

    def _families(self) -> Iterable["Metric"]:
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

        about = {"version": server.__version__, "python_version": platform.python_version()}
        yield InfoMetricFamily("forge", "Versions.", {"process": "edge", **about})
        counts = self._live.counts()
        for name, text, value in (
            ("uptime_seconds", "Since the start.", time.monotonic() - self._started),
            ("event_loop_lag_seconds", "How late the event loop woke of late.", self._lag.lag_ms / 1000),
            ("sockets", "WebSocket connections open.", counts.connections),
            ("subscriptions", "Subscriptions that they hold.", counts.subscriptions),
            ("broker_up", "Whether the broker works.", self._broker.health().up),
        ):
            yield GaugeMetricFamily(f"forge_{name}", text, float(value))
        passed, away = self._forward.passed, self._forward.away
        yield CounterMetricFamily("forge_edge_passed_on", "Requests that were passed on to the owner.", passed)
        yield CounterMetricFamily("forge_edge_owner_away", "Requests that the owner did not answer.", away)
        yield histogram("forge_delivery_seconds", "From a change to its frames on the sockets.", self._live.timing)
