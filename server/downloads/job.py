"""One download as the owner holds it: what is told of it, and what is heard from its process."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import UNSET, structs

from server.contract.base import format_instant, instant_ms
from server.contract.downloads import Download, DownloadLinks, DownloadRequest
from server.contract.identity import content_hash
from server.contract.run import TERMINAL
from server.data.naming import dataset_id
from server.data.time_frames import parse_time_frame
from server.downloads.kept import Kept
from server.downloads.messages import Found, Order, Progress, Waiting
from server.runs.rates import RateMeter

if TYPE_CHECKING:
    from server.downloads.fetch_link import Link

PATH: Final = "/api/downloads"


class Job:
    """`now` is what everyone is told. `market` and `link` are known once its process is at work.

    `ended`: nothing writes to its folder; `leaving`: it is being removed.
    """

    def __init__(self, kept: Kept) -> None:
        self.request: Final = kept.request
        self.now = kept.download
        self.frame: Final = parse_time_frame(kept.request.time_frame)
        self.market: Found | None = None
        self.link: Link | None = None
        self.leaving = False
        self.keeping = asyncio.Lock()
        self.ended = asyncio.Event()
        self._left = asyncio.Event()
        if not self.active:
            self.ended.set()
        self._meter = RateMeter()

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.now.status not in TERMINAL

    async def settling(self) -> bool:
        """Waits while it can be neither joined nor begun; whether it had to, so that all may be different now."""
        if self.leaving:
            await self._left.wait()
            return True
        if not self.ended.is_set() and (self.now.cancel_requested or not self.active):
            await self.ended.wait()
            return True
        return False

    def left(self) -> None:
        """Its removal is over: it is gone, or it stays as it was."""
        self.leaving = False
        self._left.set()
        self._left.clear()  # those who waited are awake; it may be removed again

    @property
    def kept(self) -> Kept:
        """As it is kept."""
        return Kept(request=self.request, download=self.now)

    def order(self, folder: Path, base_url: str | None) -> Order:
        """What its process is asked."""
        request = self.request
        return Order(
            folder=str(folder),
            exchange=self.now.exchange,
            time_frame=self.frame.name,
            frame_ms=self.frame.ms,
            start_ms=max(0, instant_ms(request.start_time)),
            end_ms=None if request.end_time is UNSET else instant_ms(request.end_time),
            symbol=None if request.symbol is UNSET else request.symbol,
            asset_name=None if request.asset_name is UNSET else request.asset_name,
            base_url=base_url,
        )

    def is_whole(self) -> bool:
        """Whether it has all that there will ever be of what was asked."""
        request, completed = self.request, self.now.completed_at
        if self.now.status != "Completed" or request.end_time is UNSET or completed is None:
            return False
        return completed > format_instant(instant_ms(request.end_time) + self.frame.ms)

    def change(self, **changes: Any) -> None:
        """Whatever is told of it from now on."""
        self.now = structs.replace(self.now, **changes)

    def queue(self) -> None:
        """It waits (again)."""
        self.ended.clear()
        self._meter = RateMeter()
        self.change(
            status="Pending",
            phase="queued",
            cancel_requested=False,
            retries=0,
            **dict.fromkeys(("notice", "error_message", "code", "rate_per_second", "eta_seconds", "completed_at")),
        )

    def end(self, **changes: Any) -> None:
        """It waits for nothing any more: `changes` say how it ended."""
        moment = format_instant(time.time_ns() // 1_000_000)
        told = {"completed_at": moment} | dict.fromkeys(("phase", "notice", "rate_per_second", "eta_seconds"))
        self.change(**(told | changes))

    def found(self, market: Found) -> None:
        """Its process has found the market."""
        self.market = market
        name = self.request.exchange_name
        self.change(
            phase="fetching",
            symbol=market.symbol,
            asset_name=market.asset_name,
            exchange_name=market.exchange_name if name is UNSET else name,
            fetched=market.fetched,
        )

    def progressed(self, told: Progress) -> None:
        """Its process has fetched a page, or waits."""
        self._meter.add(time.monotonic(), told.fetched)
        start_ms = told.first_ms if told.first_ms is not None else max(0, instant_ms(self.request.start_time))
        before_ms = told.last_ms if told.last_ms is not None else start_ms - self.frame.ms
        self.change(
            phase="fetching",
            notice=None,
            fetched=told.fetched,
            expected=max(told.fetched, (told.until_ms - start_ms) // self.frame.ms + 1),
            rate_per_second=self._meter.per_second,
            eta_seconds=self._meter.eta_s(max(0, told.until_ms - before_ms) // self.frame.ms),
            bar_time=None if told.last_ms is None else format_instant(told.last_ms),
        )

    def waits(self, told: Waiting) -> None:
        """Its process puts the next request off."""
        self.change(phase="waiting", notice=told.reason, retries=told.retries)


def new_job(request: DownloadRequest, exchange: str) -> Job:
    """A download that nobody has asked for yet; it waits for nothing."""
    frame = parse_time_frame(request.time_frame)
    identity = download_id(request, exchange)
    download = Download(
        id=identity,
        exchange=exchange,
        exchange_name=None if request.exchange_name is UNSET else request.exchange_name,
        symbol=None if request.symbol is UNSET else request.symbol,
        asset_name=None if request.asset_name is UNSET else request.asset_name,
        time_frame=frame.name,
        start_time=format_instant(instant_ms(request.start_time)),
        end_time=None if request.end_time is UNSET else format_instant(instant_ms(request.end_time)),
        status="Cancelled",
        phase=None,
        fetched=0,
        expected=None,
        rate_per_second=None,
        eta_seconds=None,
        bar_time=None,
        retries=0,
        notice=None,
        error_message=None,
        code=None,
        dataset_id=None,
        gap_count=None,
        cancel_requested=False,
        submitted_at=format_instant(time.time_ns() // 1_000_000),
        started_at=None,
        completed_at=None,
        links=links(identity, None),
    )
    return Job(Kept(request=request, download=download))


def download_id(request: DownloadRequest, exchange: str) -> str:
    """The same for the same series and period, however it is spelled: `coinbaseexchange-btc-usd-1h-5f0c1a2b3d`."""
    frame = parse_time_frame(request.time_frame).name
    texts = [None if text is UNSET else text for text in (request.symbol, request.asset_name, request.exchange_name)]
    end_ms = None if request.end_time is UNSET else instant_ms(request.end_time)
    proof = content_hash([*texts, instant_ms(request.start_time), end_ms])
    return dataset_id(exchange, texts[0] or texts[1] or "", frame, proof)


def links(identity: str, dataset: str | None) -> DownloadLinks:
    """Where to go on."""
    path = f"{PATH}/{identity}"
    there = None if dataset is None else f"/api/datasets/{dataset}"
    return DownloadLinks(self=path, cancel=f"{path}/cancel", resume=f"{path}/resume", dataset=there)
