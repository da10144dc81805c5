"""An example of every WebSocket message for the AsyncAPI document, as the structs that are sent."""

from typing import Final

from server.contract.messages import (
    Changed,
    ClientMessage,
    ErrorMessage,
    Ping,
    Pong,
    Removed,
    ServerMessage,
    Snapshot,
    Subscribe,
    TopicRun,
    TopicSnapshot,
    Unsubscribe,
    Unsubscribed,
    Update,
    Welcome,
)
from server.contract.run import Revision, RunInfo, RunState

_KEY: Final = "SmaCrossover_1.0.0_20190101-20241231_5f0c7d2a9b3e41f68c0d1e27"
_STORE: Final = "0b7f6a52-6a0e-4f5c-9a0d-4d5d2f9f3a11"
_STARTED: Final = "2025-01-01T12:00:00.000Z"

_RUN: Final = RunInfo(
    run_key=_KEY,
    kind="backtest",
    attempt=1,
    store_id=_STORE,
    strategy_name="SmaCrossover",
    strategy_version="1.0.0",
    asset_name="AAPL",
    exchange="NASDAQ",
    time_frame="1d",
    start_time="2019-01-01T00:00:00.000Z",
    end_time="2024-12-31T23:59:59.000Z",
    total=1509,
    unit="bars",
    submitted_at=_STARTED,
    parameters={"fastPeriod": 10, "slowPeriod": 30, "quantity": 1.0},
)
_RUNNING: Final = RunState(
    status="Running",
    total=1509,
    updated_at="2025-01-01T12:00:00.100Z",
    phase="simulating",
    mode="compiled",
    processed=640,
    rate_per_second=6400.0,
    elapsed_ms=100,
    eta_seconds=0.136,
    started_at=_STARTED,
    bar_time="2021-07-19T00:00:00.000Z",
    equity=10_412.5,
)
_ENDED: Final = RunState(
    status="Completed",
    total=1509,
    updated_at="2025-01-01T12:00:00.240Z",
    mode="compiled",
    processed=1509,
    elapsed_ms=240,
    started_at=_STARTED,
    bar_time="2024-12-31T00:00:00.000Z",
    equity=11_038.2,
)

EXAMPLES: Final[tuple[ServerMessage | ClientMessage, ...]] = (
    Welcome(
        protocol="forge.v1.json", server="0.1.0", store_id=_STORE, max_subscriptions=10_000, max_frame_bytes=65_536
    ),
    Snapshot(id=1, run_key=_KEY, rev=Revision(7, 12), run=_RUN, state=_RUNNING, final=False),
    Snapshot(id=1, run_key=_KEY, rev=Revision(7, 12), current=True, final=False),
    Update(run_key=_KEY, attempt=1, rev=Revision(7, 31), state=_ENDED, final=True),
    TopicSnapshot(
        id=2,
        topic="runs",
        runs=[
            TopicRun(run_key=_KEY, rev=Revision(7, 12), run=_RUN, state=_RUNNING, queue_position=None, final=False),
        ],
    ),
    Changed(topic="datasets", data={"id": "aapl-nasdaq-1d-1", "removed": True}),
    Removed(run_key=_KEY, rev=Revision(8, 0)),
    Unsubscribed(id=3, run_key=_KEY),
    Pong(id=4),
    ErrorMessage(
        id=5, code="run_not_found", title="Run not found", detail="There is no run 'nothing'.", retryable=False
    ),
    Subscribe(id=1, run_key=_KEY, rev=Revision(7, 12)),
    Subscribe(id=2, topic="runs"),
    Unsubscribe(id=3, run_key=_KEY),
    Ping(id=4),
)
"""In the order of a conversation."""
