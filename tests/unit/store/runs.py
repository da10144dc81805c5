"""Runs as the store is given them."""

from typing import Any, Final

from msgspec import structs

from server.contract.base import format_instant
from server.contract.requests import RunKind
from server.contract.results import METRIC_NAMES
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState, RunStatus
from server.store.port import AttemptRecord

NOON_MS: Final = 1_704_110_400_000
"""2024-01-01T12:00:00Z"""


def key_of(number: int, strategy: str = "Probe") -> str:
    """The RunKey of the run `number`."""
    return f"{strategy}_1.0.0_20240101-20241231_{number:024x}"


def record(
    number: int = 1,
    *,
    attempt: int = 1,
    kind: RunKind = "backtest",
    strategy: str = "Probe",
    asset: str = "ACME",
    exchange: str = "TEST",
    time_frame: str = "1h",
    submitted_ms: int | None = None,
    total: int = 100,
    label: str | None = None,
    visible: bool = True,
) -> AttemptRecord:
    """A new attempt of the run `number`, by default submitted that many seconds after noon."""
    submitted = format_instant(NOON_MS + 1000 * number if submitted_ms is None else submitted_ms)
    run = RunInfo(
        run_key=key_of(number, strategy),
        kind=kind,
        attempt=attempt,
        store_id="none yet",
        strategy_name=strategy,
        strategy_version="1.0.0",
        asset_name=asset,
        exchange=exchange,
        time_frame=time_frame,
        start_time="2024-01-01T00:00:00.000Z",
        end_time="2024-12-31T00:00:00.000Z",
        total=total,
        unit="bars",
        submitted_at=submitted,
        label=label,
        parameters={"period": 10},
    )
    state = RunState(status="Pending", total=total, updated_at=submitted, phase="queued")
    return AttemptRecord(
        snapshot=RunSnapshot(run=run, state=state, rev=Revision(0, 0)),
        request=b'{"strategyName":"Probe"}',
        prepared=b"{}",
        priority="normal",
        visible=visible,
    )


def later(snapshot: RunSnapshot, status: RunStatus, **state: Any) -> RunSnapshot:
    """The next revision of a run, in another state."""
    return structs.replace(
        snapshot,
        state=structs.replace(snapshot.state, status=status, phase=None, **state),
        rev=Revision(snapshot.rev.generation, snapshot.rev.seq + 1),
    )


def metrics(**known: float) -> dict[str, Any]:
    """Metrics of a result: those that are told, the others undefined."""
    return {**dict.fromkeys(METRIC_NAMES), **known}
