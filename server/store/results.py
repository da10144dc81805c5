"""The result files of attempts, read for the API away from the event loop."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy.typing as npt

from server.contract.identity import RUN_KEY_PATTERN
from server.contract.problems import ForgeError
from server.contract.results import TrialStatus
from server.store import chart, curve, events, orders, round_trips, trial_pages
from server.store.chart import ChartSource, Window
from server.store.encoded_page import EncodedPage
from server.store.events import EventFilter
from server.store.keyset import Rows
from server.store.orders import OrderFilter
from server.store.trial_chunks import TrialChunks
from server.store.trial_set import TrialSet

T = TypeVar("T")

RESULT_FILE: Final = "result.json"
MAX_READING: Final = 2
"""Reads at once: each holds the interpreter for milliseconds now and then, and the event loop waits for all of them."""
_REMOVED: Final = ".removed-"
_ANY_ORDER: Final = OrderFilter()


class ResultFiles:
    """The folder `root/{runKey}/{attempt}` of every attempt. Workers write there; this reads and removes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._chunks = TrialChunks()
        self._reading = asyncio.Semaphore(MAX_READING)

    def attempt_dir(self, run_key: str, attempt: int, *, create: bool = False) -> Path:
        """The folder of an attempt; ValueError for what is no RunKey."""
        folder = self._run_dir(run_key) / str(attempt)
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def remove(self, run_key: str) -> None:
        """Deletes all files of a run; after a crash they are gone or all there, and what is left goes next time."""
        await self._in_thread(partial(_remove, self._root, self._run_dir(run_key)))

    async def result_json(self, folder: Path) -> bytes:
        """The whole result without trials; ForgeError `not_found` when the attempt left none."""
        try:
            return await self._in_thread((folder / RESULT_FILE).read_bytes)
        except FileNotFoundError as error:
            raise ForgeError("not_found", "This attempt left no result.") from error

    async def optimization_json(self, folder: Path, *, sort: str, limit: int | None) -> AsyncIterator[bytes]:
        """The whole result of an optimization with its first `limit` trials (all without it), in pieces."""
        result = await self.result_json(folder)
        yield result.rstrip()[:-1] + b',"trials":'
        async for piece in self.trials(folder, sort=sort, limit=limit):
            yield piece
        yield b"}"

    async def equity(self, folder: Path, *, points: int | None = None, rows: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity in pieces; empty when no bar is done yet.

        `points`: at most so many, the extremes among them. `rows`: how many bars of all series are done, while the run
        goes on.
        """
        whole = await self._in_thread(partial(curve.read_curve, folder, rows))
        shown = whole if points is None else await self._in_thread(partial(curve.downsample, whole, points))
        yield b'{"points":['
        for start, stop in curve.blocks(len(shown)):
            piece = await self._in_thread(partial(curve.encode_points, shown[start:stop]))
            yield b"," + piece if start else piece
        yield b'],"total":%d}' % len(whole)

    async def trades_page(
        self,
        folder: Path,
        *,
        asset_names: Sequence[str],
        limit: int,
        cursor: str | None = None,
        sort: str = "entryTime",
    ) -> EncodedPage:
        """Round trips; `asset_names`: the run's assets, the main one first. InvalidRequest: sort, cursor."""
        return await self._in_thread(
            partial(round_trips.trades_page, folder, sort=sort, cursor=cursor, limit=limit, asset_names=asset_names)
        )

    async def orders_page(
        self,
        folder: Path,
        *,
        asset_names: Sequence[str],
        limit: int,
        wanted: OrderFilter = _ANY_ORDER,
        cursor: str | None = None,
        sort: str = "submittedAt",
        ended: bool = True,
    ) -> EncodedPage:
        """Orders with their fills; see `orders.orders_page`."""
        return await self._in_thread(
            partial(
                orders.orders_page,
                folder,
                wanted=wanted,
                sort=sort,
                cursor=cursor,
                limit=limit,
                asset_names=asset_names,
                ended=ended,
            )
        )

    async def bars(self, source: ChartSource, window: Window) -> AsyncIterator[bytes]:
        """The contract's Bars in pieces; see `chart.read_chart`."""
        shown = await self._in_thread(partial(chart.read_chart, source, window))
        yield b'{"columns":%b,"rows":[' % msgspec.json.encode(chart.COLUMNS)
        async for piece in self._encoded(chart.encode_rows, shown.rows):
            yield piece
        yield b'],"interval":%d,"markers":[' % shown.interval_ms
        async for piece in self._encoded(chart.encode_markers, shown.fills):
            yield piece
        yield b'],"indicators":{}}'

    async def _encoded(
        self, encode: Callable[[npt.NDArray[Any]], bytes], rows: npt.NDArray[Any]
    ) -> AsyncIterator[bytes]:
        for start in range(0, len(rows), chart.BLOCK_ROWS):
            piece = await self._in_thread(partial(encode, rows[start : start + chart.BLOCK_ROWS]))
            yield b"," + piece if start else piece

    async def events(
        self, folder: Path, wanted: EventFilter, *, limit: int | None, missing: str
    ) -> AsyncIterator[bytes]:
        """The events that are wanted, the first `limit` of them, a line each; see `events.open_log`."""
        with await self._in_thread(partial(events.open_log, folder, missing)) as log:
            yield b""  # the log is there: the answer begins, however far away the first event is
            left = limit
            while left != 0 and (block := await self._in_thread(partial(events.read_lines, log))):
                lines, count = await self._in_thread(partial(events.select, block, wanted, left))
                if lines:
                    yield lines
                if left is not None:
                    left -= count

    async def trials_page(
        self,
        folder: Path,
        *,
        limit: int,
        sort: str = "index",
        status: TrialStatus | None = None,
        cursor: str | None = None,
    ) -> EncodedPage:
        """Trials, also of a sweep that goes on. `sort`: a metric, a parameter, fitness, index or durationMs, falling
        with a leading `-`, undefined values last. InvalidRequest: sort, status, cursor."""

        def read() -> EncodedPage:
            return trial_pages.trials_page(
                self._chunks.read(folder),
                (folder.parent.name, folder.name),
                sort=sort,
                status=status,
                cursor=cursor,
                limit=limit,
            )

        return await self._in_thread(read)

    async def trials(
        self, folder: Path, *, sort: str, limit: int | None, status: TrialStatus | None = None
    ) -> AsyncIterator[bytes]:
        """The first `limit` trials (all without it) as a JSON array, in pieces; InvalidRequest for the sort."""
        trials, rows = await self._ordered(folder, sort, status, limit)
        yield b"["
        for start in range(0, len(rows), trial_pages.BLOCK_ROWS):
            block = rows[start : start + trial_pages.BLOCK_ROWS]
            piece = await self._in_thread(partial(trial_pages.encode_trials, trials, block))
            yield b"," + piece if start else piece
        yield b"]"

    async def trials_csv(
        self, folder: Path, *, sort: str = "index", status: TrialStatus | None = None
    ) -> AsyncIterator[bytes]:
        """All trials as CSV with a header, in pieces; InvalidRequest for the sort."""
        trials, rows = await self._ordered(folder, sort, status, None)
        yield trial_pages.csv_header(trials)
        for start in range(0, len(rows), trial_pages.BLOCK_ROWS):
            block = rows[start : start + trial_pages.BLOCK_ROWS]
            yield await self._in_thread(partial(trial_pages.csv_rows, trials, block))

    async def _ordered(
        self, folder: Path, sort: str, status: TrialStatus | None, limit: int | None
    ) -> tuple[TrialSet, Rows]:
        def read() -> tuple[TrialSet, Rows]:
            trials = self._chunks.read(folder)
            return trials, trial_pages.ordered(trials, sort, status, limit)

        return await self._in_thread(read)

    def _run_dir(self, run_key: str) -> Path:
        if not RUN_KEY_PATTERN.fullmatch(run_key):
            raise ValueError(f"{run_key!r} is no RunKey")
        return self._root / run_key

    async def _in_thread(self, read: Callable[[], T]) -> T:
        async with self._reading:
            return await asyncio.to_thread(read)


def _remove(root: Path, folder: Path) -> None:
    """Renames first: a crash never leaves half a run under its name."""
    try:
        folder.rename(root / f"{_REMOVED}{uuid.uuid4().hex}")
    except FileNotFoundError:
        return
    for leftover in root.glob(f"{_REMOVED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
