"""The socket of one connection as delivery sees it when it may write past ASGI."""

from collections.abc import Callable
from typing import Final, Protocol

from server.live.effects import CloseCode

WIRE_EXTENSION: Final = "forge.wire"
"""Under this name a WebSocket's scope carries its Wire; without one everything goes through ASGI."""


class Wire(Protocol):
    """Writes whole frames; ready while the system has taken all that was written."""

    on_blocked: Callable[[], None] | None
    """Called at once when it ceases to be ready."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing written is waiting, and the socket is open."""
        ...

    @property
    def writer(self) -> Callable[[bytes], None]:
        """Writes one frame; never blocks, keeps what the system does not take."""
        ...

    @property
    def descriptor(self) -> int:
        """The socket's number where frames may be written to it as they are, -1 where not (TLS)."""
        ...

    async def ready(self) -> None:
        """Waits until it is ready, or gone."""
        ...

    def abort(self, code: CloseCode, reason: str) -> None:
        """Sends a close frame behind what is unsent, and drops the connection when that is not taken soon."""
        ...
