"""Answers of the usual forms."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.contract.requests import RunKind

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
NO_STORE: Final = {"Cache-Control": "no-store"}


def json_response(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A struct or plain value as JSON that no cache keeps."""
    return json_bytes(msgspec.json.encode(value), status=status, headers=headers)


def json_bytes(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is encoded already."""
    return Response(body, status_code=status, headers={**NO_STORE, **(headers or {})}, media_type=JSON)


async def stream(
    pieces: AsyncIterator[bytes], *, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """An answer sent piece by piece; what the first piece raises is raised here, while it can still be a problem."""
    first = await anext(pieces)

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return StreamingResponse(whole(), headers={**NO_STORE, **(headers or {})}, media_type=media_type)


def accepted(request: Request, *known: str) -> str:
    """The media type of those `known` that the client names first; the first of them when it names none."""
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return next((media_type for media_type in wanted if media_type in known), known[0])


async def file(pieces: AsyncIterator[bytes], name: str, media_type: str) -> Response:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return await stream(pieces, headers=headers, media_type=media_type)


def collection(kind: RunKind) -> str:
    """The path of a kind's runs."""
    return f"/api/{kind}s"
