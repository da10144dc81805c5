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


class RemoteTask:
    """Implements `TaskHandle`; the second half of its methods is for the executor and for the depot.

    A task that is executed anew, since its machine was lost, has a new `execution`: what an older one still tells or
    sends counts no more.
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
        """`on_deaf` is told the address of a host that has not ended the task `patience_s` after it was to stop."""
        self.id: Final = number
        self.task: Final = task
        self.encoded: Final = encode(task)
        self.timeout_s: Final = timeout_s
        self.delivery: Final = Delivery(number, task)
        self.ended: Final = asyncio.Event()
        self._patience_s = patience_s
        self._on_deaf = on_deaf
        self._loop = asyncio.get_running_loop()
        self._outcome: Outcome | None = None
        self._counts = Counts()
        self._stop = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._execution: str | None = None
        self._host = ""
        self._began_s = 0.0
        self._shown_s = 0.0

    # for those who started it

    def counts(self) -> Counts:
        """What was last heard."""
        return self._counts

    def cancel(self) -> None:
        """Tells the host to stop; a task that no host has yet never runs."""
        if self.done or self.stopping:
            return
        self._stop.set()
        if self._execution is None:
            self.settle(TaskFailed(cause="cancelled", message="cancelled before it started"))
            return
        self._timer = self._loop.call_later(self._patience_s, self._give_up)

    async def outcome(self) -> Outcome:
        """Waits for the end; cancelling the wait leaves the task alone."""
        await self.ended.wait()
        assert self._outcome is not None
        return self._outcome

    # for the executor

    @property
    def done(self) -> bool:
        """Whether the outcome is there."""
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

    def lost(self) -> None:
        """Its host or the cluster is gone: it waits for another one, unless it was to stop anyway."""
        self._execution = None
        if self.stopping:
            self.settle(TaskFailed(cause="cancelled", message="cancelled"))

    def answered(self, answer: Answer) -> None:
        """The end as the host tells it."""
        assert answer.outcome is not None
        self._counts = answer.counts
        self.settle(decode_outcome(answer.outcome))

    def settle(self, outcome: Outcome) -> None:
        """The end, whatever it is; the first one counts. No unfinished files are left of it."""
        if self._outcome is not None:
            return
        self._outcome = outcome
        if self._timer is not None:
            self._timer.cancel()
        self.delivery.forsake()
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
        self.delivery.forsake()  # what an older execution left unfinished
        return True

    def is_of(self, execution: str) -> bool:
        """Whether this is the execution that counts."""
        return not self.done and execution == self._execution

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

    def _give_up(self) -> None:
        if not self.done:
            self._on_deaf(self._host)
            self.settle(
                TaskFailed(
                    cause="cancelled", message=f"did not stop within {self._patience_s:g} s; its host was restarted"
                )
            )
