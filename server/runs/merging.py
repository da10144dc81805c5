"""Puts the trials of a large sweep that has ended together, in a process that lasts no longer."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Final

from server.runs.coordinator_process import NICENESS
from server.store.merged_trials import merge_trials

LEAST_TRIALS: Final = 50_000
"""Fewer are read and sorted within milliseconds as they are."""


async def merge_apart(folder: Path) -> None:
    """Merges the trials in the folder of an attempt; what goes wrong is logged there, and leaves them as they are."""
    process = multiprocessing.get_context("forkserver").Process(
        target=_merge, args=(folder,), name="merging", daemon=True
    )
    await asyncio.to_thread(process.start)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
        process.kill()
        await asyncio.shield(asyncio.to_thread(process.join))


def _merge(folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    merge_trials(folder)
