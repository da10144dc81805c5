"""Words the end of a run as an event."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import structs

from server.contract.run import RunSnapshot, RunStatus
from server.contract.status import KeyMetrics
from server.contract.webhooks import EndedRun, EventLinks, EventName, RunEvent

_NAMES: Final[dict[RunStatus, EventName]] = {
    "Completed": "run.completed",
    "Failed": "run.failed",
    "Cancelled": "run.cancelled",
}
_MESSAGE_LIMIT: Final = 2_000
"""Characters of an error's message; the status has the whole, and the stack trace."""


def message_id_of(snapshot: RunSnapshot) -> str:
    """Names this end among all: no two attempts of a home ever had the same generation."""
    return f"msg_{snapshot.run.store_id.replace('-', '')}_{snapshot.rev.generation}"


def end_event(
    snapshot: RunSnapshot, metrics: Mapping[str, Any] | None, stop_reason: str | None, base_url: str
) -> bytes:
    """The body of the event; `metrics` by camelCase name. `base_url` goes before the paths of its links."""
    run, state = snapshot.run, snapshot.state
    pages = f"{base_url}/{run.kind}s/{run.run_key}"
    answers = f"{base_url}/api/{run.kind}s/{run.run_key}"
    message = state.error_message
    event = RunEvent(
        type=_NAMES[state.status],
        timestamp=state.updated_at,
        data=EndedRun(
            run_key=run.run_key,
            kind=run.kind,
            attempt=run.attempt,
            store_id=run.store_id,
            status=state.status,
            strategy_name=run.strategy_name,
            strategy_version=run.strategy_version,
            asset_name=run.asset_name,
            exchange=run.exchange,
            time_frame=run.time_frame,
            label=run.label,
            submitted_at=run.submitted_at,
            started_at=state.started_at,
            ended_at=state.updated_at,
            elapsed_ms=state.elapsed_ms,
            processed=state.processed,
            failed=state.failed,
            skipped=state.skipped,
            total=state.total,
            stop_reason=stop_reason,
            error_message=None if message is None else message[:_MESSAGE_LIMIT],
            metrics=None if metrics is None else _key_metrics(metrics),
            links=EventLinks(self=answers, status=f"{answers}/status", report=pages),
        ),
    )
    return msgspec.json.encode(event)


def ping_event(timestamp: str) -> bytes:
    """The body of a message that only tries whether messages arrive."""
    return msgspec.json.encode(RunEvent(type="ping", timestamp=timestamp, data=None))


def _key_metrics(metrics: Mapping[str, Any]) -> KeyMetrics:
    return KeyMetrics(**{field.name: metrics.get(field.encode_name) for field in structs.fields(KeyMetrics)})
