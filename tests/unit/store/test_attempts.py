"""The life of runs in the database."""

from pathlib import Path

import pytest
from msgspec import structs

from server.contract.run import Revision
from server.store.database import SqliteStore
from server.store.failures import AttemptRefused
from server.store.port import AttemptRecord
from tests.unit.store.runs import key_of, later, metrics, record


async def completed(store: SqliteStore, number: int = 1, *, attempt: int = 1, profit: float = 1.0) -> AttemptRecord:
    added = await store.add_attempt(record(number, attempt=attempt))
    await store.finish(later(added.snapshot, "Completed"), metrics=metrics(netProfit=profit))
    return added


async def test_an_attempt_is_read_as_it_was_written(store: SqliteStore) -> None:
    added = await store.add_attempt(record(label="naïve ✓"))
    assert added.snapshot.rev == Revision(1, 0)
    assert await store.load_attempt(added.run_key, 1) == added
    run = await store.load(added.run_key)
    assert run is not None
    assert (run.newest, run.completed, run.waiting) == (added, None, None)
    assert await store.unfinished() == [added]


async def test_what_is_not_there_is_not_found(store: SqliteStore) -> None:
    assert await store.load(key_of(1)) is None
    assert await store.load_attempt(key_of(1), 1) is None
    assert await store.delete(key_of(1)) is None


async def test_every_attempt_that_appears_has_a_generation_of_its_own(store: SqliteStore) -> None:
    generations = [(await store.add_attempt(record(number))).snapshot.rev for number in (1, 2, 3)]
    assert generations == [Revision(1, 0), Revision(2, 0), Revision(3, 0)]


async def test_the_generation_survives_deletes_and_restarts(path: Path) -> None:
    async with SqliteStore.open(path) as store:
        await store.add_attempt(record())
        gone = await store.delete(key_of(1))
        assert gone is not None
        assert gone.rev == Revision(2, 0)
        store_id = store.store_id
    async with SqliteStore.open(path) as store:
        assert (await store.add_attempt(record())).snapshot.rev == Revision(3, 0)
        assert store.store_id == store_id


async def test_a_state_is_replaced_and_never_by_an_older_one(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    running = later(added.snapshot, "Running", processed=50)
    await store.save(running)
    found = await store.load_attempt(added.run_key, 1)
    assert found is not None
    assert found.snapshot == running
    with pytest.raises(AttemptRefused, match="older"):
        await store.save(added.snapshot)


async def test_a_terminal_state_never_changes(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    failed = later(added.snapshot, "Failed", error_message="it broke")
    await store.finish(failed, stop_reason="none")
    for change in (
        store.save(later(failed, "Running")),
        store.finish(later(failed, "Completed")),
        store.raise_generation(later(failed, "Running")),
    ):
        with pytest.raises(AttemptRefused):
            await change
    found = await store.load_attempt(added.run_key, 1)
    assert found is not None
    assert found.snapshot == failed
    assert await store.unfinished() == []


async def test_saving_an_end_and_finishing_without_one_are_refused(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    with pytest.raises(AttemptRefused):
        await store.save(later(added.snapshot, "Completed"))
    with pytest.raises(AttemptRefused):
        await store.finish(later(added.snapshot, "Running"))


async def test_the_completed_attempt_stays_when_a_later_one_fails(store: SqliteStore) -> None:
    await completed(store, profit=12.5)
    again = await store.add_attempt(record(attempt=2))
    await store.finish(later(again.snapshot, "Failed"))
    run = await store.load(again.run_key)
    assert run is not None
    assert run.newest.attempt == 2
    assert run.completed is not None
    assert run.completed.attempt == 1
    assert run.completed.metrics == metrics(netProfit=12.5)


async def test_an_attempt_waits_behind_another_and_appears_at_its_end(store: SqliteStore) -> None:
    first = await store.add_attempt(record())
    hidden = await store.add_attempt(record(attempt=2, visible=False))
    run = await store.load(first.run_key)
    assert run is not None
    assert run.newest.attempt == 1
    assert run.waiting == hidden
    revealed = await store.finish(later(first.snapshot, "Cancelled"))
    assert revealed is not None
    assert (revealed.attempt, revealed.visible, revealed.snapshot.rev) == (2, True, Revision(2, 0))
    run = await store.load(first.run_key)
    assert run is not None
    assert (run.newest, run.waiting) == (revealed, None)


async def test_an_attempt_that_was_answered_is_dropped_in_the_commit_of_the_answer(store: SqliteStore) -> None:
    first = await store.add_attempt(record())
    await store.add_attempt(record(attempt=2, visible=False))
    assert await store.finish(later(first.snapshot, "Completed"), drop_waiting=True) is None
    assert await store.load_attempt(first.run_key, 2) is None
    assert await store.unfinished() == []


@pytest.mark.parametrize(
    "second",
    [
        record(attempt=1),
        record(attempt=2),
        record(attempt=1, visible=False),
    ],
    ids=["the same number", "a second visible one", "a hidden one of the same number"],
)
async def test_an_attempt_in_the_way_refuses_another(store: SqliteStore, second: AttemptRecord) -> None:
    await store.add_attempt(record())
    with pytest.raises(AttemptRefused):
        await store.add_attempt(second)


async def test_attempts_that_wait_appear_one_after_the_other(store: SqliteStore) -> None:
    ended = await store.add_attempt(record())
    for attempt in (2, 3):
        await store.add_attempt(record(attempt=attempt, visible=False))
    for attempt in (2, 3):
        revealed = await store.finish(later(ended.snapshot, "Cancelled"))
        assert revealed is not None
        assert (revealed.attempt, revealed.snapshot.rev.generation) == (attempt, attempt)
        ended = revealed
    assert await store.finish(later(ended.snapshot, "Cancelled")) is None


async def test_no_attempt_waits_behind_none(store: SqliteStore) -> None:
    with pytest.raises(AttemptRefused):
        await store.add_attempt(record(visible=False))


async def test_a_refused_write_leaves_its_neighbours_alone(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    ended = later(added.snapshot, "Failed")
    await store.finish(ended)
    with pytest.raises(AttemptRefused):
        await store.save(later(ended, "Running"))
    assert (await store.add_attempt(record(2))).snapshot.rev.generation == 2


async def test_recovery_raises_the_generation_of_what_is_unfinished(store: SqliteStore) -> None:
    added = await store.add_attempt(record())
    running = later(added.snapshot, "Running", processed=7)
    renewed = await store.raise_generation(running)
    assert renewed == structs.replace(running, rev=Revision(2, 0))
    assert [one.snapshot for one in await store.unfinished()] == [renewed]
