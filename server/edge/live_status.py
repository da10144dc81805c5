"""The status of a run that is running, told from the broker's state without asking the owner."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.api import etags
from server.api.flat import flat_view
from server.api.queries import StatusQuery
from server.api.responses import NO_STORE, json_bytes
from server.api.services import ApiLimits
from server.broker.port import Broker
from server.contract.problems import ForgeError
from server.contract.requests import RunKind
from server.contract.run import RunSnapshot
from server.runs.port import RunView


class LiveStatus:
    """Answers `GET …/status` where the state says it all; passes the rest on: queries, waits, queues, results."""

    def __init__(self, kind: RunKind, broker: Broker, otherwise: ASGIApp) -> None:
        self._kind = kind
        self._broker = broker
        self._otherwise = otherwise
        self._retry_s = str(ApiLimits().status_retry_s(kind))
        query = StatusQuery()
        self._said = etags.said(query.attempt, query.trials)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        plain = request.method in ("GET", "HEAD") and not request.url.query and "prefer" not in request.headers
        snapshot = await self._running(scope["path_params"]["run_key"]) if plain else None
        if snapshot is None:
            await self._otherwise(scope, receive, send)
            return
        view = RunView(snapshot, None, None, None)
        headers = {**NO_STORE, "ETag": etags.status_etag(view, self._said), "Retry-After": self._retry_s}
        if etags.matches(request.headers.get("if-none-match"), headers["ETag"]):
            response = Response(status_code=304, headers=headers)
        else:
            response = json_bytes(msgspec.json.encode({**flat_view(view), "result": None}), headers=headers)
        await response(scope, receive, send)

    async def _running(self, run_key: str) -> RunSnapshot | None:
        """The state, if nothing of the queue and no result of an earlier attempt belongs to the status."""
        if not self._broker.health().up:
            return None
        try:
            snapshot = await self._broker.snapshot(run_key)
        except ForgeError:
            return None
        if snapshot is None or snapshot.run.kind != self._kind or snapshot.run.attempt != 1:
            return None
        return snapshot if snapshot.state.status == "Running" else None
