"""Figures as the text that Prometheus reads."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from server.timing import Timing

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def metrics_response(families: Iterable["Metric"]) -> Response:
    """The answer with these figures, and with what Prometheus is told of every process: memory, CPU, descriptors."""
    return Response(_exposition(families), headers={"Content-Type": MEDIA_TYPE})


def _exposition(families: Iterable["Metric"]) -> bytes:
    from prometheus_client.exposition import generate_latest  # only who is asked for it needs it
    from prometheus_client.process_collector import ProcessCollector
    from prometheus_client.registry import CollectorRegistry

    class Now:
        def collect(self) -> Iterable["Metric"]:
            return families

    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(Now())
    text: bytes = generate_latest(registry)
    return text


def histogram(name: str, text: str, timing: Timing) -> "Metric":
    """How long something takes."""
    from prometheus_client.metrics_core import HistogramMetricFamily

    buckets: list[Any] = [(_bound(bound), count) for bound, count in timing.up_to()]
    return HistogramMetricFamily(name, text, buckets=buckets, sum_value=timing.total_s)


def _bound(seconds: float) -> str:
    return "+Inf" if seconds == math.inf else f"{seconds}"
