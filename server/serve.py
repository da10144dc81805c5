"""Runs the server on a socket until it is told to stop."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn

from server import logs
from server.app import Application, running
from server.live.uvicorn_protocol import ForgeWebSocketProtocol
from server.settings import Settings

_log = logging.getLogger(__name__)
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_BACKLOG: Final = 2048
_CLOSE_TIMEOUT_S: Final = 3
_PING_INTERVAL_S: Final = 20.0
_MAX_FRAME_BYTES: Final = 65_536
_UNACKNOWLEDGED_MS: Final = 20_000
"""A host that vanished acknowledges nothing: the system gives its connections up after this."""


class ServeError(Exception):
    """The server cannot start; the message says why and what to do."""


class DrainingServer(uvicorn.Server):
    """Drains the application before it closes the sockets, and leaves the process to end in order."""

    def __init__(self, config: uvicorn.Config, application: Application, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._application = application
        self._on_started = on_started

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
            loop.add_signal_handler(number, self._asked_to_stop)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def _asked_to_stop(self) -> None:
        if self.should_exit:
            self.force_exit = True
            return
        _log.info("stopping")
        self._application.drain()
        self.should_exit = True


async def serve(settings: Settings, on_started: Callable[[str, Application], None]) -> None:
    """Serves until SIGINT or SIGTERM; `on_started` is told the address once requests are answered.

    ServeError when the address cannot be listened on; HomeInUse, ForgeError as `app.running`.
    """
    with _listening(settings) as listener:
        host, port = listener.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        async with running(settings) as application:
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
            server = DrainingServer(config, application, lambda: on_started(address, application))
            await server.serve(sockets=[listener])


def run(settings: Settings, on_started: Callable[[str, Application], None]) -> None:
    """`serve` in an event loop of its own, with logging set up."""
    logs.configure(settings.log_format, settings.log_level)
    config = uvicorn.Config(app="", loop="uvloop", log_config=None)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serve(settings, on_started))


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is accepted inherits it
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            of_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
            advice = (
                "choose another with PORT or --port, 0 takes a free one"
                if of_port
                else "set HOST or --host to an address of this machine"
            )
            raise ServeError(
                f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; {advice}"
            ) from error
        listener.listen(_BACKLOG)
        listener.set_inheritable(False)
        yield listener
    finally:
        listener.close()
