"""Every setting in one table, read from the environment once."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from server.setting_values import is_loopback, is_url
from server.variables import DEFAULT_PORT, VARIABLES, Variable


class SettingsError(Exception):
    """One or more settings are wrong; `faults` names each with what would be right."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


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
        if not is_url(url):
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
    if not is_url(text):
        raise SettingsError([f"{name}={text!r}: give a URL like http://127.0.0.1:8000"])
    return text.rstrip("/")


def _local_url(host: str, port: int) -> str:
    """Where a server that listens on `host` and `port` is asked from the same machine."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port or DEFAULT_PORT}"


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


CLIENT_VARIABLES: Final = frozenset({"FORGE_URL"})
"""Read by the command line's client side alone."""

assert {variable.field for variable in VARIABLES} == {field.name for field in fields(Settings)}
