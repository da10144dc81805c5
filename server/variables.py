"""Every setting as an environment variable."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from server.setting_values import (
    choice,
    dask,
    dask_workers,
    existing_folder,
    file,
    folder,
    home,
    kept,
    kept_days,
    listen,
    memory,
    mirror,
    names,
    otlp,
    redis,
    seconds,
    signing_secret,
    switch,
    token,
    url,
    urls,
    whole,
    workers,
)

DEFAULT_PORT: Final = 8000


@dataclass(frozen=True)
class Variable:
    """One environment variable: how its text becomes a value, and what it is for. A `secret` is never printed."""

    name: str
    field: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


VARIABLES: Final[tuple[Variable, ...]] = (
    Variable("FORGE_HOME", "home", home, ".forge", "folder of the database, data sets and results"),
    Variable("HOST", "host", str, "127.0.0.1", "address to listen on; others than loopback need a token"),
    Variable("PORT", "port", whole(0, 65535), str(DEFAULT_PORT), "port to listen on; 0 takes a free one"),
    Variable("FORGE_STRATEGIES", "strategies", existing_folder, "", "folder of your strategies (home/strategies)"),
    Variable("FORGE_WORKERS", "workers", workers, "auto", "worker processes; auto is one per core"),
    Variable("REDIS_URL", "redis_url", redis, "", "broker shared by several processes; empty: in memory"),
    Variable("FORGE_TOKEN", "token", token, "", "secret that every request must carry; empty: none", secret=True),
    Variable("FORGE_HOSTS", "allowed_hosts", names, "", "host names to answer to besides loopback, by comma"),
    Variable("FORGE_ORIGINS", "allowed_origins", names, "", "origins of other pages that may call, by comma"),
    Variable("FORGE_ALLOW_PUBLIC", "allow_public", switch, "0", "listen beyond loopback without a token"),
    Variable("FORGE_DEMO", "demo", switch, "0", "load the demo data sets at start"),
    Variable("FORGE_QUEUE_LIMIT", "queue_limit", whole(1, 1_000_000), "5000", "runs that may wait"),
    Variable("FORGE_CANCEL_GRACE", "cancel_grace_s", seconds(0, 60), "1", "seconds from cancel to kill"),
    Variable(
        "FORGE_WORKER_MEMORY_MB", "worker_memory_mb", memory, "auto", "memory cap of a worker; auto shares the machine"
    ),
    Variable("FORGE_COMPILE", "compile", choice("auto", "off"), "auto", "off: interpret all strategies"),
    Variable("FORGE_COMPILED", "compiled", folder, "", "folder of machine code (home/compiled)"),
    Variable("FORGE_SAMPLE_INTERVAL", "sample_interval_s", seconds(0.01, 1), "0.05", "seconds between samples"),
    Variable("FORGE_MAX_CONNECTIONS", "max_connections", whole(1, 1_000_000), "20000", "open WebSockets"),
    Variable(
        "FORGE_MAX_CONNECTIONS_PER_ADDRESS",
        "max_connections_per_address",
        whole(1, 1_000_000),
        "1000",
        "open WebSockets from one address; loopback is exempt",
    ),
    Variable(
        "FORGE_MAX_SUBSCRIPTIONS", "max_subscriptions", whole(1, 1_000_000), "10000", "subscriptions of a WebSocket"
    ),
    Variable("FORGE_MAX_BODY", "max_body_bytes", whole(1024, 1 << 30), str(1 << 20), "bytes of a JSON body"),
    Variable("FORGE_MAX_UPLOAD", "max_upload_bytes", whole(1024, 1 << 40), str(4 << 30), "bytes of an upload"),
    Variable("FORGE_DRAIN_TIMEOUT", "drain_timeout_s", seconds(0, 600), "10", "seconds running work has to end"),
    Variable("FORGE_KEEP_RUNS", "keep_runs", kept, "all", "finished runs to keep, the newest; others are deleted"),
    Variable("FORGE_KEEP_DAYS", "keep_days", kept_days, "all", "days after which finished runs are deleted"),
    Variable(
        "FORGE_KEEP_EVENT_LOG_DAYS", "keep_event_log_days", kept_days, "all", "days after which event logs are deleted"
    ),
    Variable(
        "FORGE_KEEP_DATASET_VERSIONS",
        "keep_dataset_versions",
        kept,
        "all",
        "versions of a series to keep, and those that a stored run was made from",
    ),
    Variable("FORGE_WEBHOOKS", "webhooks", urls, "", "URLs told of every run's end, by comma", secret=True),
    Variable(
        "FORGE_WEBHOOK_SECRET",
        "webhook_secret",
        signing_secret,
        "",
        "key that signs webhooks: `whsec_` and base64",
        secret=True,
    ),
    Variable("FORGE_PUBLIC_URL", "public_url", url, "", "address of this server in links that webhooks carry"),
    Variable("FORGE_OTLP", "otlp", otlp, "", "OpenTelemetry collector that gets traces: http://127.0.0.1:4318"),
    Variable("FORGE_DOWNLOAD_URL", "download_url", mirror, "", "a mirror that downloads ask, not the exchanges"),
    Variable("FORGE_WATCH", "watch", existing_folder, "", "folder whose files are imported by themselves"),
    Variable("FORGE_LOG", "log_format", choice("text", "json"), "text", "format of the log lines"),
    Variable("FORGE_LOG_LEVEL", "log_level", choice("debug", "info", "warning", "error"), "info", "least level logged"),
    Variable("FORGE_BENCH", "bench", switch, "0", "adds clock readings to updates, for benchmarks"),
    Variable("FORGE_DASK", "dask_url", dask, "", "scheduler of a Dask cluster that computes; empty: this machine"),
    Variable("FORGE_DASK_LOCAL", "dask_local", dask_workers, "0", "workers of a Dask cluster on this machine"),
    Variable(
        "FORGE_DASK_LISTEN", "dask_listen", listen, "", "HOST[:PORT] where the cluster's workers reach this server"
    ),
    Variable("FORGE_DASK_CA", "dask_ca", file, "", "certificate of the authority that the cluster trusts"),
    Variable("FORGE_DASK_CERT", "dask_cert", file, "", "certificate that this process shows to the cluster"),
    Variable("FORGE_DASK_KEY", "dask_key", file, "", "key of that certificate"),
    Variable("FORGE_CACHE_MB", "cache_mb", whole(64, 1 << 24), "20000", "bars that a worker of a cluster keeps"),
)
