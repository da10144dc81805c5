"""The composition root: settings in, a running server out."""

import asyncio
import logging
import platform
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import to_builtins
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

import server
from server.access import AccessMiddleware
from server.adapting import access_rules, live_options
from server.api.measures import Measures
from server.api.routes import create_api
from server.api.services import ApiLimits, ApiServices
from server.background import in_background
from server.broker.choose import open_broker
from server.broker.port import Broker
from server.computing import open_executor
from server.contract.problems import ForgeError
from server.contract.system import (
    BrokerInfo,
    ClusterHost,
    ClusterInfo,
    QueueInfo,
    SocketsInfo,
    StoreInfo,
    System,
    WorkersInfo,
    WorkerTask,
)
from server.dashboard import Dashboard
from server.data.catalogue import Catalogue
from server.data.demo import load_demo
from server.demo_runs import submit_demo_runs
from server.downloads.service import DownloadService
from server.engine.settings import ENGINE_VERSION
from server.execution.port import ClusterHealth, Executor, ExecutorHealth
from server.live.app import Live
from server.operating import keep_rules, tracing, webhooks_of
from server.runs.calibration import Calibration
from server.runs.datasets import DatasetService
from server.runs.evaluation import Evaluator
from server.runs.home import Home
from server.runs.keeping import keep_progress
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun
from server.runs.queue import RunQueue
from server.runs.recovery import recover, remove_orphans
from server.runs.retention import Retention
from server.runs.sampler import LagMeter, Sampler
from server.runs.scheduler import Scheduler
from server.runs.series import ResampledSeries
from server.runs.service import RunService
from server.runs.speeds import Speeds
from server.runs.strategies import StrategyRegistry
from server.runs.watched_folder import WatchedFolder
from server.runs.workplace import Workplace
from server.settings import Settings
from server.store.database import SqliteStore
from server.store.port import RunStore
from server.store.results import ResultFiles
from server.webhooks.service import Webhooks

_log: Final = logging.getLogger(__name__)
STATIC_FOLDER: Final = Path(server.__file__).parent / "static"
_WATCH_S: Final = 1.0
_SYSTEM_S: Final = 1.0


@dataclass(frozen=True)
class Parts:
    """What describes the server to itself."""

    settings: Settings
    store: RunStore
    broker: Broker
    executor: Executor
    ledger: Ledger
    live: Live
    webhooks: Webhooks
    downloads: DownloadService
    watched: WatchedFolder | None
    lag: LagMeter
    started: float


class Application:
    """A server at work: `asgi` answers requests, `drain` makes it ready to stop."""

    def __init__(self, asgi: ASGIApp, parts: Parts, runs: RunService, scheduler: Scheduler) -> None:
        self.asgi = asgi
        self.runs = runs
        self._parts = parts
        self._scheduler = scheduler
        self._draining = False

    @property
    def draining(self) -> bool:
        """Whether the server is about to stop."""
        return self._draining

    def drain(self) -> None:
        """Refuses new work, falls out of readiness, tells the sockets to reconnect; what runs is left alone."""
        self._draining = True
        self.runs.drain()
        self._scheduler.pause()
        self._parts.downloads.drain()
        self._parts.live.drain()

    async def drained(self) -> None:
        """Returns when the workers have ended what they do, or have had their time: then it is told at the next start.

        Sweeps keep their finished chunks and go on after it.
        """
        limit_s = self._parts.settings.drain_timeout_s
        if self._scheduler.busy:
            _log.info("waiting for running work; a second signal ends it at once", extra={"seconds": limit_s})
        try:
            async with asyncio.timeout(limit_s):
                await self._scheduler.idle()
        except TimeoutError:
            _log.warning("work is left unfinished", extra={"tasks": self._scheduler.busy})
        try:
            await self._parts.ledger.keep_progress()
        except ForgeError as error:
            _log.warning("how far runs are could not be kept", extra={"code": error.code})

    def ready(self) -> ForgeError | None:
        """Why the server should get no requests now; None when it should."""
        if self._draining:
            return ForgeError("draining", "The server is about to stop.", retry_after_s=5)
        health = self._parts.store.health()
        return None if health.up else ForgeError("store_unavailable", health.detail or "The store is down.")

    def measures(self) -> Measures:
        """The server as it is now and what it did since its start, in figures."""
        parts = self._parts
        return Measures(
            system=self.system(),
            active=Counter((live.snapshot.run.kind, live.state.status) for live in parts.ledger.live.values()),
            ended=parts.ledger.ended,
            bars=parts.ledger.bars,
            store_writes=parts.store.write_timing,
            store_reads=parts.store.read_timing,
            deliveries=parts.live.timing,
            receivers=parts.webhooks.figures(),
        )

    def system(self) -> System:
        """The server as it is now; asks nobody."""
        parts = self._parts
        workers, broker, store, sockets = (
            parts.executor.health(),
            parts.broker.health(),
            parts.store.health(),
            parts.live.counts(),
        )
        live = parts.ledger.live.values()
        return System(
            version=server.__version__,
            engine_version=ENGINE_VERSION,
            python_version=platform.python_version(),
            uptime_seconds=round(time.monotonic() - parts.started, 3),
            workers=_workers(workers),
            queue=QueueInfo(
                length=len(parts.ledger.queue),
                running=sum(run.state.status == "Running" for run in live),
                limit=parts.ledger.queue.limit,
            ),
            loop_lag_ms=parts.lag.lag_ms,
            broker=BrokerInfo(name=broker.name, up=broker.up, detail=broker.detail),
            store=StoreInfo(up=store.up, detail=store.detail, size_bytes=store.size_bytes, id=parts.store.store_id),
            sockets=SocketsInfo(connections=sockets.connections, subscriptions=sockets.subscriptions),
            draining=self._draining,
            watch=None if parts.watched is None else parts.watched.info(),
        )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Application]:
    """Builds everything, takes over what a former owner left, and works until the block ends.

    HomeInUse when another process owns the home; ForgeError when store or broker cannot be opened.
    """
    home = Home(settings.home)
    async with AsyncExitStack() as stack:
        stack.enter_context(home.owned())
        home.prepare()
        if settings.strategies is None:
            settings.strategies_folder.mkdir(exist_ok=True)
        if settings.demo:
            await asyncio.to_thread(load_demo, home.datasets)
        store = await stack.enter_async_context(SqliteStore.open(home.database))
        broker = await stack.enter_async_context(open_broker(settings.redis_url, store.store_id))
        traced = await stack.enter_async_context(tracing(settings, store.store_id, broker))
        executor = await stack.enter_async_context(open_executor(settings))
        catalogue = Catalogue(home.datasets)
        results = ResultFiles(home.results)
        webhooks = await stack.enter_async_context(webhooks_of(settings, store))
        ledger = Ledger(store, broker, RunQueue[LiveRun](settings.queue_limit), results, webhooks)
        speeds = Speeds(lambda: executor.slots, home.speeds)
        calibration = Calibration(executor, speeds)
        strategies = StrategyRegistry(
            executor,
            folder=settings.strategies_folder,
            frozen_root=home.sources,
            announce=partial(broker.announce, "strategies"),
        )
        announce_dataset = partial(broker.announce, "datasets")
        datasets = DatasetService(catalogue, executor, announce=announce_dataset)
        downloads = DownloadService(
            home.downloads,
            datasets,
            base_url=settings.download_url,
            announce=partial(broker.announce, "downloads"),
        )
        watched = None if settings.watch is None else WatchedFolder(settings.watch, datasets, home.watched)
        series = ResampledSeries(catalogue, executor, announce=announce_dataset)
        place = Workplace(executor, store, results, speeds)
        evaluator = Evaluator(strategies, series, place, calibration)
        runs = RunService(ledger, store, results, strategies, series, evaluator)
        await strategies.refresh()
        await remove_orphans(store, results)
        await recover(store, ledger, broker)
        live = Live(runs, broker, live_options(settings))
        await stack.enter_async_context(live.running())
        await stack.enter_async_context(downloads.running())
        scheduler = Scheduler(ledger, place)
        lag = LagMeter()
        parts = Parts(
            settings, store, broker, executor, ledger, live, webhooks, downloads, watched, lag, time.monotonic()
        )
        router = Router()
        application = Application(AccessMiddleware(traced(router), access_rules(settings)), parts, runs, scheduler)
        retention = Retention(keep_rules(settings), ledger, store, results, datasets)
        services = ApiServices(
            runs=runs,
            strategies=strategies,
            datasets=datasets,
            downloads=downloads,
            results=results,
            trials=results.trials,
            system=application.system,
            measures=application.measures,
            ready=application.ready,
            prune=retention.prune,
            limits=ApiLimits(json_body_bytes=settings.max_body_bytes, upload_bytes=settings.max_upload_bytes),
        )
        router.routes.extend([*live.routes, *create_api(services), Mount("/", Dashboard(STATIC_FOLDER))])
        await stack.enter_async_context(
            in_background(
                scheduler.run(),
                calibration.run(),
                Sampler(ledger, settings.sample_interval_s).run(),
                keep_progress(ledger),
                retention.run(),
                strategies.watch(_WATCH_S),
                lag.run(),
                *(() if watched is None else (watched.run(),)),
                _announce_system(application, broker),
            )
        )
        if settings.demo:
            await submit_demo_runs(runs, datasets)
        yield application


async def _announce_system(application: Application, broker: Broker) -> None:
    while True:
        await asyncio.sleep(_SYSTEM_S)
        await broker.announce("system", to_builtins(application.system()))


def _workers(health: ExecutorHealth) -> WorkersInfo:
    return WorkersInfo(
        count=health.workers,
        busy=health.busy,
        restarts=health.restarts,
        tasks=[
            WorkerTask(
                run_key=task.run_key,
                phase=task.counts.phase,
                processed=task.counts.processed + task.counts.failed,
                elapsed_seconds=round(task.elapsed_s, 3),
                silent_seconds=round(task.silent_s, 3),
            )
            for task in health.tasks
        ],
        cluster=None if health.cluster is None else _cluster(health.cluster),
    )


def _cluster(health: ClusterHealth) -> ClusterInfo:
    hosts = [ClusterHost(address=address, slots=slots, runs=None) for address, slots in health.hosts.items()]
    others = [ClusterHost(address=address, slots=0, runs=runs) for address, runs in health.others.items()]
    return ClusterInfo(scheduler=health.scheduler, connected=health.connected, hosts=hosts + others)
