"""Runs what takes seconds in a process that lasts no longer."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any, Final

NICENESS: Final = 5
"""Of processes that must never hold up the owner."""


async def run_apart(name: str, work: Callable[..., object], *arguments: Any) -> bool:
    """Runs `work` in a process of its own, at low priority; whether it returned. What it raises goes to stderr."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_run, args=(work, *arguments), name=name, daemon=True)
    await asyncio.to_thread(process.start)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
        process.kill()
        await asyncio.shield(asyncio.to_thread(process.join))
    return process.exitcode == 0


def _run(work: Callable[..., object], *arguments: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    work(*arguments)
