"""How tests wait for what tells nobody when it changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def looks(at: Callable[[], T]) -> AsyncIterator[T]:
    """What `at` says, again and again: for what tells nobody when it changes."""
    while True:
        yield at()
        await asyncio.sleep(0.002)  # the distance between two looks


async def asks(of: Callable[[], Awaitable[T]], *, every_s: float = 0.05) -> AsyncIterator[T]:
    """What the question `of` is answered, again and again."""
    while True:
        yield await of()
        await asyncio.sleep(every_s)  # the distance between two questions
