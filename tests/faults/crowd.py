"""Many subscribers of one run, some of whom read nothing."""

import asyncio
import base64
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

_AT_ONCE = 50


class Subscriber:
    """Follows one run over `/ws`, connects again as clients do, remembers revisions and the end."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self.revisions: list[tuple[int, int]] = []
        self.final: dict[str, Any] | None = None
        self.close_codes: list[int] = []
        self.connected = asyncio.Event()
        self.heard = asyncio.Event()
        self.told = asyncio.Event()

    async def follow(self) -> None:
        """Until the final state."""
        while self.final is None:
            try:
                await self._follow_once()
            except ConnectionClosed as error:
                self.close_codes.append(error.rcvd.code if error.rcvd else 1006)
            except (OSError, InvalidHandshake, TimeoutError):
                pass  # nobody there, or about to stop: tried again like everything else
            if self.final is None:
                await asyncio.sleep(0.3)  # clients pause before they come again

    async def _follow_once(self) -> None:
        async with connect(f"{self._url}/ws", proxy=None, compression=None, close_timeout=1, open_timeout=20) as ws:
            await self._subscribe(ws)
            self.connected.set()
            async for frame in ws:
                told = json.loads(frame)
                for message in told if isinstance(told, list) else [told]:
                    self._hear(message)
                if self.final is not None:
                    return

    async def _subscribe(self, ws: ClientConnection) -> None:
        message: dict[str, Any] = {"type": "subscribe", "id": 1, "runKey": self._key}
        if self.revisions:
            message["rev"] = self.revisions[-1]
        await ws.send(json.dumps(message))

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] not in ("snapshot", "update") or message["runKey"] != self._key:
            return
        if "state" in message:
            self.revisions.append(tuple(message["rev"]))
            self.heard.set()
        if message.get("final") and "state" in message:
            self.final = message["state"]
            self.told.set()


@asynccontextmanager
async def crowd(url: str, key: str, size: int) -> AsyncIterator[list[Subscriber]]:
    """So many subscribers, all connected once the block begins."""
    subscribers = [Subscriber(url, key) for _ in range(size)]
    async with asyncio.TaskGroup() as group:
        tasks = []
        for first in range(0, size, _AT_ONCE):
            batch = subscribers[first : first + _AT_ONCE]
            tasks += [group.create_task(one.follow()) for one in batch]
            await asyncio.gather(*(one.heard.wait() for one in batch))
        try:
            yield subscribers
        finally:
            for task in tasks:
                task.cancel()


async def all_told(subscribers: list[Subscriber], limit_s: float) -> None:
    """Waits until each has its end."""
    async with asyncio.timeout(limit_s):
        for one in subscribers:
            await one.told.wait()


def assert_rising(subscribers: list[Subscriber]) -> None:
    """No revision fell or came twice."""
    for one in subscribers:
        assert one.revisions == sorted(set(one.revisions))


@contextlib.contextmanager
def stalled(port: str, key: str, count: int):  # type: ignore[no-untyped-def]  # an iterator of nothing
    """So many sockets that follow the run and read nothing at all."""
    sockets = [_stalled(int(port), key) for _ in range(count)]
    try:
        yield sockets
    finally:
        for one in sockets:
            one.close()


def _stalled(port: int, key: str) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.connect(("127.0.0.1", port))
    nonce = base64.b64encode(os.urandom(16)).decode()
    one.sendall(
        f"GET /ws/runs/{key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return one
