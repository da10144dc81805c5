"""Spans of requests and of the runs that they start."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the extra `tracing` is not installed")

from msgspec import structs
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, Tracer
from starlette.types import Receive, Scope, Send

from server.broker.memory import MemoryBroker
from server.broker.port import Published
from server.contract.run import Phase, RunSnapshot, RunStatus
from server.tracing.exporting import endpoint_of, traced_to
from server.tracing.requests import TracedRequests
from server.tracing.runs import RunSpans
from tests.site import never, nowhere, scope_of
from tests.states import RUN, state_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


class Spans:
    """Spans as they end."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer: Tracer = provider.get_tracer("test")

    @property
    def ended(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def one(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.ended if span.name == name]
        return found


@pytest.fixture
def spans() -> Spans:
    return Spans()


def at(
    seq: int, status: RunStatus, phase: Phase | None = None, attempt: int = 1, message: str | None = None
) -> RunSnapshot:
    """A backtest of the strategy Probe."""
    snapshot = state_of(RUN, (attempt, seq), status, attempt)
    state = structs.replace(snapshot.state, phase=phase, error_message=message)
    return structs.replace(snapshot, state=state)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def parent(span: ReadableSpan) -> str:
    return "" if span.parent is None else f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}"


def name_of(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}-{context.span_id:016x}"


def ticking() -> Callable[[], int]:
    now = iter(range(1_000, 100_000))
    return lambda: next(now)


async def test_a_run_is_a_span_below_the_request_with_one_for_each_phase(spans: Spans) -> None:
    broker = MemoryBroker()

    async def submits(scope: Scope, receive: Receive, send: Send) -> None:
        await broker.publish(at(1, "Pending", "queued"))
        await send({"type": "http.response.start", "status": 202, "headers": []})

    scope = scope_of("http", "/api/backtests", [("traceparent", f"00-{TRACE}-{CALLER}-01")], "localhost")
    scope["method"] = "POST"
    async with broker.subscribe_topic("runs", RunSpans(spans.tracer, ticking()).hear):
        await TracedRequests(submits, spans.tracer)(scope, never, nowhere)
        phases: list[Phase] = ["starting", "compiling", "simulating", "simulating", "saving"]
        for seq, phase in enumerate(phases, start=2):
            await broker.publish(at(seq, "Running", phase))
        await broker.publish(at(9, "Completed"))
    request, run = spans.one("POST"), spans.one("backtest Probe")
    assert parent(request) == f"{TRACE}-{CALLER}"
    assert attributes(request)["http.response.status_code"] == 202
    assert parent(run) == name_of(request)
    assert attributes(run)["forge.run_key"] == RUN
    assert (attributes(run)["forge.status"], attributes(run)["forge.processed"]) == ("Completed", 90)
    below = [span for span in spans.ended if parent(span) == name_of(run)]
    assert [span.name for span in below] == ["queued", "starting", "compiling", "simulating", "saving"]
    assert all(attributes(span)["forge.run_key"] == RUN for span in below)
    assert [one.end_time for one in below[:-1]] == [one.start_time for one in below[1:]]


def test_a_run_that_fails_is_an_error_with_its_message(spans: Spans) -> None:
    heard = RunSpans(spans.tracer)
    for snapshot in (at(1, "Pending", "queued"), at(2, "Running", "starting"), at(3, "Failed", message="boom")):
        heard.hear(Published(snapshot))
    run = spans.one("backtest Probe")
    assert (run.status.status_code, run.status.description) == (StatusCode.ERROR, "boom")


def test_the_next_attempt_ends_the_spans_of_one_whose_end_was_missed(spans: Spans) -> None:
    heard = RunSpans(spans.tracer)
    heard.hear(Published(at(1, "Running", "simulating")))
    heard.hear(Published(at(1, "Pending", "queued", attempt=2)))
    assert [span.name for span in spans.ended] == ["simulating", "backtest Probe"]


def test_ends_that_are_told_again_are_no_runs(spans: Spans) -> None:
    RunSpans(spans.tracer).hear(Published(at(5, "Completed")))
    assert spans.ended == []


@pytest.mark.parametrize(
    ("method", "path", "headers", "traced"),
    [
        ("GET", "/api/backtests", [], False),
        ("GET", "/api/backtests", [("traceparent", f"00-{TRACE}-{CALLER}-01")], True),
        ("DELETE", "/api/datasets/x", [], True),
        ("POST", "/api/backtests", [("traceparent", "nonsense")], True),
        ("GET", "/health/live", [("traceparent", f"00-{TRACE}-{CALLER}-01")], False),
    ],
)
async def test_what_only_reads_is_traced_when_it_asks_to_be(
    spans: Spans, method: str, path: str, headers: list[tuple[str, str]], traced: bool
) -> None:
    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})

    scope = scope_of("http", path, headers, "localhost")
    scope["method"] = method
    await TracedRequests(answers, spans.tracer)(scope, never, nowhere)
    assert [span.status.status_code for span in spans.ended] == [StatusCode.ERROR] * traced


async def test_a_collector_that_is_away_holds_up_nothing() -> None:
    broker = MemoryBroker()
    async with asyncio.timeout(5), traced_to("http://127.0.0.1:1", "home", broker, timeout_s=0.2):
        await broker.publish(at(1, "Pending", "queued"))
        await broker.publish(at(2, "Completed"))


def test_a_collector_needs_no_path() -> None:
    assert endpoint_of("http://localhost:4318") == "http://localhost:4318/v1/traces"
    assert endpoint_of("https://otel.example/in/v1/traces") == "https://otel.example/in/v1/traces"
