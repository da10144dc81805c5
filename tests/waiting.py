"""How tests wait for what tells nobody when it changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

T = TypeVar("T")


async def looks(at: Callable[[], T]) -> AsyncIterator[T]:
    """What `at` says, again and again: for what tells nobody when it changes."""
    while True:
        yield at()
        await asyncio.sleep(0.002)  # the distance between two looks
