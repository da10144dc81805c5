"""An edge as a process: `forge edge --owner URL`."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from server import logs
from server.background import in_background
from server.edge.app import OwnerChanged, running_edge
from server.listening import ServeError, address_of, listening
from server.serving import run_in_loop, server_for
from server.settings import Settings


async def serve_edge(
    settings: Settings,
    owner_url: str,
    on_started: Callable[[str], None],
    *,
    shared: bool,
    with_parent: bool,
) -> None:
    """Serves until SIGINT or SIGTERM, or `with_parent` until standard input ends; ServeError when it cannot start.

    `shared`: on a port that other processes listen on too.
    """
    if settings.redis_url is None:
        raise ServeError("an edge hears of runs through Redis: set REDIS_URL, like redis://127.0.0.1:6379/0")
    with listening(settings.host, settings.port, shared=shared) as listener, _owner_kept(owner_url):
        address = address_of(listener)
        async with running_edge(owner_url, settings.redis_url, settings) as application:
            server = server_for(application, lambda: on_started(address))
            async with _until_parent_ends(server.stop) if with_parent else in_background():
                await server.serve(sockets=[listener])


@asynccontextmanager
async def _until_parent_ends(stop: Callable[[], None]) -> AsyncIterator[None]:
    """Calls `stop` when standard input ends: the parent holds the other end, however it dies."""
    loop = asyncio.get_running_loop()

    def ended() -> None:
        if not os.read(0, 1024):
            loop.remove_reader(0)
            stop()

    loop.add_reader(0, ended)
    try:
        yield
    finally:
        loop.remove_reader(0)


@contextmanager
def _owner_kept(owner_url: str) -> Iterator[None]:
    """Says in plain words what a change of the owner's home means."""
    try:
        yield
    except* OwnerChanged as group:
        raise ServeError(f"{owner_url} is another home now; start the edge again") from group


def run_edge(
    settings: Settings,
    owner_url: str,
    on_started: Callable[[str], None],
    *,
    shared: bool,
    with_parent: bool,
) -> None:
    """`serve_edge` in an event loop of its own, with logging set up."""
    logs.configure(settings.log_format, settings.log_level)
    run_in_loop(serve_edge(settings, owner_url, on_started, shared=shared, with_parent=with_parent))
