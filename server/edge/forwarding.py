"""Passes requests on to the owner, bodies streaming both ways."""

import logging
from collections.abc import AsyncIterator
from typing import Final

import httpx
from starlette.types import Message, Receive, Scope, Send

from server.asgi import RawHeader, send_problem
from server.edge.owner import OwnerAway

_log: Final = logging.getLogger(__name__)
_OF_ONE_HOP: Final = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer"),
        *(b"transfer-encoding", b"upgrade", b"expect"),
    }
)
"""Headers that concern one connection only (RFC 9110, section 7.6.1)."""
_CHECKED_HERE: Final = frozenset({b"host", b"origin"})
"""The edge has checked them; the owner would compare them with its own name."""


class Forwarder:
    """An ASGI app for plain requests. The owner's answers, problems included, come back as they are.

    `passed` counts all requests since the start, `away` those that the owner did not answer.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.passed = 0
        self.away = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.passed += 1
        body = _Body(receive)
        headers = [(name, value) for name, value in scope["headers"] if name not in _OF_ONE_HOP | _CHECKED_HERE]
        has_body = any(name == b"content-length" and value != b"0" for name, value in scope["headers"]) or any(
            name == b"transfer-encoding" for name, _ in scope["headers"]
        )
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        request = self._http.build_request(
            scope["method"],
            scope["raw_path"].decode("latin-1") + query,
            headers=headers,
            content=body.pieces() if has_body else None,
        )
        try:
            answer = await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            if body.gone:
                return
            self.away += 1
            _log.info("the owner does not answer", extra={"reason": str(error) or type(error).__name__})
            await send_problem(scope, send, OwnerAway())
            return
        try:
            await _pass_back(answer, send)
        finally:
            await answer.aclose()


class _Body:
    """The request's body as it comes."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.gone = False

    async def pieces(self) -> AsyncIterator[bytes]:
        while True:
            message: Message = await self._receive()
            if message["type"] == "http.disconnect":
                self.gone = True
                raise httpx.WriteError("the client went away")
            yield message.get("body", b"")
            if not message.get("more_body", False):
                return


async def _pass_back(answer: httpx.Response, send: Send) -> None:
    headers: list[RawHeader] = [
        (name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _OF_ONE_HOP
    ]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    async for piece in answer.aiter_raw():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
