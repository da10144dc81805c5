"""Data sets and strategy sources on a machine of the cluster, fetched once and kept under the hash of their content."""

import asyncio
import logging
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from server.contract.catalogue import DatasetInfo
from server.data.bars import BARS_FILE
from server.data.flows import FLOWS_FILE
from server.data.stored import DATASET_FILE, holds_what_it_says
from server.execution.cluster.desk import Desk, Missing
from server.execution.cluster.folders import locked
from server.strategies.freezing import discard, keep, source_hash, stage
from server.strategies.source import StrategySource

_log: Final = logging.getLogger(__name__)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class CorruptError(Exception):
    """What was fetched is not what its hash names."""


class Cache:
    """Shared by all hosts of a machine that have the same `folder`: what one of them has fetched the others find.

    Beyond `limit_bytes` the data sets that were not used for the longest time go; those in use stay.
    """

    def __init__(self, folder: Path, limit_bytes: int, scratch: Path) -> None:
        """`scratch`: a folder of this process on the same disk, for what is not whole yet."""
        self._datasets = folder / "datasets"
        self._sources = folder / "sources"
        self._limit_bytes = limit_bytes
        self._scratch = scratch
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        for made in (self._datasets, self._sources):
            made.mkdir(parents=True, exist_ok=True)

    @asynccontextmanager
    async def datasets(self, wanted: Iterable[DatasetInfo], desk: Desk) -> AsyncIterator[dict[str, Path]]:
        """The folders of data sets by id, which stay for the block; Missing, CorruptError, and what `Desk` raises."""
        with ExitStack() as held:
            yield {info.id: await self._dataset(info, desk, held) for info in wanted}

    async def source(self, source: StrategySource, desk: Desk) -> Path:
        """The folder of a strategy's frozen copy; errors as above."""
        digest = _plain(source.source_hash)
        folder = self._sources / digest
        async with self._locks[digest]:
            if not folder.exists():
                files = {name: await _whole(desk, name) for name in await desk.source_names()}
                if source_hash(f"{source.module}.py", files) != digest:
                    raise CorruptError(f"the source of {source.name} is not that of {digest}")
                staged = await asyncio.to_thread(stage, self._sources, digest, files)
                keep(self._sources, digest, staged)
                discard(staged)
        return folder

    async def _dataset(self, info: DatasetInfo, desk: Desk, held: ExitStack) -> Path:
        folder = self._datasets / _plain(info.content_hash) / _plain(info.id)
        async with self._locks[info.id]:
            while not _hold(folder, held):
                await self._fetch(info, folder, desk)
        await asyncio.to_thread(self._make_room)
        return folder

    async def _fetch(self, info: DatasetInfo, folder: Path, desk: Desk) -> None:
        folder.parent.mkdir(exist_ok=True)  # and it stays: another host may be about to put something there
        scratch = Path(tempfile.mkdtemp(prefix="fetched-", dir=self._scratch))
        try:
            staged = scratch / folder.name
            staged.mkdir()
            for name in (DATASET_FILE, BARS_FILE if info.kind == "bars" else FLOWS_FILE):
                with (staged / name).open("wb") as file:
                    async for piece in desk.file(info.id, name):
                        await asyncio.to_thread(file.write, piece)
            if not await asyncio.to_thread(holds_what_it_says, staged):
                raise CorruptError(f"the rows of {info.id} are not those of {info.content_hash}")
            await asyncio.to_thread(_publish, staged, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _make_room(self) -> None:
        found = [seen for folder in self._datasets.glob("*/*") if (seen := _seen(folder)) is not None]
        total = sum(seen.size for seen in found)
        for seen in sorted(found, key=lambda seen: seen.used_s):
            if total <= self._limit_bytes:
                return
            with suppress(OSError), locked(seen.folder / DATASET_FILE, wait=False):  # held shared by those who use it
                gone = Path(tempfile.mkdtemp(prefix="gone-", dir=self._scratch))
                seen.folder.rename(gone / seen.folder.name)  # at once: half a folder would pass for a whole one
                shutil.rmtree(gone, ignore_errors=True)
                total -= seen.size
                _log.info("a data set made room for others", extra={"dataset": seen.folder.name})


class _Seen(NamedTuple):
    """A data set in the cache: its bytes, and when it was last used."""

    folder: Path
    size: int
    used_s: float


def _seen(folder: Path) -> _Seen | None:
    """None for one that another host has just removed."""
    try:
        size = sum(file.stat().st_size for file in folder.iterdir())
        return _Seen(folder, size, folder.stat().st_mtime)
    except OSError:
        return None


def _hold(folder: Path, held: ExitStack) -> bool:
    """Keeps a data set from being removed until the stack is closed; False when it is not there."""
    try:
        held.enter_context(locked(folder / DATASET_FILE, shared=True, make=False))
        os.utime(folder)
    except FileNotFoundError:
        return False
    return folder.exists()  # it may have been moved away before it was locked


def _publish(staged: Path, folder: Path) -> None:
    try:
        staged.rename(folder)
    except OSError:
        if not folder.exists():  # another host of this machine was not first: the disk is the trouble
            raise


async def _whole(desk: Desk, name: str) -> bytes:
    return b"".join([piece async for piece in desk.file(None, name)])


def _plain(name: str) -> str:
    """A name that is no path; Missing for one that is."""
    if not _NAME.fullmatch(name):
        raise Missing(name)
    return name
