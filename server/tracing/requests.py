"""A span for each request that asks for something to be done."""

from typing import Final

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DOES: Final = frozenset({"POST", "DELETE"})
_CONTEXT: Final = (b"traceparent", b"tracestate")
_PATH_LIMIT: Final = 200


class TracedRequests:
    """ASGI middleware. Clients ask for states again and again: a request that only reads has a span when it says to
    which trace it belongs (`traceparent`).
    """

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._propagator = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        told = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _CONTEXT}
        if scope["method"] not in _DOES and "traceparent" not in told:
            await self._app(scope, receive, send)
            return
        attributes = {"http.request.method": scope["method"], "url.path": scope["path"][:_PATH_LIMIT]}
        with self._tracer.start_as_current_span(
            scope["method"], context=self._propagator.extract(told), kind=SpanKind.SERVER, attributes=attributes
        ) as span:

            async def send_seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            await self._app(scope, receive, send_seen)
            route = scope.get("path_params", {})
            if "runKey" in route:
                span.set_attribute("forge.run_key", route["runKey"][:_PATH_LIMIT])
