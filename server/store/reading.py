"""Reads files away from the event loop, few at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

T = TypeVar("T")
MAX_READING: Final = 2
"""Reads at once: each holds the interpreter for milliseconds now and then, and the event loop waits for all of them."""


class Reader:
    """Runs what reads and encodes in threads."""

    def __init__(self) -> None:
        self._reading = asyncio.Semaphore(MAX_READING)

    async def run(self, read: Callable[[], T]) -> T:
        """What `read` returns or raises."""
        async with self._reading:
            return await asyncio.to_thread(read)

    async def encoded(
        self, encode: Callable[[Any], bytes], rows: Sequence[Any] | Any, block_rows: int
    ) -> AsyncIterator[bytes]:
        """Rows as what `encode` makes of some of them, which are `block_rows` at a time, with commas between."""
        for start in range(0, len(rows), block_rows):
            piece = await self.run(partial(encode, rows[start : start + block_rows]))
            yield b"," + piece if start else piece
