"""Turns errors into problem details, and unexpected ones into a plain 500 with a line in the log."""

import logging
from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.contract.problems import ForgeError

_log: Final = logging.getLogger("forge.api")
_MEDIA_TYPE: Final = "application/problem+json"
_MAX_INSTANCE: Final = 500


def problem_response(error: ForgeError, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries an error; `Retry-After` when trying again helps."""
    sent = {"Cache-Control": "no-store", **(headers or {})}
    if error.retry_after_s is not None:
        sent["Retry-After"] = str(error.retry_after_s)
    elif error.retryable:
        sent["Retry-After"] = "5"
    body = msgspec.json.encode(error.problem(instance[:_MAX_INSTANCE]))
    return Response(body, status_code=error.status, headers=sent, media_type=_MEDIA_TYPE)


def unexpected_response(instance: str) -> Response:
    """The answer to a bug: says that it is one, and nothing of it."""
    detail = "The server failed to answer this request; its log tells why."
    body = {
        "type": "about:blank",
        "title": "Internal server error",
        "status": 500,
        "detail": detail,
        "instance": instance[:_MAX_INSTANCE],
        "code": "internal_error",
        "error": detail,
        "errors": [],
    }
    return Response(
        msgspec.json.encode(body), status_code=500, headers={"Cache-Control": "no-store"}, media_type=_MEDIA_TYPE
    )


def response_to(error: Exception, request: Request) -> Response:
    """The answer to whatever a handler raised."""
    path = request.url.path
    match error:
        case ForgeError():
            return problem_response(error, path)
        case HTTPException(status_code=404):
            return problem_response(ForgeError("not_found", f"There is nothing at {path[:200]}."), path)
        case HTTPException(status_code=405, headers=headers):
            return problem_response(
                ForgeError("method_not_allowed", f"{request.method} is not offered here."), path, headers
            )
        case HTTPException(detail=detail):
            return problem_response(ForgeError("invalid_request", detail), path)
        case ClientDisconnect():
            return Response(status_code=400)
        case _:
            _log.error("%s %s failed", request.method, path[:200], exc_info=error)
            return unexpected_response(path)


async def on_error(request: Request, error: Exception) -> Response:
    """For the `exception_handlers` of the application: what no route of the API caught."""
    return response_to(error, request)
