"""The server's figures for Prometheus."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final, get_args

from starlette.requests import Request
from starlette.responses import Response

from server.api.bodies import read_query
from server.api.exposition import histogram, metrics_response
from server.api.measures import Measures
from server.api.operation import Answer, Operation
from server.api.queries import Query
from server.api.services import ApiServices
from server.contract.requests import RunKind
from server.contract.run import RunStatus
from server.contract.system import System
from server.webhooks.service import ReceiverFigures

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_KINDS: Final[tuple[RunKind, ...]] = get_args(RunKind)
_ACTIVE: Final[tuple[RunStatus, ...]] = ("Pending", "Running")
_ENDED: Final[tuple[RunStatus, ...]] = ("Completed", "Failed", "Cancelled")


def _families(measures: Measures) -> Iterable["Metric"]:
    from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

    system = measures.system
    about = {
        "version": system.version,
        "engine_version": system.engine_version,
        "python_version": system.python_version,
    }
    yield InfoMetricFamily("forge", "Versions.", {"process": "owner", **about})
    for name, text, value in _gauges(system):
        yield GaugeMetricFamily(f"forge_{name}", text, float(value))
    yield CounterMetricFamily("forge_worker_restarts", "Workers that were replaced.", system.workers.restarts)
    yield CounterMetricFamily("forge_bars", "Bars simulated.", measures.bars)
    active = GaugeMetricFamily("forge_runs", "Runs that wait or run.", labels=["kind", "status"])
    ended = CounterMetricFamily("forge_runs_ended", "Runs that ended.", labels=["kind", "status"])
    for family, counts, statuses in ((active, measures.active, _ACTIVE), (ended, measures.ended, _ENDED)):
        for kind, status in product(_KINDS, statuses):  # each from the start on, so that rates can be told
            family.add_metric([kind, status], counts.get((kind, status), 0))
        yield family
    yield from _webhook_families(measures.receivers)
    yield histogram("forge_store_write_seconds", "From asking for a write to its commit.", measures.store_writes)
    yield histogram("forge_store_read_seconds", "From asking for a read to its answer.", measures.store_reads)
    yield histogram("forge_delivery_seconds", "From a change to its frames on the sockets.", measures.deliveries)


def _webhook_families(receivers: Sequence[ReceiverFigures]) -> Iterable["Metric"]:
    from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

    figures = (
        (CounterMetricFamily, "delivered", "Webhooks that their receiver took.", [one.delivered for one in receivers]),
        (CounterMetricFamily, "retried", "Tries in vain.", [one.retried for one in receivers]),
        (CounterMetricFamily, "given_up", "Webhooks that were given up.", [one.given_up for one in receivers]),
        (GaugeMetricFamily, "waiting", "Webhooks that wait for their receiver.", [one.waiting for one in receivers]),
        (GaugeMetricFamily, "failing", "Whether a receiver takes nothing now.", [one.failing for one in receivers]),
    )
    for family_type, name, text, values in figures:
        family = family_type(f"forge_webhooks_{name}", text, labels=["receiver"])
        for receiver, value in zip(receivers, values, strict=True):
            family.add_metric([receiver.name], value)
        yield family


def _gauges(system: System) -> Iterable[tuple[str, str, float]]:
    silent = max((task.silent_seconds for task in system.workers.tasks), default=0.0)
    return (
        ("uptime_seconds", "Since the start.", system.uptime_seconds),
        ("draining", "Whether the server is about to stop.", system.draining),
        ("workers", "Tasks that can be computed at once.", system.workers.count),
        ("workers_busy", "Tasks that are computed now.", system.workers.busy),
        ("worker_silent_seconds", "How long the most silent task has shown no progress.", silent),
        ("queue_length", "Runs that wait.", system.queue.length),
        ("queue_limit", "Waiting runs beyond which submissions are refused.", system.queue.limit),
        ("event_loop_lag_seconds", "How late the event loop woke of late.", system.loop_lag_ms / 1000),
        ("sockets", "WebSocket connections open.", system.sockets.connections),
        ("subscriptions", "Subscriptions that they hold.", system.sockets.subscriptions),
        ("broker_up", "Whether the broker works.", system.broker.up),
        ("store_up", "Whether the store works.", system.store.up),
        ("store_bytes", "Size of the database.", system.store.size_bytes),
    )


async def _metrics(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    return metrics_response(_families(services.measures()))


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/metrics",
        id="getMetrics",
        tag="system",
        summary="The figures of this process for Prometheus",
        description="An edge answers with its own; `/metrics/owner` is the owner's everywhere.",
        handler=_metrics,
        query=Query,
        answers={200: Answer("Prometheus' text format.", media=("text/plain",))},
        problems=("invalid_request",),
    ),
    Operation(
        method="GET",
        path="/metrics/owner",
        id="getOwnerMetrics",
        tag="system",
        summary="The owner's figures for Prometheus",
        handler=_metrics,
        query=Query,
        answers={200: Answer("Prometheus' text format.", media=("text/plain",))},
        problems=("invalid_request",),
    ),
)
