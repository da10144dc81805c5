"""The trials of attempts, read for the API away from the event loop; also those of a sweep that goes on."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from server.contract.problems import ForgeError
from server.engine.thinning import downsample
from server.optimization.space import Space
from server.store import curve, spread, surface, trial_pages
from server.store.encoded_page import EncodedPage
from server.store.export import trials_parquet
from server.store.reading import Reader
from server.store.spread import SampleQuery
from server.store.surface import SurfaceQuery
from server.store.trial_chunks import TrialChunks
from server.store.trial_files import Rows
from server.store.trial_query import Bounds, TrialQuery
from server.store.trial_rows import leading_first
from server.store.trial_set import TrialSet


class TrialFiles:
    """Reads the chunk files in the folder of an attempt; InvalidRequest for a query that does not fit the trials."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._chunks = TrialChunks()

    async def page(self, folder: Path, query: TrialQuery, *, limit: int, cursor: str | None = None) -> EncodedPage:
        """One page of trials."""

        def read() -> EncodedPage:
            return trial_pages.trials_page(
                self._chunks.read(folder), query, name=(folder.parent.name, folder.name), cursor=cursor, limit=limit
            )

        return await self._reader.run(read)

    async def one(self, folder: Path, trial_key: str) -> bytes:
        """The contract's Trial of that key; ForgeError `not_found` where none has ended."""

        def read() -> bytes:
            trials = self._chunks.read(folder)
            rows = np.flatnonzero(trials.column("trialKey") == trial_key.encode()) if len(trials) else ()
            if not len(rows):
                raise ForgeError("not_found", "No trial of this key has ended.")
            return trial_pages.encode_trials(trials, np.asarray(rows[:1]))

        return await self._reader.run(read)

    async def listed(
        self, folder: Path, query: TrialQuery, *, limit: int | None, leading: Bounds = ()
    ) -> AsyncIterator[bytes]:
        """The first `limit` trials (all without it) as a JSON array, in pieces; those `leading` that keep bounds."""
        trials, rows = await self._ordered(folder, query, limit, leading)
        yield b"["
        async for piece in self._reader.encoded(
            partial(trial_pages.encode_trials, trials), rows, trial_pages.BLOCK_ROWS
        ):
            yield piece
        yield b"]"

    async def csv(self, folder: Path, query: TrialQuery) -> AsyncIterator[bytes]:
        """All trials as CSV with a header, in pieces."""
        trials, rows = await self._ordered(folder, query)
        yield trial_pages.csv_header(trials)
        for start in range(0, len(rows), trial_pages.BLOCK_ROWS):
            block = rows[start : start + trial_pages.BLOCK_ROWS]
            yield await self._reader.run(partial(trial_pages.csv_rows, trials, block))

    async def parquet(self, folder: Path, query: TrialQuery) -> AsyncIterator[bytes]:
        """All trials as a Parquet file, in pieces; errors as of `trials_parquet`."""
        await self._ordered(folder, query, 0)
        async for piece in trials_parquet(folder, query):
            yield piece

    async def equity(self, folder: Path, trial_key: str, *, points: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity of one trial in pieces, of its kept points at most `points`; ForgeError `not_found`."""
        kept = await self._reader.run(partial(curve.read_trial_curve, folder, trial_key))
        shown = kept.points if points is None else downsample(kept.points, points)
        yield b'{"points":[' + await self._reader.run(partial(curve.encode_points, shown))
        yield b'],"total":%d}' % kept.total

    async def surface(self, folder: Path, query: SurfaceQuery, space: Space, **more: Any) -> AsyncIterator[bytes]:
        """The contract's Surface in pieces, with `more` fields by the names under which they are sent."""

        def read() -> tuple[int, surface.Grid]:
            surface.check_surface(query, space)
            trials = self._chunks.read(folder)
            return len(trials), surface.fold_surface(trials, query, space)

        finished, grid = await self._reader.run(read)
        yield await self._reader.run(partial(surface.encode_head, query, grid, trials=finished, **more))
        for name, rows in ((b"values", grid.values), (b"counts", grid.counts)):
            yield b',"%b":[' % name
            async for piece in self._reader.encoded(surface.encode_rows, rows, surface.block_rows(grid)):
                yield piece
            yield b"]"
        yield b"}"

    async def sample(self, folder: Path, query: SampleQuery, **more: Any) -> bytes:
        """The contract's Sample, with `more` fields by the names under which they are sent."""

        def read() -> bytes:
            return msgspec.json.encode(spread.take_sample(self._chunks.read(folder), query) | more)

        return await self._reader.run(read)

    async def distribution(self, folder: Path, metric: str, bins: int, **more: Any) -> bytes:
        """The contract's Distribution of a metric in at most `bins` steps, with `more` fields."""

        def read() -> bytes:
            trials = self._chunks.read(folder)
            told = spread.count_spread(trials.column(metric), bins)
            return msgspec.json.encode({"metric": metric, "trials": len(trials), **told, **more})

        return await self._reader.run(read)

    async def _ordered(
        self, folder: Path, query: TrialQuery, limit: int | None = None, leading: Bounds = ()
    ) -> tuple[TrialSet, Rows]:
        def read() -> tuple[TrialSet, Rows]:
            trials = self._chunks.read(folder)
            return trials, leading_first(trials, query, leading, limit=limit)

        return await self._reader.run(read)
