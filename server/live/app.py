"""The WebSocket endpoints `/ws` and `/ws/runs/{runKey}`."""

import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access import AUTH_SUBPROTOCOL, SECURITY_HEADERS
from server.asgi import send_problem
from server.broker.port import Broker
from server.contract.identity import RUN_KEY_PATTERN
from server.contract.problems import ForgeError, InvalidRequest, RunNotFound
from server.live.codec import CODECS, JSON, Codec
from server.live.connection import Connection
from server.live.hub import Hub, LiveCounts
from server.live.options import LiveOptions
from server.live.session import Session
from server.live.wire import WIRE_EXTENSION, Wire
from server.runs.port import RunDirectory
from server.timing import Timing

_MAX_DIGITS: Final = 9


class Live:
    """Everything WebSocket; serves while `running()` is entered."""

    def __init__(self, directory: RunDirectory, broker: Broker, options: LiveOptions) -> None:
        self._options = options
        self._hub = Hub(directory, broker, options)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The endpoints; a socket elsewhere is refused with a problem, a plain request here too."""
        return [
            WebSocketRoute("/ws", _Endpoint(self._serve_many)),
            WebSocketRoute("/ws/runs/{run_key}", _Endpoint(self._serve_one)),
            WebSocketRoute("/{rest:path}", _Endpoint(_refuse_path)),
            Route("/ws", _Endpoint(_refuse_plain)),
            Route("/ws/{rest:path}", _Endpoint(_refuse_plain)),
        ]

    def running(self) -> AbstractAsyncContextManager[None]:
        """Delivers as long as it is entered."""
        return self._hub.running()

    def drain(self) -> None:
        """Takes no new connections and asks the present ones to connect elsewhere."""
        self._hub.drain()

    @property
    def timing(self) -> Timing:
        """How long telling of changes took since the start."""
        return self._hub.timing

    def counts(self) -> LiveCounts:
        """What is open now."""
        return self._hub.counts()

    async def _serve_many(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._check_open()
        codec = _choose_codec(scope["subprotocols"])
        session = Session(self._options, store_id=self._hub.store_id, now=time.monotonic(), codec=codec or JSON)
        await self._serve(session, codec, scope, receive, send)

    async def _serve_one(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._check_open()
        codec = _choose_codec(scope["subprotocols"])
        run_key = scope["path_params"]["run_key"]
        attempt = _attempt_of(QueryParams(scope["query_string"]))
        # By the hub, which reads once for all who come at the same time: Redis has only so many connections for it.
        if not RUN_KEY_PATTERN.match(run_key) or await self._hub.read_run(run_key) is None:
            raise RunNotFound(run_key[:200])
        now = time.monotonic()
        session = Session(self._options, store_id=self._hub.store_id, now=now, codec=codec or JSON, solo=True)
        session.follow(run_key, attempt, now)
        await self._serve(session, codec, scope, receive, send)

    def _check_open(self) -> None:
        if not self._hub.is_open:
            raise ForgeError("draining", "The server is about to stop; connect again in a moment.", retry_after_s=1)

    async def _serve(self, session: Session, chosen: Codec | None, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        subprotocol = chosen.subprotocol if chosen else None
        await send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": []})
        wire: Wire | None = scope["extensions"].get(WIRE_EXTENSION)
        await Connection(receive, send, session, self._hub, wire, stall_s=self._options.stall_s).run()


class _Endpoint:
    """An ASGI endpoint that answers a ForgeError raised before the handshake as HTTP."""

    def __init__(self, serve: ASGIApp) -> None:
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._serve(scope, receive, send)
        except ForgeError as error:
            await send_problem(scope, send, error, SECURITY_HEADERS if scope["type"] == "websocket" else ())


async def _refuse_path(scope: Scope, receive: Receive, send: Send) -> None:
    raise ForgeError("not_found", f"There is no socket at {scope['path'][:200]}; /ws and /ws/runs/{{runKey}} are.")


async def _refuse_plain(scope: Scope, receive: Receive, send: Send) -> None:
    raise ForgeError("invalid_request", "This address takes WebSocket handshakes; plain requests go to /api.")


def _choose_codec(offered: Sequence[str]) -> Codec | None:
    """The form to speak in, by the first subprotocol that is known: None when none was offered.

    ForgeError when only others were.
    """
    named = [name for name in offered if not name.startswith(AUTH_SUBPROTOCOL)]
    for name in named:
        if name in CODECS:
            return CODECS[name]
    if named:
        spoken, names = " and ".join(CODECS), ", ".join(named)[:200]
        raise ForgeError("not_supported", f"The subprotocols {spoken} are spoken here, not {names}.")
    return None


def _attempt_of(query: QueryParams) -> int:
    """The attempt that is asked for, 0 for any."""
    text = query.get("attempt")
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS and int(text) >= 1):
        raise InvalidRequest("invalid_request", "attempt", "must be a whole number from 1 on")
    return int(text)
