"""Opens the sockets that the server listens on."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_BACKLOG: Final = 2048
_UNACKNOWLEDGED_MS: Final = 20_000
"""A host that vanished acknowledges nothing: the system gives its connections up after this."""


class ServeError(Exception):
    """The server cannot start; the message says why and what to do."""


@contextmanager
def listening(host: str, port: int, *, shared: bool = False) -> Iterator[socket.socket]:
    """A listening socket; `shared` with other processes that listen on the same port, each on a socket of its own.

    ServeError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is accepted inherits it
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
        try:
            listener.bind((host, port))
        except OSError as error:
            of_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
            advice = (
                "choose another with PORT or --port, 0 takes a free one"
                if of_port
                else "set HOST or --host to an address of this machine"
            )
            raise ServeError(f"cannot listen on {host} port {port}: {error.strerror}; {advice}") from error
        listener.listen(_BACKLOG)
        listener.set_inheritable(False)
        yield listener
    finally:
        listener.close()


def address_of(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
