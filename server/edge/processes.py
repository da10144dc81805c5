"""The edges that `forge serve --edges N` starts beside the owner, and starts again when they end."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from server.background import in_background

_log: Final = logging.getLogger(__name__)
_STOP_S: Final = 6.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 10.0
_STEADY_S: Final = 30.0


@asynccontextmanager
async def edges_beside(count: int, owner_url: str, host: str, port: int) -> AsyncIterator[None]:
    """Keeps `count` edges running on the port; they end with the block, and with this process however it ends."""
    slots = [_EdgeSlot(number, owner_url, host, port) for number in range(1, count + 1)]
    async with in_background(*(slot.keep_running() for slot in slots)):
        yield


class _EdgeSlot:
    """One edge and its successors."""

    def __init__(self, number: int, owner_url: str, host: str, port: int) -> None:
        self._number = number
        self._command = [
            *(sys.executable, "-m", "server", "edge", "--owner", owner_url),
            *("--host", host, "--port", str(port), "--shared-port", "--with-parent"),
        ]

    async def keep_running(self) -> None:
        """For ever; the pause before a new start grows while edges end early."""
        loop = asyncio.get_running_loop()
        pause_s = _FIRST_PAUSE_S
        while True:
            began = loop.time()
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=DEVNULL,
                env=dict(os.environ),
                start_new_session=True,  # a Ctrl-C in the terminal is for the owner, which ends its edges itself
            )
            try:
                code = await process.wait()
            finally:
                await asyncio.shield(_ended(process))
            pause_s = _FIRST_PAUSE_S if loop.time() - began > _STEADY_S else min(2 * pause_s, _LONGEST_PAUSE_S)
            _log.warning("an edge ended; starting another", extra={"edge": self._number, "code": code})
            await asyncio.sleep(pause_s)


async def _ended(process: Process) -> None:
    """Ends an edge that still runs: politely, then by force."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
