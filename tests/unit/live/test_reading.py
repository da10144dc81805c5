"""One snapshot for everybody who asks at the same time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.live.reading import SharedRead


class Reads:
    """Reads that end when they are let; each answers with its number."""

    def __init__(self) -> None:
        self.begun = 0
        self.gates: list[asyncio.Event] = []
        self.started = asyncio.Event()

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        gate = asyncio.Event()
        self.gates.append(gate)
        self.started.set()
        await gate.wait()
        return number

    async def begins(self, number: int) -> asyncio.Event:
        while self.begun < number:
            self.started.clear()
            await self.started.wait()
        return self.gates[number - 1]


@pytest.fixture
async def tasks() -> AsyncIterator[asyncio.TaskGroup]:
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        yield group


async def test_those_who_ask_at_once_share_one_read(tasks: asyncio.TaskGroup) -> None:
    reads = Reads()
    shared = SharedRead(reads.read, tasks)
    askers = [tasks.create_task(shared.fresh()) for _ in range(100)]
    (await reads.begins(1)).set()
    assert {await asker for asker in askers} == {1}
    assert reads.begun == 1


async def test_one_that_asks_while_a_read_is_under_way_gets_the_next(tasks: asyncio.TaskGroup) -> None:
    reads = Reads()
    shared = SharedRead(reads.read, tasks)
    first = tasks.create_task(shared.fresh())
    gate = await reads.begins(1)
    later = [tasks.create_task(shared.fresh()) for _ in range(100)]
    await asyncio.sleep(0)  # they ask
    assert reads.begun == 1, "reads do not overlap"
    gate.set()
    (await reads.begins(2)).set()
    assert await first == 1
    assert {await asker for asker in later} == {2}
    assert reads.begun == 2


async def test_an_asker_that_leaves_does_not_end_the_read_of_the_others(tasks: asyncio.TaskGroup) -> None:
    reads = Reads()
    shared = SharedRead(reads.read, tasks)
    leaving, staying = tasks.create_task(shared.fresh()), tasks.create_task(shared.fresh())
    gate = await reads.begins(1)
    leaving.cancel()
    await asyncio.wait([leaving])
    gate.set()
    assert await staying == 1


async def test_an_answer_is_not_kept(tasks: asyncio.TaskGroup) -> None:
    reads = Reads()
    shared = SharedRead(reads.read, tasks)
    for number in (1, 2):
        asker = tasks.create_task(shared.fresh())
        (await reads.begins(number)).set()
        assert await asker == number
