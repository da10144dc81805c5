"""The executor of this machine when its own process ends."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.execution.codec import encode
from tests.waiting import looks

if TYPE_CHECKING:
    from tests.conftest import Workshop

SERVER = """
import asyncio, sys
from pathlib import Path
from server.execution.codec import decode_task
from server.execution.local import LocalExecutor

async def main():
    async with LocalExecutor(workers=2, home=Path(sys.argv[1]), grace_s=0.3) as executor:
        for path in sys.argv[2:]:
            executor.start(decode_task(Path(path).read_bytes()))
        await asyncio.Event().wait()

asyncio.run(main())
"""

BUSY = """
import os, pathlib

class Probe(Strategy):
    def on_bar(self, bar):
        pathlib.Path({mark!r}).write_text(str(os.getpid()))
        while True:
            {loop}
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGSEGV])
async def test_workers_end_with_the_server_however_that_ends(workshop: "Workshop", ending: signal.Signals) -> None:
    folder = workshop.folder("server")
    marks = [folder / "sleeper", folder / "spinner"]
    # one that holds the interpreter lock for ever in native code, and one that only waits
    loops = ["import time; time.sleep(60)", "sum(iter(int, 1))"]
    for mark, loop in zip(marks, loops, strict=True):
        strategy = workshop.strategy(BUSY.format(mark=str(mark), loop=loop))
        mark.with_suffix(".task").write_bytes(encode(workshop.backtest(strategy, workshop.data(100))))
    tasks = [str(mark.with_suffix(".task")) for mark in marks]
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, str(folder / "home"), *tasks)
    family: set[int] = set()
    try:
        async with asyncio.timeout(20):
            async for there in looks(lambda: all(mark.exists() and mark.read_text() for mark in marks)):
                if there:
                    break
        family = descendants(server.pid)
        assert {int(mark.read_text()) for mark in marks} <= family
        server.send_signal(ending)
        before = time.monotonic()
        await server.wait()
        async with asyncio.timeout(10):
            async for left in looks(lambda: {pid for pid in family if alive(pid)}):
                if not left:
                    break
        assert time.monotonic() - before < 2
    finally:
        for pid in (server.pid, *filter(alive, family)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await server.wait()


def descendants(pid: int) -> set[int]:
    """Children of a process, and theirs."""
    parents = {int(path.name): parent_of(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found: set[int] = set()
    newest = {pid}
    while newest:
        newest = {child for child, parent in parents.items() if parent in newest} - found
        found |= newest
    return found


def parent_of(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None  # it ended while we looked


def alive(pid: int) -> bool:
    """Whether it runs; a zombie that nobody in this container collects does not."""
    try:
        return (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]) not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
