"""The host's side of the depot: one execution of one order."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from server.execution.cluster.orders import CHUNK_BYTES

_TIMEOUT_S: Final = 30.0
_WATCH_TIMEOUT_S: Final = 7.0
"""The owner answers within 5 s, if only that there is nothing to say."""


class Gone(Exception):
    """Nobody waits for this execution any more."""


class OwnerAway(Exception):
    """The owner does not answer."""


class Missing(Exception):
    """The owner has no such file."""


class OwnerFault(Exception):
    """The owner could not store what was sent; `told` as a task's failure."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told["message"])
        self.told: Final = told


class Desk:
    """Asks the depot about one execution. All methods raise Gone when it is not wanted, OwnerAway without an answer."""

    def __init__(self, rpc: Any, number: str, execution: str) -> None:
        """`rpc` as distributed's pool of connections makes it for the depot's address."""
        self._rpc = rpc
        self.number: Final = number
        self.execution: Final = execution

    async def begin(self, host: str) -> None:
        """Takes the order; `host` is the address of the worker that does."""
        await self._ask("begin", host=host)

    async def stop_asked(self) -> bool:
        """Whether the task is to stop: True at once when it is, False after a while."""
        return bool((await self._ask("watch", _WATCH_TIMEOUT_S))["stop"])

    async def source_names(self) -> list[str]:
        """The files of the strategy's source."""
        return list((await self._ask("names"))["names"])

    async def file(self, dataset: str | None, name: str) -> AsyncIterator[bytes]:
        """A file of a data set, None: of the strategy's source, piece by piece; Missing."""
        offset = 0
        while True:
            answer = await self._ask("fetch", dataset=dataset, file=name, offset=offset)
            data = bytes(answer["data"])
            yield data
            offset += len(data)
            if offset >= answer["size"]:
                return
            if not data:
                raise Missing(name)  # it became shorter meanwhile

    async def grow(self, name: str, offset: int, data: bytes, size: int | None = None) -> None:
        """Sends bytes of a file that grows while the task runs; OwnerFault."""
        await self._ask("grow", name=name, offset=offset, data=data, size=size)

    async def leave(self, path: Path) -> None:
        """Sends a finished file; OwnerFault."""
        with await asyncio.to_thread(path.open, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            offset = 0
            while True:
                data = await asyncio.to_thread(file.read, CHUNK_BYTES)
                last = offset + len(data) >= size
                await self._ask("leave", name=path.name, offset=offset, data=data, last=last)
                offset += len(data)
                if last:
                    return

    async def _ask(self, operation: str, timeout_s: float = _TIMEOUT_S, **arguments: Any) -> dict[str, Any]:
        ask = getattr(self._rpc, operation)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await ask(number=self.number, execution=self.execution, **arguments)
        except OSError as error:  # TimeoutError is one
            raise OwnerAway(str(error) or type(error).__name__) from error
        if answer.get("gone"):
            raise Gone
        if "missing" in answer:
            raise Missing(answer["missing"])
        if "fault" in answer:
            raise OwnerFault(answer["fault"])
        return dict(answer)
