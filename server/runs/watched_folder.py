"""Imports what is dropped into a folder, for as long as the server runs."""

import asyncio
import logging
import time
from collections import deque
from pathlib import Path
from typing import Final

import msgspec

from server.contract.base import format_instant
from server.contract.media import MAGIC_BYTES, media_type_of
from server.contract.problems import ForgeError
from server.contract.system import WatchedFile, WatchInfo
from server.data.drop_folder import BadDrop, Drop, DropFolder, told
from server.engine.tables import write_atomically
from server.execution.tasks import ImportTask
from server.runs.port import Datasets

_log: Final = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_TOLD: Final = 20


class WatchedFolder:
    """Files are read where they lie, and neither moved nor deleted. Over restarts those imported are remembered."""

    def __init__(self, folder: Path, datasets: Datasets, memory: Path) -> None:
        """`memory`: the file that remembers."""
        self._path = folder
        self._datasets = datasets
        self._memory = memory
        self._imported = 0
        self._kept: dict[str, str] = {}
        self._unwritten = False
        self._bad: deque[WatchedFile] = deque(maxlen=_TOLD)
        self._told: dict[str, str] = {}

    def info(self) -> WatchInfo:
        """What was imported since the start, and what could not be: the newest first."""
        return WatchInfo(folder=told(self._path), imported=self._imported, problems=[*reversed(self._bad)])

    async def run(self) -> None:
        """For ever."""
        self._kept = await asyncio.to_thread(_remembered, self._memory)
        folder = DropFolder(self._path, self._kept)
        while True:
            await self.look(folder)
            await asyncio.sleep(_LOOK_S)

    async def look(self, folder: DropFolder) -> None:
        """Looks once, and imports what is due."""
        try:
            due = await asyncio.to_thread(folder.look)
        except OSError as error:
            self._tell(told(self._path.name), "", f"the folder cannot be read: {error.strerror}")
            return
        for name in folder.gone:
            self._told.pop(told(name), None)
            if self._kept.pop(name, None) is not None:
                self._unwritten = True
        try:
            for drop in due:
                if await self._settled(drop):
                    folder.settle(drop)
                else:
                    folder.put_off(drop)
        finally:
            if self._unwritten:
                await self._remember()

    async def _settled(self, drop: Drop | BadDrop) -> bool:
        """Imports it; whether it was dealt with, for good or for bad."""
        name = drop.name
        if isinstance(drop, BadDrop):
            self._tell(name, drop.signature, drop.reason)
            return True
        try:
            task = await asyncio.to_thread(_task, drop, self._datasets.root)
            await self._datasets.add(task)
        except ForgeError as error:
            self._tell(name, drop.signature, error.detail)
            return not error.retryable
        except OSError as error:
            self._tell(name, drop.signature, f"cannot be read: {error.strerror}")
            return False
        except Exception as error:  # noqa: BLE001  # one file must not end the server, again at every start
            _log.exception("a file of the watched folder failed inside the server", extra={"file": name})
            self._tell(name, drop.signature, f"internal error: {type(error).__name__}; see the server's log")
            return True
        self._imported += 1
        self._bad = deque((one for one in self._bad if one.file != name), maxlen=_TOLD)
        self._told.pop(name, None)
        self._kept[name] = drop.signature
        self._unwritten = True
        return True

    def _tell(self, name: str, signature: str, reason: str) -> None:
        """Once for each content, since what passes by itself is tried again and again."""
        if self._told.get(name) == signature + reason:
            return
        self._told[name] = signature + reason
        _log.warning("a file of the watched folder is not imported", extra={"file": name, "reason": reason})
        others = (one for one in self._bad if one.file != name)
        now = format_instant(time.time_ns() // 1_000_000)
        self._bad = deque([*others, WatchedFile(file=name, message=reason, at=now)], maxlen=_TOLD)

    async def _remember(self) -> None:
        self._unwritten = False
        try:
            await asyncio.to_thread(_write, self._memory, dict(self._kept))
        except OSError as error:  # then it is imported again after a restart, and found to be there already
            _log.warning("what was imported cannot be remembered", extra={"reason": str(error)})


def _remembered(memory: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(memory.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):  # none yet, or broken: everything is looked at again
        return {}


def _write(memory: Path, kept: dict[str, str]) -> None:
    write_atomically(memory, msgspec.json.encode(kept))


def _task(drop: Drop, root: Path) -> ImportTask:
    with drop.path.open("rb") as file:
        media_type = media_type_of(file.read(MAGIC_BYTES))
    options = drop.options
    return ImportTask(
        path=str(drop.path),
        catalogue_root=str(root),
        media_type=media_type,
        asset_name=drop.asset_name,
        exchange=drop.exchange,
        time_frame=drop.time_frame,
        kind=drop.kind,
        tick_size=options.tick_size,
        lot_size=options.lot_size,
        quote=options.quote,
        multiplier=options.multiplier,
        source=options.source or drop.path.name,
        quarantine=options.quarantine,
    )
