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


async def check_reach(url: str, *, listening: bool = False) -> None:
    """ClusterRefused when `url` has no TLS and others than this network could reach it: whoever can runs their code.

    A host name that cannot be resolved now is refused by who would listen there, and looked at again by who connects.
    """
    parts = urlsplit(url)
    if parts.scheme == "tls":
        return
    addresses = [_unfolded(text) for text in await _addresses(parts.hostname or "")] if parts.hostname else []
    open_ones = [str(address) for address in addresses if address.is_global or address.is_unspecified]
    if open_ones or not parts.hostname or (listening and not addresses):
        shown = ", ".join(open_ones) or "an address that cannot be told"
        raise ClusterRefused(
            f"{url} is {shown}: a cluster without TLS runs the code of everybody who reaches it, so it is refused in "
            "public; use tls:// with FORGE_DASK_CA, FORGE_DASK_CERT and FORGE_DASK_KEY, or a private address"
        )
    if any(not address.is_loopback for address in addresses):
        _log.warning(
            "the cluster has no TLS: everybody in this network can run code on it and on this server",
            extra={"cluster": url},
        )


def _unfolded(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address, of one of IPv4 that is written as one of IPv6 the former."""
    address = ipaddress.ip_address(text)
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(entry[4][0]).partition("%")[0] for entry in found})
