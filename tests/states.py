"""States of runs as brokers carry them."""

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
