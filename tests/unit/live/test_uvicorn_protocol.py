"""What the project leans on inside uvicorn is where it was."""

import asyncio
import inspect
from importlib.metadata import version
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from server.live.effects import CloseCode
from server.live.uvicorn_protocol import ForgeWebSocketProtocol

METHODS = {
    "connection_made": ["transport"],
    "connection_lost": ["exc"],
    "pause_writing": [],
    "run_asgi": [],
    "send": ["message"],
    "stop_keepalive": [],
    "keepalive_timeout": [],
}
ATTRIBUTES = (
    *(
        "conn",
        "transport",
        "writable",
        "queue",
        "loop",
        "close_sent",
        "close_timer",
        "disconnected",
        "handshake_complete",
        "read_paused",
    ),
    *("pong_timer", "pending_ping_payload"),
)


def test_uvicorn_is_of_the_version_that_the_protocol_was_written_against() -> None:
    assert version("uvicorn").startswith("0.54."), "read server/live/uvicorn_protocol.py against the new one first"


@pytest.mark.parametrize("name", METHODS)
def test_the_methods_that_are_extended_are_there(name: str) -> None:
    method = getattr(WebSocketsSansIOProtocol, name)
    assert list(inspect.signature(method).parameters)[1:] == METHODS[name]


def test_the_attributes_that_are_used_are_there() -> None:
    config = uvicorn.Config(app=lambda scope, receive, send: None, log_config=None)
    config.load()
    loop = asyncio.new_event_loop()
    try:
        protocol = ForgeWebSocketProtocol(config, ServerState(), {}, loop)
        assert [name for name in ATTRIBUTES if not hasattr(protocol, name)] == []
        plain = WebSocketsSansIOProtocol(config, ServerState(), {}, loop)
        assert [name for name in ATTRIBUTES if not hasattr(plain, name)] == []
    finally:
        loop.close()


def test_its_own_writes_go_through_the_transport_alone() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.send)
    assert "self.transport.write" in source, "frames written past it would overtake what it buffers"


HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def masked(opcode: int, content: bytes) -> bytes:
    """A frame of a client, masked with zeros."""
    return bytes([0x80 | opcode, 0x80 | len(content), 0, 0, 0, 0]) + content


class Line(asyncio.Transport):
    """Keeps what is written, and when it was read no more."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.turns = list[str]()
        self.closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def pause_reading(self) -> None:
        self.turns.append("paused")

    def resume_reading(self) -> None:
        self.turns.append("resumed")

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


async def test_a_peer_that_is_dropped_is_read_until_it_goes() -> None:
    accepted, dropped = asyncio.Event(), asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        accepted.set()
        await dropped.wait()

    config = uvicorn.Config(application, log_config=None)
    config.load()
    protocol, line = ForgeWebSocketProtocol(config, ServerState(), {}), Line()
    protocol.connection_made(line)
    protocol.data_received(HANDSHAKE)
    await accepted.wait()
    protocol.data_received(masked(1, b"a message that nobody takes"))
    assert line.turns[-1] == "paused"
    protocol.abort(CloseCode.TOO_SLOW, "too slow")
    assert line.turns[-1] == "resumed"
    code = int(CloseCode.TOO_SLOW).to_bytes(2, "big")
    assert line.written[-1].endswith(code + b"too slow")
    protocol.data_received(masked(1, b"more") + masked(8, code))
    protocol.connection_lost(None)
    assert protocol.close_timer is None
    dropped.set()
    await asyncio.gather(*protocol.tasks)
