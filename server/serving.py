"""Serves an application on sockets until the process is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, Final, Protocol

import uvicorn
from starlette.types import ASGIApp

from server.background import in_background
from server.live.uvicorn_protocol import ForgeWebSocketProtocol

_log: Final = logging.getLogger(__name__)
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_CLOSE_TIMEOUT_S: Final = 3
_PING_INTERVAL_S: Final = 20.0
_MAX_FRAME_BYTES: Final = 65_536
_YOUNG_OBJECTS: Final = 10_000


class Drainable(Protocol):
    """What is served."""

    @property
    def asgi(self) -> ASGIApp:
        """Answers requests."""
        ...

    def drain(self) -> None:
        """Takes no new work and tells the sockets to connect elsewhere."""
        ...

    async def drained(self) -> None:
        """Returns when what runs has ended, or has had its time."""
        ...


class DrainingServer(uvicorn.Server):
    """Answers requests until the application is drained, and leaves the process to end in order."""

    def __init__(self, config: uvicorn.Config, application: Drainable, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._application = application
        self._on_started = on_started
        self._asked_to_stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, then tells that requests are answered."""
        await super().startup(sockets)
        if self.started:
            self._on_started()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would raise the signal again after serving, and so skip closing the store and the workers."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def stop(self) -> None:
        """Drains and ends; told twice, at once."""
        if self._asked_to_stop.is_set():
            self.should_exit = self.force_exit = True
            return
        _log.info("stopping")
        self._application.drain()
        self._asked_to_stop.set()

    async def main_loop(self) -> None:
        """As uvicorn's, until the application is drained after having been asked to stop."""
        async with in_background(self._end_when_drained()):
            await super().main_loop()

    async def _end_when_drained(self) -> None:
        await self._asked_to_stop.wait()
        await self._application.drained()
        self.should_exit = True


def server_for(application: Drainable, on_started: Callable[[], None]) -> DrainingServer:
    """Uvicorn as the project runs it."""
    config = uvicorn.Config(
        application.asgi,
        http="httptools",
        ws=ForgeWebSocketProtocol,
        ws_ping_interval=_PING_INTERVAL_S,
        ws_ping_timeout=_PING_INTERVAL_S,
        ws_max_size=_MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # anybody could claim to be another address
        log_config=None,
        timeout_graceful_shutdown=_CLOSE_TIMEOUT_S,
    )
    return DrainingServer(config, application, on_started)


async def serve_on(listeners: Sequence[socket.socket], application: Drainable, on_started: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM; `on_started` is called once requests are answered."""
    await server_for(application, on_started).serve(sockets=list(listeners))


def run_in_loop(work: Coroutine[Any, Any, None]) -> None:
    """Runs to the end in an event loop of its own."""
    _collect_seldom()
    config = uvicorn.Config(app="", loop="uvloop", log_config=None)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(work)


def _collect_seldom() -> None:
    """By default a full collection would come again and again while connections are opened, each longer than the one
    before: a third of the time that ten thousand of them take. What is imported by now stays anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)
