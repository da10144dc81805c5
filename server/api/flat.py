"""A run as the flat object that clients read."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import structs

from server.contract.run import flat_status
from server.contract.status import KeyMetrics
from server.runs.port import RunView

_KEY_METRICS: Final = tuple(field.encode_name for field in structs.fields(KeyMetrics))
_BY_KIND: Final[Mapping[str, Mapping[str, object]]] = {
    "backtest": {"parameters": {}, "barTime": None, "equity": None},
    "optimization": {"axes": {}, "best": None, "top": [], "stagnation": 0, "lastError": None, "reused": 0},
}


def flat_view(view: RunView) -> dict[str, object]:
    """Every field of the status but `result`."""
    flat = flat_status(
        view.snapshot,
        queue_position=view.queue_position,
        result_attempt=view.result_attempt,
        stop_reason=view.stop_reason,
    )
    return {**_BY_KIND[view.snapshot.run.kind], **flat}


def list_item(view: RunView) -> dict[str, object]:
    """The same with a few metrics of the newest completed attempt."""
    metrics: Mapping[str, Any] | None = view.completed.metrics if view.completed else None
    few = None if metrics is None else {name: metrics.get(name) for name in _KEY_METRICS}
    return {**flat_view(view), "metrics": few}
