"""One attempt of a backtest, from its first task to its end."""

import logging
from typing import Any

import msgspec

from server.contract.base import format_instant
from server.execution.port import TaskHandle
from server.execution.tasks import BacktestDone, BacktestTask, TaskFailed
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun, WorkProgress, now_ms
from server.runs.prepared import PreparedBacktest
from server.runs.workplace import Workplace

_log = logging.getLogger(__name__)
_MESSAGE_LIMIT = 1_000


class BacktestWork:
    """Implements `live_run.Work` over the one task of a backtest."""

    def __init__(self, handle: TaskHandle) -> None:
        self._handle = handle

    def progress(self) -> WorkProgress:
        """The counts of the task's cell on the board."""
        counts = self._handle.counts()
        return WorkProgress(
            processed=counts.processed,
            bars=counts.processed,
            phase=counts.phase,
            mode=counts.mode,
            bar_time=None if counts.bar_time_ms is None else format_instant(counts.bar_time_ms),
            equity=counts.equity,
        )

    def stop(self) -> None:
        """Sets the cancel flag; the executor kills what does not obey."""
        self._handle.cancel()


async def run_backtest(live: LiveRun, ledger: Ledger, place: Workplace) -> None:
    """Runs one attempt that has begun and commits its end."""
    prepared = live.prepared
    assert isinstance(prepared, PreparedBacktest)
    task = BacktestTask(
        run_key=live.run_key,
        attempt=live.attempt,
        strategy=prepared.strategy,
        data=prepared.data,
        settings=prepared.settings,
        start_ms=prepared.start_ms,
        end_ms=prepared.end_ms,
        identity=prepared.identity,
        parameters=prepared.parameters,
        result_dir=str(place.results.new_attempt_dir(live.run_key, live.attempt)),
        settings_sent=prepared.settings_sent,
        started_ms=now_ms(),
    )
    handle = place.executor.start(task, timeout_s=prepared.timeout_s)
    live.work = BacktestWork(handle)
    if live.state.cancel_requested:
        handle.cancel()
    outcome = await handle.outcome()
    last = live.measured(live.work.progress())
    match outcome:
        case BacktestDone():
            last |= live.averages(outcome.total_bars, outcome.total_bars)
            last |= {"processed": outcome.total_bars, "mode": outcome.mode, "equity": outcome.metrics.final_equity}
            metrics = msgspec.to_builtins(outcome.metrics)
            await ledger.end(live, "Completed", metrics=metrics, **last)
        case TaskFailed():
            await end_failed(live, ledger, outcome, last)
        case _:
            raise AssertionError(f"a backtest answered {outcome!r}")


async def end_failed(live: LiveRun, ledger: Ledger, failure: TaskFailed, last: dict[str, Any]) -> None:
    """Commits the end of an attempt whose work failed or was cancelled."""
    last |= {"rate_per_second": None, "bars_per_second": None, "eta_seconds": None}
    if failure.cause == "cancelled":
        await ledger.end(live, "Cancelled", **last)
        return
    _log.warning("run failed", extra={**live.log(), "cause": failure.cause, "reason": failure.message[:200]})
    last |= {"error_message": failure.message[:_MESSAGE_LIMIT], "error_stack_trace": failure.stack_trace}
    await ledger.end(live, "Failed", **last)
