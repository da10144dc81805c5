"""Traces of a real server at a collector on a real socket."""

from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the extra `tracing` is not installed")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.hook_receiver import receiving
from tests.integration.conftest import OpenSite

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
REFUSED = "5bf92f3577b34da6a3ce929d0e0e4736"


def test_a_run_continues_the_trace_of_who_submitted_it_and_who_is_refused_leaves_none(open_site: OpenSite) -> None:
    with receiving() as collector:
        with open_site(FORGE_OTLP=collector.url.removesuffix("/hook")) as site:
            headers = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
            key = site.http.post("/api/backtests", json=site.fresh(), headers=headers).json()["runKey"]
            site.ended("backtests", key)
            foreign = {"traceparent": f"00-{REFUSED}-{CALLER}-01", "origin": "http://evil.example"}
            assert site.http.post("/api/backtests", json=site.fresh(), headers=foreign).status_code == 403
        spans: list[Any] = []
        for got in collector.got:
            request = ExportTraceServiceRequest()
            request.ParseFromString(got.body)
            spans += [span for part in request.resource_spans for scope in part.scope_spans for span in scope.spans]
    ours = {span.name: span for span in spans if span.trace_id.hex() == TRACE}
    assert ours["POST"].parent_span_id.hex() == CALLER
    assert ours["backtest SmaCrossover"].parent_span_id == ours["POST"].span_id
    assert ours["queued"].parent_span_id == ours["backtest SmaCrossover"].span_id
    said = {attribute.key: attribute.value.string_value for attribute in ours["queued"].attributes}
    assert said["forge.run_key"] == key
    assert REFUSED not in {span.trace_id.hex() for span in spans}
