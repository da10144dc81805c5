"""One started task as the owner holds it while some machine of the cluster runs it."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from server.execution.cluster.delivery import Delivery
from server.execution.cluster.orders import Answer
from server.execution.cluster.relocating import Portable
from server.execution.codec import decode_outcome, encode
from server.execution.port import AtWork, Counts
from server.execution.tasks import Outcome, TaskFailed

_MOST_REFUSALS: Final = 3
"""How often machines may say that they cannot do a task, before it is told to have failed."""


class RemoteTask:
    """Implements `TaskHandle`; the second half of its methods is for the executor and for the depot.

    A task that is executed anew, since its machine was lost, has a new `execution`: what an older one still tells or
    sends counts no more. `over` is set once the outcome is known, `ended` once its files are in order too.
    """

    def __init__(
        self,
        number: str,
        task: Portable,
        *,
        patience_s: float,
        timeout_s: float | None,
        on_deaf: Callable[[str], None],
    ) -> None:
        """`on_deaf` is told the address of a host that was not heard of for `patience_s` after it was to stop."""
        self.id: Final = number
        self.task: Final = task
        self.encoded: Final = encode(task)
        self.timeout_s: Final = timeout_s
        self.delivery: Final = Delivery(task)
        self.over: Final = asyncio.Event()
        self.ended: Final = asyncio.Event()
        self.avoided: Final = set[str]()
        """Addresses of the machines that could not do it."""
        self._given_out = False
        self._patience_s = patience_s
        self._on_deaf = on_deaf
        self._loop = asyncio.get_running_loop()
        self._outcome: Outcome | None = None
        self._counts = Counts()
        self._worked_s = 0.0
        self._refusals = 0
        self._stop = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._execution: str | None = None
        self._host = ""
        self._began_s = 0.0
        self._shown_s = 0.0
        self._heard_s = 0.0

    # for those who started it

    def counts(self) -> Counts:
        """What was last heard."""
        return self._counts

    def worked_s(self) -> float:
        """How long its last machine computed; what was waited for and fetched is not in it."""
        return self._worked_s

    def cancel(self) -> None:
        """Tells the host to stop; a task that no host has yet never runs."""
        if self.done or self.stopping:
            return
        self._stop.set()
        if self._execution is None:
            self.settle(TaskFailed(cause="cancelled", message="cancelled before it started"))
            return
        self._heard_s = time.monotonic()
        self._timer = self._loop.call_later(self._patience_s, self._look_whether_deaf)

    async def outcome(self) -> Outcome:
        """Waits for the end; cancelling the wait leaves the task alone."""
        await self.ended.wait()
        assert self._outcome is not None
        return self._outcome

    # for the executor

    @property
    def done(self) -> bool:
        """Whether the outcome is known."""
        return self._outcome is not None

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def at_host(self) -> bool:
        """Whether a host has it."""
        return self._execution is not None and not self.done

    @property
    def host(self) -> str:
        """The address of the worker that last took it, "" before."""
        return self._host

    def at_work(self) -> AtWork:
        """How long it is with its host, and since when nothing was heard of it."""
        now_s = time.monotonic()
        silent_s = max(0.0, now_s - max(self._began_s, self._shown_s))
        return AtWork(self.task.run_key, now_s - self._began_s, silent_s, self._counts)

    def give_out(self) -> None:
        """It goes to the cluster."""
        self._given_out = True

    def lost(self) -> None:
        """Its host or the cluster is gone: it waits for another one, unless it was to stop anyway."""
        self._execution = None
        if self.stopping:
            self.settle(TaskFailed(cause="cancelled", message="cancelled"))

    def answered(self, answer: Answer) -> None:
        """What the host tells in the end: an outcome, that it cannot do it, or that nobody wanted it."""
        outcome = None if answer.outcome is None else decode_outcome(answer.outcome)
        if isinstance(outcome, TaskFailed) and outcome.cause == "cancelled" and not self.stopping:
            outcome = None  # its machine was told to end, or took this owner for gone
        if outcome is not None:
            self._counts, self._worked_s = answer.counts, answer.worked_s
            self.settle(outcome)
            return
        if answer.unable is not None:
            self.avoided.add(answer.host)
            self._refusals += 1
            if self._refusals >= _MOST_REFUSALS:
                self.settle(answer.unable)
        self.lost()

    def settle(self, outcome: Outcome) -> None:
        """The end, whatever it is; the first one counts."""
        if self._outcome is not None:
            return
        self._outcome = outcome
        if self._timer is not None:
            self._timer.cancel()
        self.over.set()
        if not self._given_out:  # it has no files that are to be put in order
            self.ended.set()

    # for the depot

    def begin(self, execution: str, host: str) -> bool:
        """A host takes it; False when nobody wants it any more."""
        if self.stopping:
            self.settle(TaskFailed(cause="cancelled", message="cancelled"))
        if self.done:
            return False
        self._execution, self._host = execution, host
        self._began_s = self._shown_s = time.monotonic()
        return True

    def is_of(self, execution: str) -> bool:
        """Whether this is the execution that counts; its host is heard of by that."""
        counts = not self.done and execution == self._execution
        if counts:
            self._heard_s = time.monotonic()
        return counts

    def told(self, counts: Counts) -> None:
        """Progress of the execution that counts."""
        self._counts = counts
        self._shown_s = time.monotonic()

    async def stop_asked(self, patience_s: float) -> bool:
        """Waits until the task is to stop, but not for longer; whether it is."""
        try:
            async with asyncio.timeout(patience_s):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True

    def _look_whether_deaf(self) -> None:
        """A host that is killing a worker, or sends what is finished, is waited for as long as it is heard of."""
        if self.done:
            return
        left_s = self._heard_s + self._patience_s - time.monotonic()
        if left_s > 0:
            self._timer = self._loop.call_later(left_s, self._look_whether_deaf)
            return
        self._on_deaf(self._host)
        told = f"its machine was not heard of for {self._patience_s:g} s and was restarted"
        self.settle(TaskFailed(cause="cancelled", message=told))
