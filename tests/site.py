"""A site behind the access rules, asked without a server."""

import asyncio
from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.types import Message, Receive, Scope, Send

from server.access import AccessMiddleware, AccessRules
from server.contract.problems import Problem

Headers = Iterable[tuple[str, str]]


async def reads_everything(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that takes the whole body and answers with its length; a socket it accepts and holds."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await receive()
        return
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": str(length).encode()})


class Answer:
    """What was sent back to one request or handshake."""

    def __init__(self, sent: list[Message]) -> None:
        start = sent[0]
        self.kind: str = start["type"]
        self.subprotocol: str | None = start.get("subprotocol")
        self.status: int = start.get("status", 101)
        self.headers = {name.decode(): value.decode() for name, value in start.get("headers", ())}
        self.body = b"".join(message.get("body", b"") for message in sent[1:])

    @property
    def code(self) -> str | None:
        """The code of its problem, None when it is none."""
        if self.headers.get("content-type") != "application/problem+json":
            return None
        problem = msgspec.json.decode(self.body, type=Problem)
        assert (problem.status, problem.error) == (self.status, problem.detail)
        return problem.code


class Site:
    """The middleware around an application that reads everything."""

    def __init__(self, app: Any = reads_everything, **rules: Any) -> None:
        self.app = AccessMiddleware(app, AccessRules(**rules))

    async def ask(
        self,
        path: str = "/api/system",
        *,
        method: str = "GET",
        headers: Headers = (),
        host: str | None = "localhost:8000",
        body: Iterable[bytes] = (b"",),
    ) -> Answer:
        """One request."""
        sent: list[Message] = []
        chunks = list(body)

        async def receive() -> Message:
            chunk = chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = scope_of("http", path, headers, host)
        scope["method"] = method
        await self.app(scope, receive, send)
        return Answer(sent)

    async def shake_hands(
        self,
        path: str = "/ws",
        *,
        headers: Headers = (),
        host: str | None = "localhost:8000",
        offers: Iterable[str] = (),
        denies: bool = True,
    ) -> Answer:
        """One handshake, whose socket is closed at once; `denies`: whether the server can refuse over HTTP."""
        async with Held(self, path, headers=headers, host=host, offers=offers, denies=denies) as held:
            return held.answer


class Held:
    """A socket that stays open as long as it is entered."""

    def __init__(
        self,
        site: Site,
        path: str = "/ws",
        *,
        headers: Headers = (),
        host: str | None = "localhost:8000",
        offers: Iterable[str] = (),
        client: tuple[str, int] = ("127.0.0.1", 5000),
        denies: bool = True,
    ) -> None:
        self._site = site
        self._scope = scope_of("websocket", path, headers, host)
        self._scope["subprotocols"] = list(offers)
        self._scope["client"] = client
        if denies:
            self._scope["extensions"] = {"websocket.http.response": {}}
        self._connected = False
        self._sent: list[Message] = []
        self._answered = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def answer(self) -> Answer:
        return Answer(self._sent)

    async def __aenter__(self) -> "Held":
        self._task = asyncio.create_task(self._site.app(self._scope, self._receive, self._send))
        async with asyncio.timeout(5):
            await self._answered.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._task

    async def _receive(self) -> Message:
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        await self._over.wait()
        return {"type": "websocket.disconnect", "code": 1000}

    async def _send(self, message: Message) -> None:
        self._sent.append(message)
        if message["type"] != "websocket.http.response.start":
            self._answered.set()


def scope_of(kind: str, path: str, headers: Headers, host: str | None) -> Scope:
    """A connection of loopback to port 8000; what follows a `?` in the path is the query."""
    given = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if host is not None:
        given.append((b"host", host.encode("latin-1")))
    route, _, query = path.partition("?")
    return {
        "type": kind,
        "path": route,
        "query_string": query.encode(),
        "root_path": "",
        "headers": given,
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
        "extensions": {},
    }


async def never() -> Message:
    raise AssertionError("nothing is received")


async def nowhere(_: Message) -> None:
    """Takes what is sent."""
