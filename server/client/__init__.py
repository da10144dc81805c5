"""The Python client: `AsyncForge` for asyncio, `Forge` for everything else."""

from server.client.asynchronous import AsyncForge
from server.client.errors import ClientError, ConnectionFailed, NoResult, ProblemError
from server.client.synchronous import Forge

__all__ = ["AsyncForge", "ClientError", "ConnectionFailed", "Forge", "NoResult", "ProblemError"]
