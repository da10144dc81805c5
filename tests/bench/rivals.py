"""What others would do for the same fan-out, each as a server: `python -m tests.bench.rivals WAY COUNT BYTES HZ`.

`broadcast`: `websockets.broadcast`. `starlette`: `send_text` in a loop. Both on uvloop, without compression. A
connection is greeted, and once COUNT are there all are sent frames of BYTES bytes HZ times a second. `answer`, which
needs no further arguments, answers every request with the same few bytes.
"""

import asyncio
import json
import socket
import sys
import time
from typing import Final

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.server import ServerConnection, broadcast, serve

_GREETING: Final = '{"rev":[0,0]}'
_HEAD_BYTES: Final = 4


class Beat:
    """When to send, and what."""

    def __init__(self, count: int, frame_bytes: int, hz: float) -> None:
        self._count = count
        self._payload_bytes = frame_bytes - _HEAD_BYTES
        self._pause_s = 1 / hz
        self._seq = 0
        self._due = 0.0
        self._complete = asyncio.Event()

    def entered(self, present: int) -> None:
        """So many are there now."""
        if present == self._count:
            self._complete.set()

    async def next(self) -> str:
        """The next text, when it is due."""
        await self._complete.wait()
        now = time.monotonic()
        self._due = max(self._due + self._pause_s, now)
        await asyncio.sleep(self._due - now)
        self._seq += 1
        return json.dumps({"rev": [1, self._seq], "t": time.monotonic_ns()}, separators=(",", ":")).ljust(
            self._payload_bytes
        )


async def broadcasting(listener: socket.socket, beat: Beat) -> None:
    """`websockets.broadcast` to all."""
    connections: set[ServerConnection] = set()

    async def enter(connection: ServerConnection) -> None:
        await connection.send(_GREETING)
        connections.add(connection)
        beat.entered(len(connections))
        try:
            await connection.wait_closed()
        finally:
            connections.discard(connection)

    # Without its time limits: on a busy machine they would end connections, and there is no figure then.
    async with serve(enter, sock=listener, compression=None, open_timeout=None, ping_timeout=None):
        while True:
            broadcast(connections, await beat.next())
            await asyncio.sleep(0)


async def looping(listener: socket.socket, beat: Beat) -> None:
    """Starlette's `send_text` to one after the other."""
    connections: dict[WebSocket, None] = {}

    async def enter(connection: WebSocket) -> None:
        await connection.accept()
        await connection.send_text(_GREETING)
        connections[connection] = None
        beat.entered(len(connections))
        try:
            while True:
                await connection.receive()
        except (WebSocketDisconnect, RuntimeError):
            connections.pop(connection, None)

    async def send_all() -> None:
        while True:
            text = await beat.next()
            for connection in tuple(connections):
                await connection.send_text(text)

    application = Starlette(routes=[WebSocketRoute("/", enter)])
    config = uvicorn.Config(
        application, ws="websockets-sansio", ws_per_message_deflate=False, lifespan="off", log_config=None
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(uvicorn.Server(config).serve(sockets=[listener]))
        tasks.create_task(send_all())


async def answering(listener: socket.socket) -> None:
    """Uvicorn, and the least of an application."""
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start)
        await send({"type": "http.response.body", "body": b"{}"})

    config = uvicorn.Config(answer, http="httptools", lifespan="off", access_log=False, log_config=None)
    await uvicorn.Server(config).serve(sockets=[listener])


WAYS: Final = {"broadcast": broadcasting, "starlette": looping}


def main() -> None:
    """Says its port first."""
    way, *numbers = sys.argv[1:]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2048)
        print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
        if way == "answer":
            uvloop.run(answering(listener))
        else:
            count, frame_bytes, hz = numbers
            uvloop.run(WAYS[way](listener, Beat(int(count), int(frame_bytes), float(hz))))


if __name__ == "__main__":
    main()
