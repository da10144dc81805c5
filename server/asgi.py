"""Answers ASGI requests with problem bodies, WebSocket handshakes too, below any framework."""

from collections.abc import Iterable
from typing import Final

import msgspec
from starlette.types import Scope, Send

from server.contract.problems import ForgeError

RawHeader = tuple[bytes, bytes]
_MAX_INSTANCE: Final = 500
_RETRY_AFTER_S: Final = 5


async def send_problem(scope: Scope, send: Send, error: ForgeError, headers: Iterable[RawHeader] = ()) -> None:
    """Refuses a request or a handshake. A server that cannot deny a handshake over HTTP closes it instead (403)."""
    body = msgspec.json.encode(error.problem(scope["path"][:_MAX_INSTANCE]))
    start = {"status": error.status, "headers": [*_problem_headers(error, len(body)), *headers]}
    if scope["type"] == "http":
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
    elif "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", **start})
        await send({"type": "websocket.http.response.body", "body": body})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": error.title})


def _problem_headers(error: ForgeError, length: int) -> list[RawHeader]:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(length).encode()),
        (b"cache-control", b"no-store"),
    ]
    if error.retry_after_s is not None or error.retryable:
        headers.append((b"retry-after", str(error.retry_after_s or _RETRY_AFTER_S).encode()))
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    return headers
