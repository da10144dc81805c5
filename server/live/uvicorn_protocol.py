"""Uvicorn's WebSocket protocol as a Wire: frames go straight to the transport, stalled peers are dropped.

Written against uvicorn 0.54, whose internals it uses: `conn`, `transport`, `writable`, `close_sent`, `close_timer`,
`disconnected`, `handshake_complete`, `run_asgi`, `keepalive_timeout`, `stop_keepalive`, `queue`, `read_paused`,
`request`, `response`.
A test fails when they move.
"""

import asyncio
import socket
from asyncio import BaseTransport
from collections.abc import Callable
from typing import Any, Final

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from server.live.bell import Bell, Mailbox
from server.live.effects import CloseCode
from server.live.wire import WIRE_EXTENSION

_LAST_CHANCE_S: Final = 1.0
_SEND_BUFFER_BYTES: Final = 32_768
"""Small, so that a peer that does not read is found out soon and holds little memory."""


class ForgeWebSocketProtocol(WebSocketsSansIOProtocol):
    """Implements `wire.Wire`. Uvicorn waits for unsent bytes before it closes; a peer that reads nothing would stay."""

    on_blocked: Callable[[], None] | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """As uvicorn's, on smaller parts: its queue and its event would take 3.8 KB of each connection."""
        super().__init__(config, server_state, app_state, _loop)
        self.queue = Mailbox()  # type: ignore[assignment]  # does what uvicorn asks of its queue
        self.writable = Bell()  # type: ignore[assignment]  # likewise
        self.writable.set()

    def connection_made(self, transport: BaseTransport) -> None:
        """As uvicorn's; the transport tells as soon as anything is left unsent."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=0)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    async def run_asgi(self) -> None:
        """As uvicorn's, with the wire in the scope."""
        extensions: dict[str, object] = {**(self.scope["extensions"] or {}), WIRE_EXTENSION: self}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]  # its values are more than dictionaries
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        """As uvicorn's, but for what it forgets: an accepted socket's headers have done their work (3 KB)."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.request.headers.clear()
            self.response.headers.clear()
            self.scope["headers"] = []
        elif message["type"] == "websocket.http.response.body":
            # A refusal is an answer too: uvicorn would log it as an error of the application.
            self.handshake_complete = not message.get("more_body", False)

    @property
    def is_ready(self) -> bool:
        """As in the port."""
        return self.writable.is_set() and not self.close_sent and not self.disconnected

    @property
    def writer(self) -> Callable[[bytes], None]:
        """As in the port."""
        return self.transport.write

    @property
    def descriptor(self) -> int:
        """As in the port."""
        if self.transport.get_extra_info("sslcontext") is not None:
            return -1
        sock: socket.socket | None = self.transport.get_extra_info("socket")
        return -1 if sock is None else sock.fileno()

    def data_received(self, data: bytes) -> None:
        """As uvicorn's; behind the close frame that it may answer with nothing is written."""
        super().data_received(data)
        if self.transport.is_closing():
            self._block()

    async def ready(self) -> None:
        """As in the port."""
        while not self.writable.is_set():  # a ping may have filled the buffer again before the waiter had its turn
            await self.writable.wait()

    def pause_writing(self) -> None:
        """The system takes no more."""
        super().pause_writing()
        self._block()

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        super().connection_lost(exc)
        self._block()

    def _block(self) -> None:
        if self.on_blocked is not None:
            self.on_blocked()

    def abort(self, code: CloseCode, reason: str) -> None:
        """As in the port."""
        if self.close_sent or self.transport.is_closing():
            return
        self._block()  # nothing may be written behind the close frame
        self.stop_keepalive()
        self.conn.fail(code, reason)
        self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.read_paused:  # what is left unread resets the connection at its end, and the peer never sees why
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_LAST_CHANCE_S, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """A ping was not answered in time."""
        self.pong_timer = None
        self.pending_ping_payload = None
        self.abort(CloseCode.NO_PONG, "pings unanswered")
