"""The server as `GET /api/system` and the topic `system` tell it."""

from typing import Literal

from server.contract.base import Instant, Model
from server.contract.run import Phase


class WorkerTask(Model, frozen=True, kw_only=True):
    """What a worker does: since when, and for how long nothing of it has moved. One that is slow moves; one that is
    stuck is silent. `processed` bars or trials of this task alone; `run_key` null for what is part of no run.
    """

    run_key: str | None
    phase: Phase
    processed: int
    elapsed_seconds: float
    silent_seconds: float


class ClusterHost(Model, frozen=True, kw_only=True):
    """A machine of the cluster that computes; `runs` says what where it is something else, so that it gets no tasks."""

    address: str
    slots: int
    runs: str | None


class ClusterInfo(Model, frozen=True, kw_only=True):
    """The Dask cluster that computes; while it is not `connected` runs wait."""

    scheduler: str
    connected: bool
    hosts: list[ClusterHost]


class WorkersInfo(Model, frozen=True, kw_only=True):
    """Worker processes: how many can compute at once, how many do, how many were replaced since start.

    `cluster`: null where they are on the server's own machine.
    """

    count: int
    busy: int
    restarts: int
    tasks: list[WorkerTask]
    cluster: ClusterInfo | None = None


class QueueInfo(Model, frozen=True, kw_only=True):
    """Runs that wait and run now; a submission beyond `limit` waiting runs is refused."""

    length: int
    running: int
    limit: int


class BrokerInfo(Model, frozen=True, kw_only=True):
    """The broker in use; `detail` says what is wrong when not `up`."""

    name: str
    up: bool
    detail: str | None


class StoreInfo(Model, frozen=True, kw_only=True):
    """The store; `id` is the UUID of the home, `detail` says what is wrong when not `up`."""

    up: bool
    detail: str | None
    size_bytes: int
    id: str


class SocketsInfo(Model, frozen=True, kw_only=True):
    """WebSocket connections open now, with the subscriptions that they hold."""

    connections: int
    subscriptions: int


class WatchedFile(Model, frozen=True, kw_only=True):
    """A file of the watched folder that could not be imported, why, and when that was found."""

    file: str
    message: str
    at: Instant


class WatchInfo(Model, frozen=True, kw_only=True):
    """The folder whose files are imported by themselves: how many were since the start, the newest 20 that are bad."""

    folder: str
    imported: int
    problems: list[WatchedFile]


class System(Model, frozen=True, kw_only=True):
    """How the server is; `loop_lag_ms`: how late the event loop woke of late. `draining`: it is about to stop.

    `watch`: null when no folder is watched.
    """

    version: str
    engine_version: str
    python_version: str
    uptime_seconds: float
    workers: WorkersInfo
    queue: QueueInfo
    loop_lag_ms: float
    broker: BrokerInfo
    store: StoreInfo
    sockets: SocketsInfo
    draining: bool
    watch: WatchInfo | None = None


class Health(Model, frozen=True, kw_only=True):
    """The answer of `/health/live` and of a `/health/ready` that is."""

    status: Literal["live", "ready"]
