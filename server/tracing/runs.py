"""A span for each attempt, with one for each of its phases."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context

from server.broker.port import BrokerEvent, Published, RunRemoved
from server.contract.run import Phase, RunSnapshot

_MESSAGE_LIMIT: Final = 500
"""Characters of an error's message."""


@dataclass
class _Open:
    """The spans of an attempt that goes on."""

    attempt: int
    run: Span
    phase_name: Phase | None = None
    phase: Span | None = None


class RunSpans:
    """Hears every state that the owner publishes. What it keeps is bounded by the runs that go on.

    The first state of an attempt is published within the request that submitted it, so its span becomes the child of
    the request's. Phases are those that were seen: one that lasts less than a sample of the board may be missing.
    """

    def __init__(self, tracer: Tracer, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._tracer = tracer
        self._now_ns = now_ns
        self._open: dict[str, _Open] = {}

    def hear(self, event: BrokerEvent) -> None:
        """Takes the news of a topic."""
        match event:
            case Published(snapshot):
                self._saw(snapshot)
            case RunRemoved(run_key):
                self._close(run_key)
            case _:
                pass

    def _saw(self, snapshot: RunSnapshot) -> None:
        now_ns, attempt = self._now_ns(), snapshot.run.attempt
        known = self._open.get(snapshot.run_key)
        if known is not None and known.attempt != attempt:
            self._close(snapshot.run_key)
            known = None
        if known is None:
            if snapshot.final:  # told again by a new owner
                return
            known = self._open[snapshot.run_key] = _Open(attempt, self._begun(snapshot, now_ns))
        phase = snapshot.state.phase
        if phase != known.phase_name:
            if known.phase is not None:
                known.phase.end(now_ns)
            known.phase_name = phase
            known.phase = None if phase is None else self._phase(known.run, phase, snapshot, now_ns)
        if snapshot.final:
            self._close(snapshot.run_key, snapshot)

    def _begun(self, snapshot: RunSnapshot, now_ns: int) -> Span:
        run = snapshot.run
        attributes = {
            **_names(snapshot),
            "forge.kind": run.kind,
            "forge.strategy": f"{run.strategy_name} {run.strategy_version}",
            "forge.asset": f"{run.asset_name} {run.exchange} {run.time_frame}",
            "forge.total": run.total,
        }
        return self._tracer.start_span(f"{run.kind} {run.strategy_name}", attributes=attributes, start_time=now_ns)

    def _phase(self, run: Span, phase: Phase, snapshot: RunSnapshot, now_ns: int) -> Span:
        within = set_span_in_context(run)
        return self._tracer.start_span(phase, context=within, attributes=_names(snapshot), start_time=now_ns)

    def _close(self, run_key: str, final: RunSnapshot | None = None) -> None:
        spans = self._open.pop(run_key, None)
        if spans is None:
            return
        now_ns = self._now_ns()
        if spans.phase is not None:
            spans.phase.end(now_ns)
        if final is not None:
            state = final.state
            spans.run.set_attributes({"forge.status": state.status, "forge.processed": state.processed})
            if state.status == "Failed":
                spans.run.set_status(StatusCode.ERROR, (state.error_message or "")[:_MESSAGE_LIMIT])
        spans.run.end(now_ns)


def _names(snapshot: RunSnapshot) -> dict[str, str | int]:
    return {"forge.run_key": snapshot.run_key, "forge.attempt": snapshot.run.attempt}
