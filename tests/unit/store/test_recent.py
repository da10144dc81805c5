"""Runs that were loaded lately."""

import asyncio

from server.store.port import AttemptRecord, StoredRun
from server.store.recent import RecentRuns
from tests.states import OTHER, RUN, state_of


def run_at(seq: int, run_key: str = RUN) -> StoredRun:
    record = AttemptRecord(snapshot=state_of(run_key, rev=(1, seq)), request=b"{}", prepared=b"{}", priority="normal")
    return StoredRun(newest=record, completed=None, waiting=None)


class Table:
    """What is read; `gate` holds reads back after they have seen it."""

    def __init__(self) -> None:
        self.runs: dict[str, StoredRun] = {RUN: run_at(1), OTHER: run_at(1, OTHER)}
        self.reads = 0
        self.reading = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, run_key: str = RUN) -> StoredRun | None:
        self.reads += 1
        found = self.runs.get(run_key)
        self.reading.set()
        await self.gate.wait()
        return found


async def test_a_run_that_has_not_changed_is_read_once() -> None:
    table, recent = Table(), RecentRuns()

    first = await recent.load(RUN, table.read)
    second = await recent.load(RUN, table.read)

    assert (first, second) == (run_at(1), run_at(1))
    assert table.reads == 1


async def test_a_change_makes_a_run_be_read_again() -> None:
    table, recent = Table(), RecentRuns()
    await recent.load(RUN, table.read)
    change = recent.change(RUN)

    change.begin()
    table.runs[RUN] = run_at(2)
    change.end()

    assert await recent.load(RUN, table.read) == run_at(2)


async def test_what_is_read_while_a_change_is_under_way_is_not_kept() -> None:
    table, recent = Table(), RecentRuns()
    change = recent.change(RUN)
    change.begin()
    await recent.load(RUN, table.read)

    table.runs[RUN] = run_at(2)
    change.end()

    assert await recent.load(RUN, table.read) == run_at(2)


async def test_what_was_read_before_a_commit_and_arrives_after_it_is_not_kept() -> None:
    table, recent = Table(), RecentRuns()
    change = recent.change(RUN)
    table.gate.clear()
    late = asyncio.create_task(recent.load(RUN, table.read))
    await table.reading.wait()

    change.begin()
    table.runs[RUN] = run_at(2)
    change.end()
    table.gate.set()

    assert await late == run_at(1)
    assert await recent.load(RUN, table.read) == run_at(2)


async def test_an_unknown_run_is_looked_for_each_time() -> None:
    table, recent = Table(), RecentRuns()
    run = table.runs.pop(RUN)
    assert await recent.load(RUN, table.read) is None

    table.runs[RUN] = run

    assert await recent.load(RUN, table.read) == run


async def test_the_run_that_was_asked_for_longest_ago_is_forgotten_first() -> None:
    table, recent = Table(), RecentRuns(kept=1)
    await recent.load(RUN, table.read)
    await recent.load(OTHER, lambda: table.read(OTHER))

    await recent.load(RUN, table.read)

    assert table.reads == 3
