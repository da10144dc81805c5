"""The owner as a process: `forge serve`, with edges beside it when they are asked for."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from server import logs
from server.app import Application, running
from server.edge.processes import edges_beside
from server.listening import ServeError, address_of, listening
from server.serving import run_in_loop, serve_on
from server.settings import Settings


async def serve(settings: Settings, on_started: Callable[[str, Application], None], *, edges: int = 0) -> None:
    """Serves until SIGINT or SIGTERM; `on_started` is told the address once requests are answered.

    With `edges`, so many processes listen on the same port and reach this one on a port of its own. ServeError when an
    address cannot be listened on, or edges lack Redis; HomeInUse, ForgeError as `app.running`.
    """
    if edges and settings.redis_url is None:
        raise ServeError("edges hear of runs through Redis: set REDIS_URL, like redis://127.0.0.1:6379/0")
    async with AsyncExitStack() as stack:
        public = stack.enter_context(listening(settings.host, settings.port, shared=edges > 0))
        listeners = [public]
        address = address_of(public)
        application = await stack.enter_async_context(running(settings))
        if edges:
            private = stack.enter_context(listening("127.0.0.1", 0))
            listeners.append(private)
            owner, port = address_of(private), public.getsockname()[1]
            await stack.enter_async_context(edges_beside(edges, owner, settings.host, port))
        await serve_on(listeners, application, lambda: on_started(address, application))


def run(settings: Settings, on_started: Callable[[str, Application], None], *, edges: int = 0) -> None:
    """`serve` in an event loop of its own, with logging set up."""
    logs.configure(settings.log_format, settings.log_level)
    run_in_loop(serve(settings, on_started, edges=edges))
