"""Sockets over a real server and real connections; only the runs are made up."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Close

from server.access import AccessMiddleware, AccessRules
from server.live.app import Live
from server.live.options import LiveOptions
from server.live.uvicorn_protocol import ForgeWebSocketProtocol
from tests.hub_house import Directory, HeldBroker
from tests.states import RUN, state_of
from tests.waiting import looks

TOKEN = "correct-horse-battery"


class Served:
    """A uvicorn server on a free port of loopback, in this event loop."""

    def __init__(self, **options: Any) -> None:
        self.directory = Directory()
        self.broker = HeldBroker()
        self.live = Live(self.directory, self.broker, LiveOptions(**options))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        app = AccessMiddleware(Starlette(routes=list(self.live.routes)), AccessRules(token=TOKEN))
        self.config = uvicorn.Config(
            app,
            ws=ForgeWebSocketProtocol,
            ws_max_size=65_536,
            ws_per_message_deflate=False,
            lifespan="off",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=2,
        )

    def connect(self, path: str = "/ws", *, token: str = TOKEN, **options: Any) -> connect:
        headers = {"Authorization": f"Bearer {token}"} | options.pop("additional_headers", {})
        url = f"ws://127.0.0.1:{self.port}{path}"
        return connect(url, additional_headers=headers, proxy=None, compression=None, close_timeout=2, **options)

    async def publish(self, **state: Any) -> None:
        snapshot = state_of(**state)
        self.directory.runs[snapshot.run_key] = snapshot
        await self.broker.publish(snapshot)


class _QuietServer(uvicorn.Server):
    """Leaves signals to the test runner."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of them."""
        yield


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    it = Served(stall_s=0.4, malformed_limit=3)
    server = _QuietServer(it.config)
    async with asyncio.timeout(20), it.live.running(), asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[it.listener]))
        try:
            yield it
        finally:
            it.live.drain()
            server.should_exit = True


async def messages(client: ClientConnection) -> list[Any]:
    """The messages of the next frame."""
    found = json.loads(await client.recv())
    return found if isinstance(found, list) else [found]


async def follow(client: ClientConnection) -> None:
    """Subscribes and hears the snapshot."""
    await client.send(json.dumps({"type": "subscribe", "id": 1, "runKey": RUN}))
    while (await messages(client))[-1]["type"] != "snapshot":
        pass


async def closing_of(client: ClientConnection) -> Close | None:
    """How the server ends the connection, what it sends before passed over."""
    with suppress(ConnectionClosed):
        while True:
            await client.recv()
    return client.protocol.close_rcvd


async def test_a_run_is_followed_from_its_snapshot_to_its_end(served: Served) -> None:
    await served.publish(rev=(1, 1))
    async with served.connect(subprotocols=["forge.v1.json"]) as client:
        assert client.subprotocol == "forge.v1.json"
        assert (await messages(client))[0]["type"] == "welcome"
        await client.send(json.dumps({"type": "subscribe", "id": 1, "runKey": RUN}))
        (snapshot,) = await messages(client)
        assert (snapshot["type"], snapshot["id"], snapshot["rev"]) == ("snapshot", 1, [1, 1])
        await served.publish(rev=(1, 2), status="Completed")
        (update,) = await messages(client)
        assert (update["type"], update["rev"], update["final"]) == ("update", [1, 2], True)


async def test_the_single_run_form_closes_with_1000_after_the_end(served: Served) -> None:
    await served.publish(rev=(1, 1))
    async with served.connect(f"/ws/runs/{RUN}") as client:
        assert (await messages(client))[0]["rev"] == [1, 1]
        await served.publish(rev=(1, 2), status="Failed")
        assert (await messages(client))[0]["final"]
        assert (await closing_of(client)) == Close(1000, "the run has ended")


@pytest.mark.parametrize(
    ("path", "options", "status", "code"),
    [
        ("/ws/runs/unknown", {}, 404, "run_not_found"),
        ("/ws/runs/a%0A", {}, 404, "run_not_found"),
        ("/elsewhere", {}, 404, "not_found"),
        ("/ws", {"token": "wrong"}, 401, "unauthorised"),
        ("/ws", {"origin": "http://evil.example"}, 403, "forbidden_origin"),
        ("/ws", {"additional_headers": {"Host": "evil.example"}}, 403, "forbidden_host"),
        ("/ws", {"subprotocols": ["graphql-ws"]}, 400, "not_supported"),
    ],
)
async def test_before_the_handshake_refusals_are_problems(
    served: Served, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with served.connect(path, **options):
            pass
    response = caught.value.response
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert json.loads(response.body)["code"] == code


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([b"\x00binary"], 1003),
        (["x" * 70_000], 1009),
        ([["x" * 40_000, "x" * 40_000]], 1009),
        (["{"] * 3, 4400),
    ],
)
async def test_frames_of_the_wrong_kind_end_the_connection(served: Served, frames: list[Any], code: int) -> None:
    async with served.connect() as client:
        for frame in frames:
            await client.send(frame)
        end = await closing_of(client)
        assert end is not None
        assert end.code == code


async def test_text_that_is_no_utf8_ends_the_connection_with_1007(served: Served) -> None:
    async with served.connect() as client:
        await client.send(b"\xff\xfe", text=True)
        end = await closing_of(client)
        assert end is not None
        assert end.code == 1007


async def test_draining_closes_with_1012(served: Served) -> None:
    async with served.connect() as client:
        await messages(client)
        served.live.drain()
        assert await closing_of(client) == Close(1012, "the server restarts")
    with pytest.raises(InvalidStatus) as caught:
        async with served.connect():
            pass
    assert caught.value.response.status_code == 503


async def test_one_that_stops_reading_is_freed_and_the_others_are_told(served: Served) -> None:
    await served.publish(rev=(1, 1))
    question = "[" + ",".join(['{"type":"ping","id":"' + "x" * 900 + '"}'] * 60) + "]"
    async with served.connect() as reading:
        await follow(reading)
        stalled = await served.connect(max_queue=1)
        await follow(stalled)
        stalled.transport.pause_reading()
        with suppress(ConnectionClosed):
            while served.live.counts().connections == 2:
                await stalled.send(question)
        async for counts in looks(served.live.counts):
            if counts == (1, 1):
                break
        await served.publish(rev=(1, 2), status="Completed")
        assert (await messages(reading))[-1]["final"]
        stalled.transport.abort()
        await stalled.wait_closed()


async def test_abrupt_ends_leave_nothing_behind(served: Served) -> None:
    await served.publish(rev=(1, 1))
    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(30):
        client = await served.connect()
        await follow(client)
        client.transport.abort()
        await client.wait_closed()
    async for counts in looks(served.live.counts):
        if counts == (0, 0):
            break
    await served.broker.until(lambda: served.broker.open == [])
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 2
