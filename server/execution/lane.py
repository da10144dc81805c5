"""A queue of tasks in front of some slots."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from server.execution.board import Board
from server.execution.handle import LocalTask
from server.execution.slot import Died, Ending, NotTaken, WorkerSlot
from server.execution.tasks import TaskFailed

_MAX_TRIES: Final = 3


class Lane:
    """Gives tasks to idle slots in order of start. The queue is bounded by those who start tasks."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._slots: list[WorkerSlot] = []
        self._waiting: deque[LocalTask] = deque()
        self._running: set[LocalTask] = set()
        self._closed = False

    @property
    def slots(self) -> Sequence[WorkerSlot]:
        """The slots behind this queue."""
        return self._slots

    @property
    def running(self) -> frozenset[LocalTask]:
        """The tasks that are with a worker."""
        return frozenset(self._running)

    def add_slot(self, slot: WorkerSlot) -> None:
        """Puts a slot behind the queue; it takes tasks once it is idle."""
        self._slots.append(slot)

    def serve(self, _: WorkerSlot) -> None:
        """A slot is idle: it takes what waits."""
        self._dispatch()

    def add(self, handle: LocalTask) -> None:
        """Queues a task; once the lane is closed it ends as cancelled."""
        if self._closed:
            handle.settle(TaskFailed(cause="cancelled", message="the executor is stopping"))
            return
        self._waiting.append(handle)
        self._dispatch()

    def close(self) -> None:
        """Ends what waits and asks what runs to stop."""
        self._closed = True
        for slot in self._slots:
            slot.retire()
        for handle in (*self._waiting, *self._running):
            handle.cancel()
        self._waiting.clear()

    def _dispatch(self) -> None:
        for slot in self._slots:
            if not slot.idle:
                continue
            handle = self._next()
            if handle is None:
                return
            self._begin(handle, slot)

    def _next(self) -> LocalTask | None:
        while self._waiting:
            handle = self._waiting.popleft()
            if not handle.done:  # one cancelled while it waited is done
                return handle
        return None

    def _begin(self, handle: LocalTask, slot: WorkerSlot) -> None:
        cell = self._board.lease()
        handle.begin(slot, cell)
        self._running.add(handle)
        slot.run(handle.task, cell.address, lambda ending: self._end(handle, ending), handle.concerns)

    def _end(self, handle: LocalTask, ending: Ending) -> None:
        begun = handle.begun
        self._running.discard(handle)
        self._board.free(handle.leave())
        match ending:
            case bytes():
                handle.answered(ending)
            case Died():
                handle.died(ending)
            case NotTaken() if begun or handle.stopping or handle.tries >= _MAX_TRIES:
                handle.died(Died(None))
            case NotTaken():
                self._waiting.appendleft(handle)
                self._dispatch()
