"""Every setting in one table, read from the environment once."""

import ipaddress
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_DEFAULT_PORT: Final = 8000


class SettingsError(Exception):
    """One or more settings are wrong; `faults` names each with what would be right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Variable:
    """One environment variable: how its text becomes a value, and what it is for. A `secret` is never printed."""

    name: str
    field: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


@dataclass(frozen=True)
class Settings:
    """What the composition root builds from; see `VARIABLES` for the meaning of each field."""

    home: Path
    host: str
    port: int
    strategies: Path | None
    workers: int
    redis_url: str | None
    token: str | None
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    allow_public: bool
    demo: bool
    queue_limit: int
    cancel_grace_s: float
    worker_memory_mb: int | None
    compile: str
    compiled: Path | None
    sample_interval_s: float
    max_connections: int
    max_connections_per_address: int
    max_subscriptions: int
    max_body_bytes: int
    max_upload_bytes: int
    drain_timeout_s: float
    download_url: str | None
    watch: Path | None
    log_format: str
    log_level: str
    bench: bool

    @property
    def strategies_folder(self) -> Path:
        """Where the user's strategies lie: `FORGE_STRATEGIES`, or `strategies` in the home."""
        return self.strategies or self.home / "strategies"

    @classmethod
    def from_environment(cls, overrides: Mapping[str, str] | None = None) -> "Settings":
        """Reads `os.environ` with `overrides` (by variable name) before it; SettingsError names every bad value."""
        return cls.from_mapping({**os.environ, **(overrides or {})})

    @classmethod
    def from_mapping(cls, environment: Mapping[str, str]) -> "Settings":
        """The same from any mapping of variable names to texts."""
        values, faults = _parsed(VARIABLES, environment)
        known = {variable.name for variable in VARIABLES} | CLIENT_VARIABLES
        faults += [
            f"{name}: no such setting; see `forge serve --help`"
            for name in sorted(environment)
            if name.startswith("FORGE_") and name not in known
        ]
        if not faults:
            faults += _contradictions(values)
        if faults:
            raise SettingsError(faults)
        return cls(**values)


@dataclass(frozen=True)
class ClientSettings:
    """Which server the command line asks, and with which token."""

    url: str
    token: str | None

    @classmethod
    def from_environment(cls, overrides: Mapping[str, str] | None = None) -> "ClientSettings":
        """As `Settings.from_environment`, of what a client needs."""
        return cls.from_mapping({**os.environ, **(overrides or {})})

    @classmethod
    def from_mapping(cls, environment: Mapping[str, str]) -> "ClientSettings":
        """`FORGE_URL`, else where a server with the same HOST and PORT listens; SettingsError names bad values."""
        url = environment.get("FORGE_URL", "").strip()
        # What FORGE_URL makes needless is not read, so it cannot be wrong.
        needed = {"FORGE_TOKEN"} if url else {"HOST", "PORT", "FORGE_TOKEN"}
        parsed, faults = _parsed([one for one in VARIABLES if one.name in needed], environment)
        url = url or _local_url(parsed.get("host", ""), parsed.get("port", 0))
        if not _is_url(url):
            faults.append(f"FORGE_URL={url!r}: give a URL like http://127.0.0.1:8000")
        if faults:
            raise SettingsError(faults)
        return cls(url=url, token=parsed["token"])


def _parsed(variables: Iterable[Variable], environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The values by field, and what is wrong with those that are missing from them."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for variable in variables:
        text = environment.get(variable.name, "").strip() or variable.default
        try:
            values[variable.field] = variable.parse(text)
        except ValueError as error:
            shown = "…" if variable.secret else repr(text)
            faults.append(f"{variable.name}={shown}: {error}")
    return values, faults


def checked_url(text: str, name: str) -> str:
    """A server's URL without a slash at the end; SettingsError that names `name` for what is none."""
    if not _is_url(text):
        raise SettingsError([f"{name}={text!r}: give a URL like http://127.0.0.1:8000"])
    return text.rstrip("/")


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        return False


def _local_url(host: str, port: int) -> str:
    """Where a server that listens on `host` and `port` is asked from the same machine."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port or _DEFAULT_PORT}"


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    faults: list[str] = []
    if not _is_loopback(values["host"]) and values["token"] is None and not values["allow_public"]:
        faults.append(
            f"HOST={values['host']!r} can be reached from other machines: set FORGE_TOKEN, "
            "or FORGE_ALLOW_PUBLIC=1 when something in front checks who asks"
        )
    return faults


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError(f"give a whole number from {low} to {high}") from None
        if not low <= value <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return value

    return parse


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"give seconds from {low:g} to {high:g}") from None
        if not low <= value <= high:
            raise ValueError(f"give seconds from {low:g} to {high:g}")
        return value

    return parse


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"give one of {', '.join(choices)}")
        return text.lower()

    return parse


def _switch(text: str) -> bool:
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
        case _:
            raise ValueError("give 1 or 0")


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _optional(text: str) -> str | None:
    return text or None


def _token(text: str) -> str | None:
    if text and (len(text) < 8 or not text.isascii() or not text.isprintable() or " " in text):
        raise ValueError("give at least 8 printable ASCII characters without spaces")
    return text or None


def _redis(text: str) -> str | None:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("give a URL like redis://127.0.0.1:6379/0")
    return text or None


def _mirror(text: str) -> str | None:
    if text and not _is_url(text):
        raise ValueError("give a URL like https://mirror.example")
    return text.rstrip("/") or None


def _folder(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _existing_folder(text: str) -> Path | None:
    folder = _folder(text)
    if folder is not None and not folder.is_dir():
        raise ValueError("there is no such folder")
    return folder


def _home(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _workers(text: str) -> int:
    return len(os.sched_getaffinity(0)) if text == "auto" else _whole(1, 512)(text)


def _memory(text: str) -> int | None:
    return None if text == "auto" else _whole(64, 1 << 20)(text)


CLIENT_VARIABLES: Final = frozenset({"FORGE_URL"})
"""Read by the command line's client side alone."""

VARIABLES: Final[tuple[Variable, ...]] = (
    Variable("FORGE_HOME", "home", _home, ".forge", "folder of the database, data sets and results"),
    Variable("HOST", "host", str, "127.0.0.1", "address to listen on; others than loopback need a token"),
    Variable("PORT", "port", _whole(0, 65535), str(_DEFAULT_PORT), "port to listen on; 0 takes a free one"),
    Variable("FORGE_STRATEGIES", "strategies", _existing_folder, "", "folder of your strategies (home/strategies)"),
    Variable("FORGE_WORKERS", "workers", _workers, "auto", "worker processes; auto is one per core"),
    Variable("REDIS_URL", "redis_url", _redis, "", "broker shared by several processes; empty: in memory"),
    Variable("FORGE_TOKEN", "token", _token, "", "secret that every request must carry; empty: none", secret=True),
    Variable("FORGE_HOSTS", "allowed_hosts", _names, "", "host names to answer to besides loopback, by comma"),
    Variable("FORGE_ORIGINS", "allowed_origins", _names, "", "origins of other pages that may call, by comma"),
    Variable("FORGE_ALLOW_PUBLIC", "allow_public", _switch, "0", "listen beyond loopback without a token"),
    Variable("FORGE_DEMO", "demo", _switch, "0", "load the demo data sets at start"),
    Variable("FORGE_QUEUE_LIMIT", "queue_limit", _whole(1, 1_000_000), "5000", "runs that may wait"),
    Variable("FORGE_CANCEL_GRACE", "cancel_grace_s", _seconds(0, 60), "1", "seconds from cancel to kill"),
    Variable(
        "FORGE_WORKER_MEMORY_MB", "worker_memory_mb", _memory, "auto", "memory cap of a worker; auto shares the machine"
    ),
    Variable("FORGE_COMPILE", "compile", _choice("auto", "off"), "auto", "off: interpret all strategies"),
    Variable("FORGE_COMPILED", "compiled", _folder, "", "folder of machine code (home/compiled)"),
    Variable("FORGE_SAMPLE_INTERVAL", "sample_interval_s", _seconds(0.01, 1), "0.05", "seconds between samples"),
    Variable("FORGE_MAX_CONNECTIONS", "max_connections", _whole(1, 1_000_000), "20000", "open WebSockets"),
    Variable(
        "FORGE_MAX_CONNECTIONS_PER_ADDRESS",
        "max_connections_per_address",
        _whole(1, 1_000_000),
        "1000",
        "open WebSockets from one address; loopback is exempt",
    ),
    Variable(
        "FORGE_MAX_SUBSCRIPTIONS", "max_subscriptions", _whole(1, 1_000_000), "10000", "subscriptions of a WebSocket"
    ),
    Variable("FORGE_MAX_BODY", "max_body_bytes", _whole(1024, 1 << 30), str(1 << 20), "bytes of a JSON body"),
    Variable("FORGE_MAX_UPLOAD", "max_upload_bytes", _whole(1024, 1 << 40), str(4 << 30), "bytes of an upload"),
    Variable("FORGE_DRAIN_TIMEOUT", "drain_timeout_s", _seconds(0, 600), "10", "seconds running work has to end"),
    Variable("FORGE_DOWNLOAD_URL", "download_url", _mirror, "", "a mirror that downloads ask, not the exchanges"),
    Variable("FORGE_WATCH", "watch", _existing_folder, "", "folder whose files are imported by themselves"),
    Variable("FORGE_LOG", "log_format", _choice("text", "json"), "text", "format of the log lines"),
    Variable(
        "FORGE_LOG_LEVEL", "log_level", _choice("debug", "info", "warning", "error"), "info", "least level logged"
    ),
    Variable("FORGE_BENCH", "bench", _switch, "0", "adds clock readings to updates, for benchmarks"),
)
assert {variable.field for variable in VARIABLES} == {field.name for field in fields(Settings)}
