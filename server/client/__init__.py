"""The Python client: `AsyncForge` for asyncio, `Forge` for everything else, `run` and `optimize` in one line."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.client.asynchronous import AsyncForge
    from server.client.errors import (
        AlreadyEnded,
        ClientError,
        ConnectionFailed,
        DatasetUnclear,
        Forbidden,
        InvalidRequest,
        NoFrameLibrary,
        NoResult,
        NotFound,
        ProblemError,
        RateLimited,
        RunFailed,
        ServerUnavailable,
        Unauthorised,
        UnexpectedAnswer,
    )
    from server.client.one_line import optimize, run
    from server.client.synchronous import Forge
    from server.client.views import progress_view

__all__ = [
    "AlreadyEnded",
    "AsyncForge",
    "ClientError",
    "ConnectionFailed",
    "DatasetUnclear",
    "Forbidden",
    "Forge",
    "InvalidRequest",
    "NoFrameLibrary",
    "NoResult",
    "NotFound",
    "ProblemError",
    "RateLimited",
    "RunFailed",
    "ServerUnavailable",
    "Unauthorised",
    "UnexpectedAnswer",
    "optimize",
    "progress_view",
    "run",
]
_PLACES = {
    "AsyncForge": "asynchronous",
    "Forge": "synchronous",
    "optimize": "one_line",
    "progress_view": "views",
    "run": "one_line",
}
"""Where what is no error is."""

if not TYPE_CHECKING:  # a type checker would take it to mean that every name is here

    def __getattr__(name: str) -> object:
        """Imports what is named when it is used: the command line takes some words from here while it is in a hurry."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_PLACES.get(name, 'errors')}"), name)
        globals()[name] = found
        return found
