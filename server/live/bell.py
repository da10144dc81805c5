"""What a connection waits on, small enough for ten thousand of them."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Bell:
    """As `asyncio.Event`, which keeps a deque (760 bytes) for waiters that are rarely more than one."""

    __slots__ = ("_is_set", "_waiters")

    def __init__(self) -> None:
        self._is_set = False
        self._waiters: tuple[asyncio.Future[None], ...] = ()

    def is_set(self) -> bool:
        """Whether nobody has to wait."""
        return self._is_set

    def set(self) -> None:
        """Lets all go on, until it is cleared."""
        self._is_set = True
        waiters, self._waiters = self._waiters, ()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def clear(self) -> None:
        """Makes those wait who come from now on."""
        self._is_set = False

    async def wait(self) -> None:
        """Returns once it is set."""
        if self._is_set:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters = (*self._waiters, waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            self._waiters = tuple(other for other in self._waiters if other is not waiter)
            raise


class Mailbox(Generic[T]):
    """What `asyncio.Queue` does for one reader; keeps nothing while it is empty. Whoever fills it limits it."""

    __slots__ = ("_filled", "_items")

    def __init__(self) -> None:
        self._items: deque[T] | None = None
        self._filled = Bell()

    def empty(self) -> bool:
        """Whether the reader has taken everything."""
        return self._items is None

    def put_nowait(self, item: T) -> None:
        """Adds an item."""
        if self._items is None:
            self._items = deque()
        self._items.append(item)
        self._filled.set()

    async def get(self) -> T:
        """Takes the oldest item out, once there is one."""
        await self._filled.wait()
        assert self._items is not None
        item = self._items.popleft()
        if not self._items:
            self._items = None
            self._filled.clear()
        return item
