"""Who is told."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

_KEY_DIGITS: Final = 16


@dataclass(frozen=True)
class Receiver:
    """One URL. It may hold a secret in its path: logs and figures tell `name`, the store keeps `key`."""

    url: str = field(repr=False)
    name: str
    key: str


def receivers_of(urls: Iterable[str]) -> list[Receiver]:
    """Each URL once, named by its host; a number tells those of one host apart."""
    seen = Counter[str]()
    found = []
    for url in dict.fromkeys(urls):
        parts = urlsplit(url)
        host = parts.hostname or "" if parts.port is None else f"{parts.hostname}:{parts.port}"
        seen[host] += 1
        name = host if seen[host] == 1 else f"{host}#{seen[host]}"
        found.append(Receiver(url, name, hashlib.sha256(url.encode()).hexdigest()[:_KEY_DIGITS]))
    return found
