"""Answers of the usual forms."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.responses import Response

from server.contract.requests import RunKind

JSON: Final = "application/json"
NO_STORE: Final = {"Cache-Control": "no-store"}


def json_response(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A struct or plain value as JSON that no cache keeps."""
    return json_bytes(msgspec.json.encode(value), status=status, headers=headers)


def json_bytes(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is encoded already."""
    return Response(body, status_code=status, headers={**NO_STORE, **(headers or {})}, media_type=JSON)


def collection(kind: RunKind) -> str:
    """The path of a kind's runs."""
    return f"/api/{kind}s"
