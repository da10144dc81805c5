"""One started task as its caller holds it: from the queue through a worker to its outcome."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from server.execution.board import Cell
from server.execution.codec import decode_outcome
from server.execution.failures import death
from server.execution.port import AtWork, Counts
from server.execution.slot import Died, WorkerSlot
from server.execution.tasks import Outcome, TaskFailed, TrialsDone

StopReason = Literal["cancelled", "timeout"]


class LocalTask:
    """Implements `TaskHandle`; the second half of its methods is for the lane that runs it."""

    def __init__(
        self,
        task: bytes,
        *,
        grace_s: float,
        timeout_s: float | None,
        run_key: str | None = None,
        attempt: int | None = None,
        unfinished: Sequence[Path] = (),
    ) -> None:
        """`task` encoded, of a run if it is of one; `grace_s` from being asked to stop to being killed; `timeout_s` of
        running time.

        `unfinished`: the files that a worker deletes at the end of the task, unless it dies before.
        """
        self._run_key = run_key
        self.concerns: Final = {} if run_key is None else {"run_key": run_key, "attempt": attempt}
        """How lines of the log tell which run it is of."""
        self._began_s = self._worked_s = 0.0
        self._shown_s = 0.0
        self.task = task
        self.tries = 0
        self._grace_s = grace_s
        self._timeout_s = timeout_s
        self._unfinished = unfinished
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._stop_reason: StopReason | None = None
        self._counts = Counts()
        self._cell: Cell | None = None
        self._slot: WorkerSlot | None = None
        self._timers: list[asyncio.TimerHandle] = []

    def counts(self) -> Counts:
        """The newest progress, the last one once the task has ended."""
        if self._cell is not None:
            record = self._cell.read()
            if record is not None:
                self._counts = record.counts
                self._shown_s = record.heartbeat_s
        return self._counts

    def worked_s(self) -> float:
        """For how long its last worker had it."""
        return self._worked_s

    def at_work(self) -> AtWork:
        """How long it is with its worker, and since when nothing has moved."""
        counts, now_s = self.counts(), time.monotonic()
        silent_s = now_s - max(self._began_s, self._shown_s)
        return AtWork(self._run_key, now_s - self._began_s, max(0.0, silent_s), counts)

    @property
    def began_s(self) -> float:
        """When it was last given to a worker, on the monotonic clock."""
        return self._began_s

    def cancel(self) -> None:
        """Asks the task to stop; one that waits never runs."""
        self._ask_to_stop("cancelled")

    async def outcome(self) -> Outcome:
        """Waits for the end; cancelling the wait leaves the task alone."""
        return await asyncio.shield(self._answer)

    @property
    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._answer.done()

    @property
    def stopping(self) -> bool:
        """Whether the task was asked to stop."""
        return self._stop_reason is not None

    @property
    def begun(self) -> bool:
        """Whether a worker has written anything for this task."""
        return self._cell is not None and self._cell.read() is not None

    def begin(self, slot: WorkerSlot, cell: Cell) -> None:
        """The task goes to a worker."""
        self._slot, self._cell = slot, cell
        self._began_s = time.monotonic()
        self.tries += 1
        if self._timeout_s is not None:
            self._timers.append(self._loop.call_later(self._timeout_s, self._ask_to_stop, "timeout"))

    def leave(self) -> Cell:
        """The task is with no worker any more; returns its cell, to be freed."""
        assert self._cell is not None
        self.counts()
        self._worked_s = time.monotonic() - self._began_s
        cell, self._cell, self._slot = self._cell, None, None
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        return cell

    def answered(self, raw: bytes) -> None:
        """The worker's own answer. One that stopped because its time was over did not know why."""
        outcome = decode_outcome(raw)
        stopped = isinstance(outcome, TaskFailed) and outcome.cause == "cancelled"
        stopped |= isinstance(outcome, TrialsDone) and outcome.cancelled
        self.settle(self._timed_out() if stopped and self._stop_reason == "timeout" else outcome)

    def died(self, ending: Died) -> None:
        """The worker ended before the task did: by our kill, or by its own doing."""
        for path in self._unfinished:
            path.unlink(missing_ok=True)
        match self._stop_reason:
            case "timeout":
                self.settle(self._timed_out())
            case "cancelled":
                self.settle(
                    TaskFailed(cause="cancelled", message=f"did not stop within {self._grace_s:g} s and was killed")
                )
            case None:
                self.settle(death(ending.exit_code))

    def settle(self, outcome: Outcome) -> None:
        """The end, whatever it is; the first one counts."""
        if not self._answer.done():
            self._answer.set_result(outcome)

    def _ask_to_stop(self, reason: StopReason) -> None:
        if self.done or self._stop_reason is not None:
            return
        self._stop_reason = reason
        if self._cell is None or self._slot is None:
            self.settle(TaskFailed(cause="cancelled", message="cancelled before it started"))
            return
        self._cell.cancel()
        self._timers.append(self._loop.call_later(self._grace_s, self._slot.kill))

    def _timed_out(self) -> TaskFailed:
        return TaskFailed(cause="timeout", message=f"ran longer than its time of {self._timeout_s:g} s")
