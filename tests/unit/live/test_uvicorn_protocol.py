"""What the project leans on inside uvicorn is where it was."""

import asyncio
import inspect
from importlib.metadata import version

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

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
