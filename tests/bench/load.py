"""The load generator (load.c): built once, run as processes on cores that are not measured."""

import asyncio
import json
import os
import resource
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.bench.cores import Cores

_SOURCE: Final = Path(__file__).with_name("load.c")
_OPEN_LIMIT_S: Final = 120.0


class NoCompiler(Exception):
    """There is no C compiler here."""


class Load:
    """The built program."""

    def __init__(self, program: Path, cores: Cores) -> None:
        self._program = program
        self.cores = cores

    @asynccontextmanager
    async def sockets(self, port: int, path: str, count: int, stamp: str = "t") -> AsyncIterator["Sockets"]:
        """So many WebSockets, each of which has had a first frame; closed with the block.

        The field `stamp` of a frame says when it was sent, in monotonic nanoseconds.
        """
        async with self._running(self.cores.others, "sockets", str(port), path, str(count), stamp) as process:
            opened = await asyncio.wait_for(_answer(process), _OPEN_LIMIT_S)
            yield Sockets(process, opened["opened_s"], opened["told_s"])

    async def requests(
        self, port: int, path: str, *, connections: int, seconds: float, pause_ms: float = 0
    ) -> dict[str, Any]:
        """Figures of requests for a path over so many kept connections."""
        numbers = (str(connections), str(seconds), str(pause_ms))
        async with self._running(self.cores.others, "requests", str(port), path, *numbers) as process:
            return await _answer(process)

    @asynccontextmanager
    async def floor(self, count: int, frame_bytes: int, hz: float) -> AsyncIterator[tuple[int, int]]:
        """A server that only calls send(), on the measured core: its process id and port."""
        async with self._running(
            frozenset([self.cores.measured]), "floor", str(count), str(frame_bytes), str(hz)
        ) as process:
            yield process.pid, (await _answer(process))["port"]

    @asynccontextmanager
    async def _running(self, cores: frozenset[int], *arguments: str) -> AsyncIterator[Process]:
        process = await asyncio.create_subprocess_exec(
            self._program,
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            preexec_fn=partial(os.sched_setaffinity, 0, cores),
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


class Sockets:
    """Open WebSockets. Seconds until all were accepted (`opened_s`), and until all had been told something."""

    def __init__(self, process: Process, opened_s: float, told_s: float) -> None:
        self._process = process
        self.opened_s = opened_s
        self.told_s = told_s

    async def reset(self) -> None:
        """Counts anew."""
        await self._command("reset")

    async def report(self) -> dict[str, Any]:
        """What came since the last reset."""
        return await self._command("report")

    async def _command(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        return await _answer(self._process)


async def _answer(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"the load generator ended with {await process.wait()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


async def built(folder: Path, cores: Cores) -> Load:
    """Compiles it; NoCompiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("the figures of live delivery need a C compiler (apt-get install gcc): they are left out")
    program = folder / "load"
    process = await asyncio.create_subprocess_exec(compiler, "-O2", "-o", program, _SOURCE)
    if await process.wait():
        raise RuntimeError(f"{compiler} could not compile {_SOURCE.name}")
    return Load(program, cores)


def raise_file_limit() -> int:
    """Lets this process and what it starts open as many files as the system allows; how many that is."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
