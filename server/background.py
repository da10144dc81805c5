"""Runs what lasts beside what goes on, to an end in order."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

T = TypeVar("T")
_AGAIN_S: Final = 0.2


@asynccontextmanager
async def in_background(*endless: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.TaskGroup]:
    """Runs loops that never end by themselves; one that fails ends the block, the block's end ends them.

    Gives the task group, for what begins later.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop) for loop in endless]
        try:
            yield group
        finally:
            await _end(tasks)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancels again what goes on: Python 3.11's `wait_for` loses a cancellation that comes when it is just done."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_AGAIN_S)


async def ended(task: asyncio.Future[Any]) -> None:
    """Waits for the end of a task that must not be cut short; a cancellation counts once it is over."""
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; a cancellation meanwhile counts once it is over."""
    task = asyncio.ensure_future(work)
    await ended(task)
    return task.result()
