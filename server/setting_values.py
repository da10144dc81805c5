"""How the text of a variable becomes the value of a setting; ValueError says what would be right."""

import ipaddress
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from server.webhooks.signing import key_of


def is_url(text: str) -> bool:
    """Whether a text is the URL of a web server."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        return False


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def whole(low: int, high: int) -> Callable[[str], int]:
    """Whole numbers of a range."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError(f"give a whole number from {low} to {high}") from None
        if not low <= value <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return value

    return parse


def seconds(low: float, high: float) -> Callable[[str], float]:
    """Seconds of a range."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"give seconds from {low:g} to {high:g}") from None
        if not low <= value <= high:
            raise ValueError(f"give seconds from {low:g} to {high:g}")
        return value

    return parse


def choice(*choices: str) -> Callable[[str], str]:
    """One of a few words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"give one of {', '.join(choices)}")
        return text.lower()

    return parse


def switch(text: str) -> bool:
    """Yes or no."""
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise ValueError("give 1 or 0")


def names(text: str) -> tuple[str, ...]:
    """Names by comma."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def optional(text: str) -> str | None:
    """Any text; empty is none."""
    return text or None


def token(text: str) -> str | None:
    """A secret that a header can carry."""
    if text and (len(text) < 8 or not text.isascii() or not text.isprintable() or " " in text):
        raise ValueError("give at least 8 printable ASCII characters without spaces")
    return text or None


def urls(text: str) -> tuple[str, ...]:
    """URLs of receivers by comma."""
    urls = names(text)
    if not all(map(is_url, urls)):
        raise ValueError("give URLs like https://example.com/hook, by comma")
    return urls


def url(text: str) -> str | None:
    """The URL of a web server."""
    if text and not is_url(text):
        raise ValueError("give a URL like https://forge.example.com")
    return text.rstrip("/") or None


def otlp(text: str) -> str | None:
    """The URL of a collector; needs the extra for it."""
    collector = url(text)
    if collector is not None and not is_there("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"):
        raise ValueError("traces need the extra `tracing`: pip install 'algotradeforge[tracing]'")
    return collector


def is_there(*modules: str) -> bool:
    """Whether modules could be imported."""
    try:
        return all(find_spec(module) is not None for module in modules)
    except ModuleNotFoundError:  # of a package above
        return False


def signing_secret(text: str) -> str | None:
    """A key for signatures."""
    if text:
        key_of(text)
    return text or None


def redis(text: str) -> str | None:
    """The URL of a Redis server."""
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("give a URL like redis://127.0.0.1:6379/0")
    return text or None


def dask(text: str) -> str | None:
    """The address of a Dask scheduler."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and bool(parts.port)
    except ValueError:  # brackets or a port that are none
        known = False
    if not known:
        raise ValueError("give the address of a Dask scheduler like tcp://10.0.0.5:8786 or tls://10.0.0.5:8786")
    _needs_dask()
    return text.rstrip("/")


def dask_workers(text: str) -> int:
    """How many workers a cluster on this machine has, 0: there is none."""
    workers = whole(0, 512)(text)
    if workers:
        _needs_dask()
    return workers


def _needs_dask() -> None:
    if not is_there("distributed"):
        raise ValueError("a cluster needs the extra `dask`: pip install 'algotradeforge[dask]'")


def listen(text: str) -> str | None:
    """A host, with a port or with any that is free."""
    if not text:
        return None
    parts = urlsplit(f"//{text}")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("give HOST or HOST:PORT") from None
    if not parts.hostname or parts.path:
        raise ValueError("give HOST or HOST:PORT")
    return f"{text}:0" if port is None else text


def file(text: str) -> Path | None:
    """A file that is there."""
    path = folder(text)
    if path is not None and not path.is_file():
        raise ValueError("there is no such file")
    return path


def mirror(text: str) -> str | None:
    """The URL of a mirror."""
    if text and not is_url(text):
        raise ValueError("give a URL like https://mirror.example")
    return text.rstrip("/") or None


def folder(text: str) -> Path | None:
    """A folder, there or not."""
    return Path(text).expanduser().absolute() if text else None


def existing_folder(text: str) -> Path | None:
    """A folder that is there."""
    found = folder(text)
    if found is not None and not found.is_dir():
        raise ValueError("there is no such folder")
    return found


def home(text: str) -> Path:
    """The folder of everything."""
    return Path(text).expanduser().absolute()


def kept(text: str) -> int | None:
    """How many to keep."""
    return None if text == "all" else whole(1, 1_000_000_000)(text)


def kept_days(text: str) -> float | None:
    """For how many days to keep."""
    if text == "all":
        return None
    try:
        days = float(text)
    except ValueError:
        raise ValueError("give days, like 30 or 0.5, or all") from None
    if not 0 < days <= 100_000:
        raise ValueError("give days, like 30 or 0.5, or all")
    return days


def workers(text: str) -> int:
    """How many workers."""
    return len(os.sched_getaffinity(0)) if text == "auto" else whole(1, 512)(text)


def memory(text: str) -> int | None:
    """MiB for a worker."""
    return None if text == "auto" else whole(64, 1 << 20)(text)
