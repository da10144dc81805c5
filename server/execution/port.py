"""The executor as the rest of the server knows it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from server.contract.run import Mode, Phase
from server.execution.tasks import Outcome, Task


class Counts(NamedTuple):
    """A task's progress at one instant; `processed` bars or trials, `equity` in quote currency."""

    processed: int = 0
    failed: int = 0
    bars: int = 0
    phase: Phase = "starting"
    mode: Mode | None = None
    bar_time_ms: int | None = None
    equity: float | None = None


class AtWork(NamedTuple):
    """A task that is with a worker since `elapsed_s`, and has shown no progress for `silent_s`.

    `run_key`: of the run that it is a part of, None for what belongs to none.
    """

    run_key: str | None
    elapsed_s: float
    silent_s: float
    counts: Counts


class ClusterHealth(NamedTuple):
    """The cluster that computes: whether its `scheduler` answers, and its machines by address.

    `hosts`: the slots of each that takes tasks; `others`: what those run that take none, since it is something else.
    """

    scheduler: str
    connected: bool
    hosts: Mapping[str, int]
    others: Mapping[str, str]


class ExecutorHealth(NamedTuple):
    """Worker processes: how many tasks can run at once, how many do, how many workers were replaced since start.

    `tasks`: those that run, in the order in which they were begun. `cluster`: None where this machine computes.
    """

    workers: int
    busy: int
    restarts: int
    tasks: tuple[AtWork, ...] = ()
    cluster: ClusterHealth | None = None


class TaskHandle(Protocol):
    """One started task."""

    def counts(self) -> Counts:
        """The newest progress; never blocks, stays readable after the end."""
        ...

    def worked_s(self) -> float:
        """For how long a worker had it, once it has ended: what it waited for is not in it."""
        ...

    def cancel(self) -> None:
        """Asks the task to stop; a worker that does not within its grace is killed. Idempotent."""
        ...

    async def outcome(self) -> Outcome:
        """Waits for the end; never raises for what the task did. Cancelling the wait does not cancel the task."""
        ...


class Executor(Protocol):
    """Runs tasks somewhere else. Starting more compute tasks than `slots` queues them in order."""

    @property
    def slots(self) -> int:
        """How many compute tasks run at once."""
        ...

    @property
    def room(self) -> int:
        """How many to start, so that no slot waits for the next: `slots`, and where that takes a while some more."""
        ...

    @property
    def chunk_s(self) -> float:
        """How long a task that is a part of something larger should take, so that handing it out costs little."""
        ...

    async def resized(self) -> None:
        """Waits until `slots` is another number: for ever where the number is fixed."""
        ...

    def start(self, task: Task, *, timeout_s: float | None = None) -> TaskHandle:
        """Starts a task; `timeout_s` of running time ends it with the cause `timeout`."""
        ...

    def health(self) -> ExecutorHealth:
        """How the workers are."""
        ...
