"""Sends spans to a collector by OTLP over HTTP."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

import server
from server.background import unbroken
from server.broker.port import Broker
from server.tracing.runs import RunSpans

_TRACES_PATH: Final = "/v1/traces"
_TIMEOUT_S: Final = 3.0
"""For a batch, with all tries, and then for what is left at the end: a collector that is away holds nothing up."""


@asynccontextmanager
async def traced_to(url: str, store_id: str, broker: Broker, timeout_s: float = _TIMEOUT_S) -> AsyncIterator[Tracer]:
    """Follows all runs of the broker; gives what makes spans of requests.

    `url` of a collector, with or without the path of traces. Spans that cannot be sent are dropped, at first those
    beyond the queue of the SDK: nothing waits for the collector. What is left is sent at the end if it is taken soon.
    """
    resource = Resource.create(
        {"service.name": "algotradeforge", "service.version": server.__version__, "service.instance.id": store_id}
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=endpoint_of(url), timeout=timeout_s)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("server", server.__version__)
    try:
        async with broker.subscribe_topic("runs", RunSpans(tracer).hear):
            yield tracer
    finally:
        await unbroken(asyncio.to_thread(_shut, provider, timeout_s))


def _shut(provider: TracerProvider, timeout_s: float) -> None:
    """Sends what is left, in a thread that the end of the process does not wait for."""
    sending = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
    sending.start()
    sending.join(timeout_s)


def endpoint_of(url: str) -> str:
    """Where traces go: a URL without a path is that of the collector."""
    return f"{url.rstrip('/')}{_TRACES_PATH}" if urlsplit(url).path in ("", "/") else url
