"""The downloads of a home: which one runs when, and who is told."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import to_builtins

from server.background import in_background, unbroken
from server.contract.base import format_instant, instant_ms
from server.contract.downloads import Download, DownloadRequest
from server.contract.problems import ForgeError
from server.downloads.checking import check_request
from server.downloads.fetch_link import Link, fetching
from server.downloads.importing import import_bars, import_task
from server.downloads.job import Job, download_id, links, new_job
from server.downloads.kept import forget, keep, read_all
from server.downloads.messages import Failed, Fetched, Found, Order, Progress, Waiting
from server.runs.port import Datasets

_log: Final = logging.getLogger(__name__)
_TELL_S: Final = 0.5
_AT_ONCE: Final = 4
_MOST: Final = 1_000
Fetching = Callable[[Order], AbstractAsyncContextManager[Link]]


class DownloadService:
    """Implements `Downloads`. One at a time of each exchange, for its limits are those of an address."""

    def __init__(
        self,
        root: Path,
        datasets: Datasets,
        *,
        base_url: str | None,
        announce: Callable[[Any], Awaitable[None]],
        fetch: Fetching = fetching,
    ) -> None:
        """`root`: where they are kept; `base_url` is asked in place of every exchange."""
        self._root = root
        self._datasets = datasets
        self._base_url = base_url
        self._announce = announce
        self._fetch = fetch
        self._jobs: dict[str, Job] = {}
        self._waiting: list[Job] = []
        self._running: dict[str, Job] = {}
        self._untold: set[Job] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._group: asyncio.TaskGroup | None = None
        self._draining = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works as long as it is entered, first at what a former owner left unfinished."""
        for kept in await asyncio.to_thread(read_all, self._root):
            job = self._jobs[kept.download.id] = Job(kept)
            if job.active and not job.now.cancel_requested:
                job.queue()
                self._waiting.append(job)
            elif job.active:  # the server stopped before its cancel was through
                job.end(status="Cancelled")
                await self._keep_if_possible(job)
                job.ended.set()
        async with in_background(self._tell()) as group:
            self._group = group
            self._dispatch()
            try:
                yield
            finally:
                self.drain()
                self._group = None
                for task in tuple(self._tasks):
                    task.cancel()

    def drain(self) -> None:
        """Takes and begins nothing more."""
        self._draining = True

    def all(self) -> Sequence[Download]:
        """Those kept, the newest first."""
        return [job.now for job in reversed(self._jobs.values())]

    def get(self, identity: str) -> Download:
        """One of them; ForgeError `not_found`."""
        return self._job(identity).now

    async def submit(self, request: DownloadRequest) -> Download:
        """Begins it, goes on with it, or answers with what is there already."""
        if self._draining:
            raise ForgeError("draining", "The server is about to stop.", retry_after_s=5)
        exchange = check_request(request)
        identity = download_id(request, exchange)
        while (known := self._jobs.get(identity)) is not None and await known.settling():
            pass  # while this waited, it may have been begun again, or be leaving
        if known is None:
            if len(self._jobs) >= _MOST:
                raise ForgeError("queue_full", f"There are {_MOST:,} downloads; delete some.")
            known = self._jobs[identity] = new_job(request, exchange)
        return await self._begin(known)

    async def resume(self, identity: str) -> Download:
        """As submitting the same again; ForgeError `not_found`, also when it is removed while this waits."""
        job = self._job(identity)
        while await job.settling():
            job = self._job(identity)
        return await self.submit(job.request)

    async def cancel(self, identity: str) -> Download:
        """Stops it, what was fetched stays; ForgeError `not_found`, `already_terminal`."""
        job = self._job(identity)
        if not job.active:
            raise ForgeError("already_terminal", f"The download is {job.now.status} already.")
        await self._stop(job)
        return job.now

    async def remove(self, identity: str) -> None:
        """Stops it and forgets what was fetched; ForgeError `not_found`."""
        job = self._job(identity)
        job.leaving = True
        try:
            while job.active or not job.ended.is_set():  # what was resumed before may begin it once more
                if job.active and not job.now.cancel_requested:
                    await self._stop(job)
                await job.ended.wait()
            await unbroken(self._forget(job))
        finally:  # gone, or it stays: its folder cannot be moved, or the request was given up
            job.left()

    async def _forget(self, job: Job) -> None:
        await asyncio.to_thread(forget, self._root / job.now.id)
        self._untold.discard(job)
        del self._jobs[job.now.id]
        await self._announce({"id": job.now.id, "removed": True})

    def _job(self, identity: str) -> Job:
        job = self._jobs.get(identity)
        if job is None or job.leaving:
            raise ForgeError("not_found", f"There is no download {identity[:80]!r}.")
        return job

    async def _begin(self, job: Job) -> Download:
        """Queues it unless it is under way, or there is nothing left to do."""
        there = job.now.dataset_id is not None and self._datasets.get(job.now.dataset_id) is not None
        if job.active or (job.is_whole() and there):
            return job.now
        before = job.now
        job.queue()
        await unbroken(self._queued(job, before))
        return job.now

    async def _queued(self, job: Job, before: Download) -> None:
        """Keeps it first: what is acknowledged outlasts a restart. ForgeError `disk_full`, and it is as `before`."""
        try:
            await self._keep(job)
        except OSError as error:
            job.now = before
            job.ended.set()
            if before.completed_at is None and not job.leaving:  # a new one, of which nobody was told
                del self._jobs[job.now.id]
            raise ForgeError("disk_full", f"The download cannot be kept: {error.strerror}.") from error
        if job.now.cancel_requested:  # meanwhile
            job.end(status="Cancelled")
            await self._ended(job)
            return
        self._waiting.append(job)
        await self._announce(to_builtins(job.now))
        self._dispatch()

    async def _stop(self, job: Job) -> None:
        job.change(cancel_requested=True)
        if job in self._waiting:
            self._waiting.remove(job)
            job.end(status="Cancelled")
            await self._ended(job)
            return
        if job.link is not None:
            job.link.stop()
        await self._changed(job)

    def _dispatch(self) -> None:
        """Begins what may run now, in the order in which it was asked for."""
        for job in tuple(self._waiting):
            if self._group is None or self._draining or len(self._running) >= _AT_ONCE:
                return
            if job.now.exchange in self._running:
                continue
            self._waiting.remove(job)
            self._running[job.now.exchange] = job
            job.change(status="Running", phase="connecting", started_at=_now())
            task = self._group.create_task(self._run(job), name=f"download {job.now.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, job: Job) -> None:
        try:
            await self._changed(job)
            await self._work(job)
        except ForgeError as error:
            job.end(status="Failed", error_message=error.detail, code=error.code)
        except Exception as error:  # noqa: BLE001  # a bug met on the way of one must not end the server
            _log.exception("a download failed inside the server", extra={"download": job.now.id})
            job.end(status="Failed", error_message=f"internal error: {type(error).__name__}; see the server's log")
        finally:
            del self._running[job.now.exchange]
        await self._ended(job)
        _log.info("download ended", extra={"download": job.now.id, "status": job.now.status, "bars": job.now.fetched})
        self._dispatch()

    async def _work(self, job: Job) -> None:
        ending = await self._fetched(job)
        if job.now.cancel_requested:
            job.end(status="Cancelled")
        elif isinstance(ending, Failed):
            job.end(status="Failed", error_message=ending.message, code=ending.code)
        elif not ending.fetched:
            message = f"{job.now.exchange_name} has no bars of {job.now.symbol} in that period."
            job.end(status="Failed", error_message=message, code="empty_period")
        else:
            await self._import(job, ending)

    async def _fetched(self, job: Job) -> Fetched | Failed:
        """What its process comes to."""
        async with self._fetch(job.order(self._root / job.now.id, self._base_url)) as link:
            job.link = link
            try:
                while not job.now.cancel_requested:
                    message = await link.receive()
                    match message:
                        case Found():
                            job.found(message)
                        case Progress():
                            job.progressed(message)
                        case Waiting():
                            job.waits(message)
                        case _:
                            return message
                    self._untold.add(job)
            finally:
                job.link = None
        return Failed(message="cancelled")

    async def _import(self, job: Job, ending: Fetched) -> None:
        assert job.market is not None
        job.change(phase="importing", fetched=ending.fetched, notice=None)
        self._untold.add(job)
        task = import_task(job.market, self._root / job.now.id, self._datasets.root, job)
        dataset, notices = await import_bars(task, self._datasets.add)
        start_ms = max(0, instant_ms(job.request.start_time))
        if ending.first_ms is not None and ending.first_ms >= start_ms + 2 * job.frame.ms:
            notices.insert(0, f"the exchange's bars begin at {format_instant(ending.first_ms)}")
        job.end(
            status="Completed",
            dataset_id=dataset.id,
            gap_count=dataset.gap_count,
            notice="; ".join(notices) or None,
            links=links(job.now.id, dataset.id),
        )

    async def _ended(self, job: Job) -> None:
        try:
            await self._changed(job)
        finally:  # even when the request that ended it is given up
            job.ended.set()  # its folder is left alone from here on

    async def _changed(self, job: Job) -> None:
        """Keeps a change of status, and tells of it at once."""
        await self._keep_if_possible(job)
        self._untold.discard(job)
        await self._announce(to_builtins(job.now))

    async def _keep(self, job: Job) -> None:
        async with job.keeping:  # or an earlier state could be written over a later one
            await unbroken(asyncio.to_thread(keep, self._root / job.now.id, job.kept))

    async def _keep_if_possible(self, job: Job) -> None:
        try:
            await self._keep(job)
        except OSError as error:  # it goes on; after a restart it would be as it was kept last
            _log.warning("a download cannot be kept", extra={"download": job.now.id, "reason": str(error)})

    async def _tell(self) -> None:
        """Tells of progress, for ever; of each download twice a second at most."""
        while True:
            await asyncio.sleep(_TELL_S)
            untold, self._untold = self._untold, set()
            for job in untold:
                await self._announce(to_builtins(job.now))


def _now() -> str:
    return format_instant(time.time_ns() // 1_000_000)
