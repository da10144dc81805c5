"""The strategies that are loaded now, followed as their files change."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from msgspec import to_builtins

from server.contract.catalogue import StrategyInfo
from server.execution.port import Executor
from server.execution.tasks import InspectDone, InspectTask, TaskFailed
from server.runs.prepare import unknown_strategy
from server.strategies.source import FoundStrategy

_log = logging.getLogger(__name__)
_INSPECT_TIMEOUT_S: Final = 30.0
Signature = tuple[tuple[str, int, int], ...]
Announce = Callable[[Any], Awaitable[None]]


class StrategyRegistry:
    """Implements `runs.port.Strategies`: user code is imported in workers alone, here only its description is kept."""

    def __init__(self, executor: Executor, *, folder: Path, frozen_root: Path, announce: Announce) -> None:
        self._executor = executor
        self._folder = folder
        self._frozen_root = frozen_root
        self._announce = announce
        self._found: dict[str, FoundStrategy] = {}
        self._broken: list[FoundStrategy] = []
        self._seen: Signature | None = None
        self._inspecting = asyncio.Lock()

    async def refresh(self) -> None:
        """Inspects the folders when a file in them is new, gone or changed since the last time."""
        if _signature(self._folder) == self._seen:
            return
        async with self._inspecting:
            signature = _signature(self._folder)
            if signature == self._seen:
                return
            task = InspectTask(folders=[str(self._folder)], frozen_root=str(self._frozen_root))
            outcome = await self._executor.start(task, timeout_s=_INSPECT_TIMEOUT_S).outcome()
            await self._take(outcome, signature)

    async def _take(self, outcome: object, signature: Signature) -> None:
        match outcome:
            case InspectDone(strategies=strategies):
                before = self._by_name()
                self._found = {found.info.name: found for found in strategies if found.source is not None}
                self._broken = [found for found in strategies if found.source is None]
                self._seen = signature
                await self._tell_changes(before)
            case TaskFailed(message=message):
                # A file that loops or kills the worker at import: keep what was loaded, look again when it changes.
                _log.error("strategies could not be inspected", extra={"reason": message})
                self._seen = signature
            case _:
                raise AssertionError(f"an inspection answered {outcome!r}")

    async def watch(self, interval_s: float) -> None:
        """Looks at the folder again and again, for ever."""
        while True:
            await asyncio.sleep(interval_s)
            try:
                await self.refresh()
            except OSError as error:
                _log.warning("the strategies folder cannot be read", extra={"reason": str(error)})

    async def all(self) -> list[StrategyInfo]:
        """Those that load, by name, then those that do not; looks at the folder first."""
        await self.refresh()
        loaded = sorted(self._found.values(), key=lambda found: found.info.name)
        return [found.info for found in (*loaded, *self._broken)]

    async def get(self, name: str) -> StrategyInfo | None:
        """One of them."""
        await self.refresh()
        found = self._by_name().get(name)
        return found.info if found else None

    async def found(self, name: str) -> FoundStrategy:
        """One with its frozen source, a broken one too; InvalidRequest `unknown_strategy`."""
        await self.refresh()
        found = self._by_name().get(name)
        if found is None:
            raise unknown_strategy(name, sorted(self._found))
        return found

    def _by_name(self) -> dict[str, FoundStrategy]:
        return {found.info.name: found for found in self._broken} | self._found

    async def _tell_changes(self, before: dict[str, FoundStrategy]) -> None:
        after = self._by_name()
        for name, found in after.items():
            if name not in before or before[name].info != found.info:
                if found.info.error is not None:
                    error = found.info.error
                    _log.warning("%s, line %d: %s", error.file, error.line, error.message)
                await self._announce(to_builtins(found.info))
        for name in before.keys() - after.keys():
            await self._announce({"name": name, "removed": True})


def _signature(folder: Path) -> Signature:
    """Name, size and time of change of every Python file: a stat each, no reading."""
    entries: list[tuple[str, int, int]] = []
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            scan = os.scandir(current)
        except FileNotFoundError:
            continue
        with scan:
            for entry in scan:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith((".", "__")):
                        pending.append(Path(entry.path))
                elif entry.name.endswith(".py"):
                    stat = entry.stat()
                    entries.append((entry.path, stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(entries))
