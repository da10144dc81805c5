"""Every setting in one table, read from the environment once."""

import ipaddress
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from server.webhooks.signing import key_of

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
    keep_runs: int | None
    keep_days: float | None
    keep_event_log_days: float | None
    keep_dataset_versions: int | None
    webhooks: tuple[str, ...]
    webhook_secret: str | None
    public_url: str | None
    otlp: str | None
    download_url: str | None
    watch: Path | None
    log_format: str
    log_level: str
    bench: bool
    dask_url: str | None
    dask_local: int
    dask_listen: str | None
    dask_ca: Path | None
    dask_cert: Path | None
    dask_key: Path | None
    cache_mb: int

    @property
    def strategies_folder(self) -> Path:
        """Where the user's strategies lie: `FORGE_STRATEGIES`, or `strategies` in the home."""
        return self.strategies or self.home / "strategies"

    @classmethod
    def from_environment(
        cls, overrides: Mapping[str, str] | None = None, defaults: Mapping[str, str] | None = None
    ) -> "Settings":
        """Reads `os.environ` with `overrides` (by variable name) before it and `defaults` behind it.

        SettingsError names every bad value."""
        return cls.from_mapping({**(defaults or {}), **os.environ, **(overrides or {})})

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
    if not is_loopback(values["host"]) and values["token"] is None and not values["allow_public"]:
        faults.append(
            f"HOST={values['host']!r} can be reached from other machines: set FORGE_TOKEN, "
            "or FORGE_ALLOW_PUBLIC=1 when something in front checks who asks"
        )
    if values["webhooks"] and values["webhook_secret"] is None:
        faults.append("FORGE_WEBHOOKS=…: set FORGE_WEBHOOK_SECRET too, so that receivers can tell who sends")
    return faults + _cluster_contradictions(values)


def _cluster_contradictions(values: Mapping[str, Any]) -> list[str]:
    faults: list[str] = []
    url, files = values["dask_url"], [values[name] for name in ("dask_ca", "dask_cert", "dask_key")]
    if url is not None and values["dask_local"]:
        faults.append("FORGE_DASK_LOCAL is a cluster of its own: leave it or FORGE_DASK out")
    if any(files) and not all(files):
        faults.append("FORGE_DASK_CA, FORGE_DASK_CERT and FORGE_DASK_KEY go together: give all three")
    if url is not None and url.startswith("tls://") and not any(files):
        faults.append(f"FORGE_DASK={url!r} needs FORGE_DASK_CA, FORGE_DASK_CERT and FORGE_DASK_KEY")
    if url is not None and url.startswith("tcp://") and all(files):
        faults.append(f"FORGE_DASK={url!r} is without TLS, for which there are certificates: give tls://")
    return faults


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
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


def _urls(text: str) -> tuple[str, ...]:
    urls = _names(text)
    if not all(map(_is_url, urls)):
        raise ValueError("give URLs like https://example.com/hook, by comma")
    return urls


def _url(text: str) -> str | None:
    if text and not _is_url(text):
        raise ValueError("give a URL like https://forge.example.com")
    return text.rstrip("/") or None


def _otlp(text: str) -> str | None:
    url = _url(text)
    if url is not None and not _is_there("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"):
        raise ValueError("traces need the extra `tracing`: pip install 'algotradeforge[tracing]'")
    return url


def _is_there(*modules: str) -> bool:
    try:
        return all(find_spec(module) is not None for module in modules)
    except ModuleNotFoundError:  # of a package above
        return False


def _signing_secret(text: str) -> str | None:
    if text:
        key_of(text)
    return text or None


def _redis(text: str) -> str | None:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("give a URL like redis://127.0.0.1:6379/0")
    return text or None


def _dask(text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and bool(parts.port)
    except ValueError:  # brackets or a port that are none
        known = False
    if not known:
        raise ValueError("give the address of a Dask scheduler like tcp://10.0.0.5:8786 or tls://10.0.0.5:8786")
    return text.rstrip("/")


def _listen(text: str) -> str | None:
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


def _file(text: str) -> Path | None:
    path = _folder(text)
    if path is not None and not path.is_file():
        raise ValueError("there is no such file")
    return path


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


def _kept(text: str) -> int | None:
    return None if text == "all" else _whole(1, 1_000_000_000)(text)


def _kept_days(text: str) -> float | None:
    if text == "all":
        return None
    try:
        days = float(text)
    except ValueError:
        raise ValueError("give days, like 30 or 0.5, or all") from None
    if not 0 < days <= 100_000:
        raise ValueError("give days, like 30 or 0.5, or all")
    return days


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
    Variable("FORGE_KEEP_RUNS", "keep_runs", _kept, "all", "finished runs to keep, the newest; others are deleted"),
    Variable("FORGE_KEEP_DAYS", "keep_days", _kept_days, "all", "days after which finished runs are deleted"),
    Variable(
        "FORGE_KEEP_EVENT_LOG_DAYS", "keep_event_log_days", _kept_days, "all", "days after which event logs are deleted"
    ),
    Variable(
        "FORGE_KEEP_DATASET_VERSIONS",
        "keep_dataset_versions",
        _kept,
        "all",
        "versions of a series to keep, and those that a stored run was made from",
    ),
    Variable("FORGE_WEBHOOKS", "webhooks", _urls, "", "URLs told of every run's end, by comma", secret=True),
    Variable("FORGE_WEBHOOK_SECRET", "webhook_secret", _signing_secret, "", "key that signs webhooks", secret=True),
    Variable("FORGE_PUBLIC_URL", "public_url", _url, "", "address of this server in links that webhooks carry"),
    Variable("FORGE_OTLP", "otlp", _otlp, "", "OpenTelemetry collector that gets traces: http://127.0.0.1:4318"),
    Variable("FORGE_DOWNLOAD_URL", "download_url", _mirror, "", "a mirror that downloads ask, not the exchanges"),
    Variable("FORGE_WATCH", "watch", _existing_folder, "", "folder whose files are imported by themselves"),
    Variable("FORGE_LOG", "log_format", _choice("text", "json"), "text", "format of the log lines"),
    Variable(
        "FORGE_LOG_LEVEL", "log_level", _choice("debug", "info", "warning", "error"), "info", "least level logged"
    ),
    Variable("FORGE_BENCH", "bench", _switch, "0", "adds clock readings to updates, for benchmarks"),
    Variable("FORGE_DASK", "dask_url", _dask, "", "scheduler of a Dask cluster that computes; empty: this machine"),
    Variable("FORGE_DASK_LOCAL", "dask_local", _whole(0, 512), "0", "workers of a Dask cluster on this machine"),
    Variable(
        "FORGE_DASK_LISTEN", "dask_listen", _listen, "", "HOST[:PORT] where the cluster's workers reach this server"
    ),
    Variable("FORGE_DASK_CA", "dask_ca", _file, "", "certificate of the authority that the cluster trusts"),
    Variable("FORGE_DASK_CERT", "dask_cert", _file, "", "certificate that this process shows to the cluster"),
    Variable("FORGE_DASK_KEY", "dask_key", _file, "", "key of that certificate"),
    Variable("FORGE_CACHE_MB", "cache_mb", _whole(64, 1 << 24), "20000", "bars that a worker of a cluster keeps"),
)
assert {variable.field for variable in VARIABLES} == {field.name for field in fields(Settings)}
