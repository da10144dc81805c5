"""Checks of what runs: the server, Redis."""

import asyncio
import socket
from typing import Final
from urllib.parse import urlsplit

from server import __version__
from server.cli.doctor.findings import Finding, fault, ok, warning
from server.client import ClientError, ConnectionFailed, Forge, ProblemError

_LAG_MS: Final = 100.0
_REDIS_LIMIT_S: Final = 5.0
_DASK_LIMIT_S: Final = 3.0
_DASK_PORT: Final = 8786


def server(url: str, token: str | None, owner: int | None) -> list[Finding]:
    """The server at `url`; `owner` is the process that owns the home."""
    try:
        with Forge(url, token) as forge:
            system = forge.system()
    except ConnectionFailed:
        if owner is not None:
            told = f"process {owner} owns the home, and nobody answers at {url}"
            return [warning("server", told, "name its address with --url, FORGE_URL or PORT")]
        return [ok("server", f"none runs at {url}; `forge serve` starts one")]
    except ProblemError as error:
        advice = "give the token with --token or FORGE_TOKEN" if error.status == 401 else f"see what answers at {url}"
        return [fault("server", f"{url} refuses: {error.detail}", advice)]
    except (ClientError, ValueError) as error:
        return [fault("server", str(error), f"see what answers at {url}")]
    owned = f", process {owner}" if owner is not None else ""
    findings = []
    if system.version != __version__:
        told = f"{url} runs version {system.version}, this is {__version__}"
        findings.append(warning("server", told, "restart the server, or use the command that it came with"))
    else:
        findings.append(ok("server", f"{url} answers, version {system.version}{owned}"))
    if system.draining:
        findings.append(warning("stopping", "the server is about to stop", "wait, and start it again"))
    if system.loop_lag_ms > _LAG_MS:
        told = f"the server's loop is late by {system.loop_lag_ms:,.0f} ms"
        findings.append(
            warning("loop lag", told, "the machine is too busy, or its disk too slow: give it fewer workers")
        )
    else:
        findings.append(ok("loop lag", f"{system.loop_lag_ms:,.1f} ms"))
    if system.workers.restarts:
        told = f"{system.workers.restarts:,} were replaced since the start"
        findings.append(warning("workers", told, "a strategy that crashes or eats memory: see the server's log"))
    else:
        findings.append(ok("workers", f"{system.workers.busy} of {system.workers.count} busy"))
    if not system.store.up:
        findings.append(fault("store", system.store.detail or "the store is down", "see the server's log and its disk"))
    if not system.broker.up:
        findings.append(fault("broker", system.broker.detail or f"{system.broker.name} is down", "see REDIS_URL"))
    return findings


def redis(url: str | None) -> Finding:
    """Whether Redis answers, when one is set."""
    if url is None:
        return ok("Redis", "not used")
    try:
        version = asyncio.run(_redis_version(url))
    except Exception as error:  # noqa: BLE001  # redis-py raises what it likes for addresses that it cannot use
        reason = str(error) or type(error).__name__
        return fault("Redis", f"does not answer: {reason}", "start it, or see REDIS_URL")
    return ok("Redis", f"answers, version {version}")


def dask(url: str | None) -> Finding:
    """Whether the scheduler of a Dask cluster can be reached, when one is set; the server asks it for the rest."""
    if url is None:
        return ok("Dask", "not used")
    place = urlsplit(url)
    try:
        with socket.create_connection((place.hostname or "", place.port or _DASK_PORT), timeout=_DASK_LIMIT_S):
            return ok("Dask", f"a scheduler listens at {url}")
    except OSError as error:
        return fault("Dask", f"{url} does not answer: {error}", "`forge scheduler` starts one; see FORGE_DASK")


async def _redis_version(url: str) -> str:
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    # redis-py would try again for 15 s
    client = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 0))
    try:
        async with asyncio.timeout(_REDIS_LIMIT_S):
            told = await client.info("server")
    finally:
        await client.aclose()
    return str(told.get("valkey_version") or told.get("redis_version"))
