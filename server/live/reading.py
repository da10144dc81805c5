"""Reads one snapshot for everybody who asks at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedRead(Generic[T]):
    """Those who ask while a read is under way share the next one: no answer is older than its question.

    Thus at most two reads follow a burst of any size. `read` must not raise: errors are part of its answer.
    """

    def __init__(self, read: Callable[[], Awaitable[T]], tasks: asyncio.TaskGroup) -> None:
        self._read = read
        self._tasks = tasks
        self._running: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None

    async def fresh(self) -> T:
        """The answer of a read that begins after this call."""
        if self._next is None:
            self._next = self._tasks.create_task(self._run(self._running))
        # Shielded: one asker that leaves must not end the read of the others.
        return await asyncio.shield(self._next)

    async def _run(self, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        return await self._read()
