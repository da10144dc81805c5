"""Uvicorn's WebSocket protocol with an end for peers that take nothing.

Written against uvicorn 0.54: it overrides `run_asgi` and `keepalive_timeout`.
"""

from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.live.effects import CloseCode

ABORT_EXTENSION: Final = "forge.abort"
"""Under this name the scope carries a `connection.Abort`."""
_LAST_CHANCE_S: Final = 1.0


class ForgeWebSocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn waits for unsent bytes before it closes; a peer that does not read would keep its socket for ever."""

    async def run_asgi(self) -> None:
        """As uvicorn's, with the extension in the scope."""
        extensions: dict[str, object] = {**(self.scope["extensions"] or {}), ABORT_EXTENSION: self.abort}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]  # its values are more than dictionaries
        await super().run_asgi()

    def abort(self, code: CloseCode, reason: str) -> None:
        """Sends a close frame behind what is unsent, and drops the connection when that is not taken soon."""
        if self.close_sent or self.transport.is_closing():
            return
        self.stop_keepalive()
        self.conn.fail(code, reason)
        self.close_sent = True
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_timer = self.loop.call_later(_LAST_CHANCE_S, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """A ping was not answered in time."""
        self.pong_timer = None
        self.pending_ping_payload = None
        self.abort(CloseCode.NO_PONG, "pings unanswered")
