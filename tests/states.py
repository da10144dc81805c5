"""States of runs as brokers carry them, and of downloads."""

from typing import Any, Final

from server.contract.downloads import Download, DownloadLinks
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState, RunStatus

RUN = "Probe_1.0.0_20240101-20240201_00000000000000000000000a"
OTHER = "Probe_1.0.0_20240101-20240201_00000000000000000000000b"
INSTANT = "2024-01-01T00:00:00.000Z"


def state_of(
    run_key: str = RUN, rev: tuple[int, int] = (1, 1), status: RunStatus = "Running", attempt: int = 1
) -> RunSnapshot:
    """A backtest of 1,000 bars at a revision; it has processed ten bars for each update."""
    run = RunInfo(
        run_key=run_key,
        kind="backtest",
        attempt=attempt,
        store_id="home",
        strategy_name="Probe",
        strategy_version="1.0.0",
        asset_name="ACME",
        exchange="TEST",
        time_frame="1h",
        start_time=INSTANT,
        end_time=INSTANT,
        total=1000,
        unit="bars",
        submitted_at=INSTANT,
        parameters={"period": 5},
    )
    state = RunState(status=status, total=1000, processed=10 * rev[1], updated_at=INSTANT)
    return RunSnapshot(run=run, state=state, rev=Revision(*rev))


def download_of(**changes: Any) -> Download:
    """A download that runs."""
    nothing = {name: None for name in Download.__struct_fields__ if name not in _DOWNLOAD}
    return Download(**{**nothing, **_DOWNLOAD, **changes})


_DOWNLOAD: Final[dict[str, Any]] = {
    "id": "binance-btc-usdt-1h-0",
    "exchange": "binance",
    "symbol": "BTC/USDT",
    "time_frame": "1h",
    "start_time": INSTANT,
    "status": "Running",
    "fetched": 0,
    "retries": 0,
    "cancel_requested": False,
    "submitted_at": INSTANT,
    "links": DownloadLinks(self="/", cancel="/", resume="/", dataset=None),
}
