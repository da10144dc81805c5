"""What is left of a store whose process is killed in the middle of writing."""

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

from server.store.database import SqliteStore
from tests.unit.store.runs import key_of, later

WRITER = """
import asyncio, sys
from pathlib import Path
from server.store.database import SqliteStore
from tests.unit.store.runs import later, record

async def write(store, number):
    added = await store.add_attempt(record(number))
    await store.finish(later(added.snapshot, "Completed"))
    print(number, flush=True)

async def main(first):
    async with SqliteStore.open(Path(sys.argv[1])) as store:
        while True:
            await asyncio.gather(*(write(store, number) for number in range(first, first + 10)))
            first += 10

asyncio.run(main(int(sys.argv[2])))
"""
KILLS = 4


async def test_a_write_that_was_acknowledged_survives_the_death_of_its_process(path: Path) -> None:
    acknowledged: list[int] = []
    generation = 0
    for kill in range(KILLS):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WRITER, str(path), str(1 + kill * 10_000)),
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert process.stdout is not None
        # somewhere in the middle of a batch
        acknowledged += [int(await process.stdout.readline()) for _ in range(15 + 11 * kill)]
        process.send_signal(signal.SIGKILL)
        rest = await process.stdout.read()
        acknowledged += [int(line) for line in rest.splitlines(keepends=True) if line.endswith(b"\n")]
        await process.wait()
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        async with SqliteStore.open(path) as store:
            for number in acknowledged:
                run = await store.load(key_of(number))
                assert run is not None
                assert run.newest.snapshot.state.status == "Completed"
                generation = max(generation, run.newest.snapshot.rev.generation)
            for unfinished in await store.unfinished():
                renewed = await store.raise_generation(later(unfinished.snapshot, "Running"))
                assert renewed.rev.generation > generation
                await store.finish(later(renewed, "Failed"))
