"""Tables of a run as data frames, for programs without asyncio."""

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

from server.client.frames import AsyncFrames
from server.client.libraries import Frame, Library
from server.client.moments import Moment
from server.client.wire import RunRef

T = TypeVar("T")


class Await(Protocol):
    """Waits for work that runs elsewhere."""

    def __call__(self, work: Coroutine[Any, Any, T], /) -> T: ...


class Frames:
    """The methods of `AsyncFrames`, with the same errors."""

    def __init__(self, frames: AsyncFrames, wait: Await) -> None:
        self._frames = frames
        self._wait = wait

    def trials(
        self,
        run: RunRef,
        *,
        sort: str | None = None,
        status: str | None = None,
        library: Library | None = None,
        **bounds: float,
    ) -> Frame:
        """See `AsyncFrames.trials`."""
        return self._wait(self._frames.trials(run, sort=sort, status=status, library=library, **bounds))

    def trades(self, run: RunRef, *, sort: str | None = None, library: Library | None = None) -> Frame:
        """See `AsyncFrames.trades`."""
        return self._wait(self._frames.trades(run, sort=sort, library=library))

    def orders(
        self,
        run: RunRef,
        *,
        status: str | None = None,
        side: str | None = None,
        type: str | None = None,
        library: Library | None = None,
    ) -> Frame:
        """See `AsyncFrames.orders`."""
        return self._wait(self._frames.orders(run, status=status, side=side, type=type, library=library))

    def equity(self, run: RunRef, *, points: int | None = None, library: Library | None = None) -> Frame:
        """See `AsyncFrames.equity`."""
        return self._wait(self._frames.equity(run, points=points, library=library))

    def bars(
        self, run: RunRef, *, from_: Moment | None = None, to: Moment | None = None, library: Library | None = None
    ) -> Frame:
        """See `AsyncFrames.bars`."""
        return self._wait(self._frames.bars(run, from_=from_, to=to, library=library))
