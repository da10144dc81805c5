"""The routes of the API, bound to the services that answer them."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from server import logs
from server.api.operation import Operation
from server.api.problems import response_to
from server.api.services import ApiServices
from server.api.table import OPERATIONS, openapi_json

_LONGEST_KEY: Final = 128
_NOTHING_ELSE: Final = ("/api", "/api/{rest:path}", "/health", "/health/{rest:path}")


def create_api(services: ApiServices) -> list[Route]:
    """Every route under `/api` and `/health`, unknown paths below them included; they answer errors by themselves."""
    openapi_json()  # takes a few ms: now, rather than on the event loop within a request
    paths: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, []).append(operation)
    # The router tries one after the other: the status, which is polled, comes first, then literal paths.
    in_order = sorted(paths, key=lambda path: (not path.endswith("/status"), "{" in path))
    return [
        *(Route(path, _Resource(services, paths[path])) for path in in_order),
        *(Route(path, _Nothing()) for path in _NOTHING_ELSE),
    ]


class _Endpoint:
    """An ASGI endpoint for every method of a path; whatever is raised becomes a problem."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        run_key = request.path_params.get("runKey")
        with logs.about(run_key=run_key[:_LONGEST_KEY]) if run_key else nullcontext():
            try:
                response = await self.answer(request)
            except Exception as error:  # noqa: BLE001  # the last resort, which logs: a bug must not leave a bare 500
                response = response_to(error, request)
            await response(scope, receive, _without_body(send) if request.method == "HEAD" else send)

    async def answer(self, request: Request) -> Response:
        raise NotImplementedError


class _Resource(_Endpoint):
    """The operations of one path."""

    def __init__(self, services: ApiServices, operations: Sequence[Operation]) -> None:
        self._services = services
        self._by_method: dict[str, Operation] = {operation.method: operation for operation in operations}
        if "GET" in self._by_method:
            self._by_method["HEAD"] = self._by_method["GET"]
        self._allow = ", ".join(sorted(self._by_method))

    async def answer(self, request: Request) -> Response:
        operation = self._by_method.get(request.method)
        if operation is None:
            raise HTTPException(405, headers={"Allow": self._allow})
        return await operation.handler(self._services, request)


class _Nothing(_Endpoint):
    """A path that the API does not have."""

    async def answer(self, request: Request) -> Response:
        raise HTTPException(404)


def _without_body(send: Send) -> Send:
    """The same answer to HEAD: its headers, none of its body."""

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_headers
