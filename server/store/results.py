"""The result files of attempts, read for the API away from the event loop."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from server.contract.identity import RUN_KEY_PATTERN
from server.contract.problems import ForgeError
from server.engine.event_log import EVENTS_FILE
from server.engine.months import month_ends
from server.engine.thinning import downsample
from server.store import chart, curve, events, kept_files, orders, round_trips
from server.store.chart import ChartSource, Window
from server.store.encoded_page import EncodedPage
from server.store.events import EventFilter
from server.store.export import trades_parquet
from server.store.orders import OrderFilter
from server.store.reading import Reader
from server.store.trial_results import TrialFiles

T = TypeVar("T")

RESULT_FILE: Final = "result.json"
_REMOVED: Final = ".removed-"
_ANY_ORDER: Final = OrderFilter()


class ResultFiles:
    """The folder `root/{runKey}/{attempt}` of every attempt. Workers write there; this reads and removes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._reader = Reader()
        self.trials: Final = TrialFiles(self._reader)

    def new_attempt_dir(self, run_key: str, attempt: int) -> Path:
        """The folder of an attempt that begins, empty: what a crash left of a deleted run is none of its own."""
        folder = self.attempt_dir(run_key, attempt)
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        return folder

    def attempt_dir(self, run_key: str, attempt: int, *, create: bool = False) -> Path:
        """The folder of an attempt; ValueError for what is no RunKey."""
        folder = self._run_dir(run_key) / str(attempt)
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def remove(self, run_key: str) -> None:
        """Deletes all files of a run; after a crash they are gone or all there, and what is left goes next time."""
        await self._reader.run(partial(_remove, self._root, self._run_dir(run_key)))

    async def run_keys(self) -> list[str]:
        """The runs that have a folder."""
        return await asyncio.to_thread(kept_files.run_keys, self._root)

    async def finish_removals(self) -> None:
        """Deletes what a crash left of files that were being removed."""
        await self._reader.run(partial(_remove_leftovers, self._root))

    async def event_logs(self, before_ms: int) -> list[tuple[str, int]]:
        """Run and attempt of the event logs that were finished before an instant, the oldest first."""
        return await asyncio.to_thread(kept_files.event_logs, self._root, before_ms)

    async def forget_event_log(self, run_key: str, attempt: int) -> None:
        """Removes the event log of an attempt; its result says from then on that it has none."""
        await self._reader.run(partial(kept_files.forget_event_log, self.attempt_dir(run_key, attempt)))

    async def size_bytes(self, run_keys: Sequence[str], logs: Sequence[tuple[str, int]]) -> int:
        """What the files of some runs take, and the event logs of some attempts."""
        paths = [self._run_dir(run_key) for run_key in run_keys]
        paths += [self.attempt_dir(run_key, attempt) / EVENTS_FILE for run_key, attempt in logs]
        return await asyncio.to_thread(kept_files.size_bytes, paths)

    async def result_json(self, folder: Path) -> bytes:
        """The whole result without trials; ForgeError `not_found` when the attempt left none."""
        try:
            return await self._reader.run((folder / RESULT_FILE).read_bytes)
        except FileNotFoundError as error:
            raise ForgeError("not_found", "This attempt left no result.") from error

    async def equity(self, folder: Path, *, points: int | None = None, rows: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity in pieces; empty when no bar is done yet.

        `points`: at most so many, the extremes among them. `rows`: how many bars of all series are done, while the run
        goes on.
        """
        whole = await self._reader.run(partial(curve.read_curve, folder, rows))
        shown = whole if points is None else await self._reader.run(partial(downsample, whole, points))
        yield b'{"points":['
        async for piece in self._reader.encoded(curve.encode_points, shown, curve.BLOCK_ROWS):
            yield piece
        yield b'],"total":%d}' % len(whole)

    async def month_ends(self, folder: Path) -> list[tuple[int, int, float]]:
        """Year, month and last equity of every month; empty when the attempt left no curve."""
        return await self._reader.run(lambda: month_ends(curve.read_curve(folder, None)))

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
        return await self._reader.run(
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
        return await self._reader.run(
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

    async def trades_csv(self, folder: Path, *, asset_names: Sequence[str], sort: str) -> AsyncIterator[bytes]:
        """All round trips as CSV with a header, in pieces; InvalidRequest: sort."""
        trades = await self._reader.run(partial(round_trips.all_trades, folder, sort))
        yield round_trips.csv_header()
        for start in range(0, len(trades), round_trips.BLOCK_ROWS):
            block = trades[start : start + round_trips.BLOCK_ROWS]
            yield await self._reader.run(partial(round_trips.csv_rows, block, asset_names))

    async def trades_parquet(self, folder: Path, *, asset_names: Sequence[str], sort: str) -> AsyncIterator[bytes]:
        """All round trips as a Parquet file, in pieces; errors as of `trades_csv` and `export.trades_parquet`."""
        await self._reader.run(partial(round_trips.all_trades, folder, sort))
        async for piece in trades_parquet(folder, sort, asset_names):
            yield piece

    async def orders_csv(
        self, folder: Path, *, asset_names: Sequence[str], wanted: OrderFilter, sort: str, ended: bool
    ) -> AsyncIterator[bytes]:
        """All orders that match as CSV with a header, in pieces; errors as of `orders_page`."""
        found, fills = await self._reader.run(partial(orders.all_orders, folder, wanted, sort, ended=ended))
        yield orders.csv_header()
        for start in range(0, len(found), orders.BLOCK_ROWS):
            block = found[start : start + orders.BLOCK_ROWS]
            yield await self._reader.run(partial(orders.csv_rows, block, fills, asset_names))

    async def bars(self, source: ChartSource, window: Window) -> AsyncIterator[bytes]:
        """The contract's Bars in pieces; see `chart.read_chart`."""
        shown = await self._reader.run(partial(chart.read_chart, source, window))
        yield b'{"columns":%b,"rows":[' % msgspec.json.encode(chart.COLUMNS)
        async for piece in self._reader.encoded(chart.encode_rows, shown.rows, chart.BLOCK_ROWS):
            yield piece
        yield b'],"interval":%d,"markers":[' % shown.interval_ms
        async for piece in self._reader.encoded(chart.encode_markers, shown.marks, chart.BLOCK_ROWS):
            yield piece
        yield b'],"indicators":{'
        for number, (name, values) in enumerate(shown.indicators.items()):
            yield b"," * bool(number) + msgspec.json.encode(name) + b":["
            async for piece in self._reader.encoded(chart.encode_values, values, chart.BLOCK_ROWS):
                yield piece
            yield b"]"
        yield b"}}"

    async def events(
        self, folder: Path, wanted: EventFilter, *, limit: int | None, missing: str
    ) -> AsyncIterator[bytes]:
        """The events that are wanted, the first `limit` of them, a line each; see `events.open_log`."""
        with await self._reader.run(partial(events.open_log, folder, missing)) as log:
            yield b""  # the log is there: the answer begins, however far away the first event is
            left = limit
            while left != 0 and (block := await self._reader.run(partial(events.read_lines, log))):
                lines, count = await self._reader.run(partial(events.select, block, wanted, left))
                if lines:
                    yield lines
                if left is not None:
                    left -= count

    def _run_dir(self, run_key: str) -> Path:
        if not RUN_KEY_PATTERN.fullmatch(run_key):
            raise ValueError(f"{run_key!r} is no RunKey")
        return self._root / run_key


def _remove(root: Path, folder: Path) -> None:
    """Renames first: a crash never leaves half a run under its name."""
    try:
        folder.rename(root / f"{_REMOVED}{uuid.uuid4().hex}")
    except FileNotFoundError:
        return
    _remove_leftovers(root)


def _remove_leftovers(root: Path) -> None:
    for leftover in root.glob(f"{_REMOVED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
