"""An example of every WebSocket message for the AsyncAPI document, as the structs that are sent."""

from typing import Final

from msgspec import to_builtins

from server.contract.downloads import Download, DownloadLinks
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
_DOWNLOAD: Final = Download(
    id="binance-btc-usdt-1h-5f0c1a2b3d",
    exchange="binance",
    exchange_name="Binance",
    symbol="BTC/USDT",
    asset_name="BTCUSDT",
    time_frame="1h",
    start_time="2024-01-01T00:00:00.000Z",
    end_time="2024-12-31T23:59:59.000Z",
    status="Running",
    phase="fetching",
    fetched=4000,
    expected=8784,
    rate_per_second=950.0,
    eta_seconds=5.04,
    bar_time="2024-06-15T15:00:00.000Z",
    retries=0,
    notice=None,
    error_message=None,
    code=None,
    dataset_id=None,
    gap_count=None,
    cancel_requested=False,
    submitted_at=_STARTED,
    started_at=_STARTED,
    completed_at=None,
    links=DownloadLinks(
        self="/api/downloads/binance-btc-usdt-1h-5f0c1a2b3d",
        cancel="/api/downloads/binance-btc-usdt-1h-5f0c1a2b3d/cancel",
        resume="/api/downloads/binance-btc-usdt-1h-5f0c1a2b3d/resume",
        dataset=None,
    ),
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
    Changed(topic="downloads", data=to_builtins(_DOWNLOAD)),
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
