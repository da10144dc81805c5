"""Whom a cluster trusts: everybody who reaches it, unless TLS says who may."""

import asyncio
import ipaddress
import logging
import socket
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from distributed.security import Security

_log: Final = logging.getLogger(__name__)


class ClusterRefused(Exception):
    """The address of a cluster is none that this server may use."""


class Certificates(NamedTuple):
    """Files in PEM format: the authority that all sides trust, and what this side shows."""

    authority: Path
    certificate: Path
    key: Path


def security(certificates: Certificates | None) -> Security:
    """What distributed calls the same, for every part that this process may play."""
    if certificates is None:
        return Security()
    shown = {
        f"tls_{part}_{name}": str(path)
        for part in ("client", "scheduler", "worker")
        for name, path in (("cert", certificates.certificate), ("key", certificates.key))
    }
    return Security(require_encryption=True, tls_ca_file=str(certificates.authority), **shown)


async def check_reach(url: str) -> None:
    """ClusterRefused when `url` has no TLS and others than this network could reach it: whoever can runs their code.

    A host name that cannot be resolved now is looked at again when it is connected to.
    """
    parts = urlsplit(url)
    if parts.scheme == "tls":
        return
    addresses = await _addresses(parts.hostname or "")
    public = [address for address in addresses if ipaddress.ip_address(address).is_global]
    if public or any(ipaddress.ip_address(address).is_unspecified for address in addresses):
        shown = ", ".join(public) or "all addresses of this machine"
        raise ClusterRefused(
            f"{url} is {shown}: a cluster without TLS runs the code of everybody who reaches it, so it is refused in "
            "public; use tls:// with FORGE_DASK_CA, FORGE_DASK_CERT and FORGE_DASK_KEY, or a private address"
        )
    if any(not ipaddress.ip_address(address).is_loopback for address in addresses):
        _log.warning(
            "the cluster has no TLS: everybody in this network can run code on it and on this server",
            extra={"cluster": url},
        )


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(entry[4][0]).partition("%")[0] for entry in found})
