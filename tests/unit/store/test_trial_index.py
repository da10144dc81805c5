"""Where the trials of a family are looked for."""

from msgspec import structs

from server.contract.requests import RunKind
from server.contract.run import RunSnapshot
from server.store.database import SqliteStore
from server.store.port import TrialSource
from tests.unit.store.runs import key_of, later, record

FAMILY, OTHER = "a" * 24, "b" * 24


async def added(
    store: SqliteStore, number: int, kind: RunKind, family: str = FAMILY, *, attempt: int = 1, visible: bool = True
) -> RunSnapshot:
    """An attempt of the run `number`, kept."""
    new = record(number, kind=kind, attempt=attempt, visible=visible)
    return (await store.add_attempt(structs.replace(new, families=(family,)))).snapshot


async def sources(store: SqliteStore, family: str = FAMILY, limit: int = 10) -> list[tuple[str, int]]:
    return [(source.run_key, source.attempt) for source in await store.trial_sources(family, limit)]


async def test_attempts_of_a_family_are_found_newest_first(store: SqliteStore) -> None:
    for number, family in ((1, FAMILY), (2, OTHER), (3, FAMILY)):
        await added(store, number, "optimization", family)
    assert await store.trial_sources(FAMILY, 10) == [
        TrialSource(run_key=key_of(number), attempt=1, kind="optimization") for number in (3, 1)
    ]
    assert await sources(store, limit=1) == [(key_of(3), 1)]


async def test_a_backtest_is_found_once_it_is_completed(store: SqliteStore) -> None:
    completed, failed = await added(store, 1, "backtest"), await added(store, 2, "backtest")
    assert await sources(store) == []
    await store.finish(later(completed, "Completed"))
    await store.finish(later(failed, "Failed"))
    assert await sources(store) == [(key_of(1), 1)]


async def test_every_attempt_of_an_optimization_is_found(store: SqliteStore) -> None:
    await store.finish(later(await added(store, 1, "optimization"), "Cancelled"))
    await added(store, 1, "optimization", attempt=2)
    assert await sources(store) == [(key_of(1), 2), (key_of(1), 1)]


async def test_what_is_deleted_is_not_found(store: SqliteStore) -> None:
    for number in (1, 2):
        await added(store, number, "optimization")
    await added(store, 2, "optimization", attempt=2, visible=False)
    await store.delete(key_of(1))
    await store.drop_waiting(key_of(2))
    assert await sources(store) == [(key_of(2), 1)]


async def test_a_run_may_come_again_after_it_was_deleted(store: SqliteStore) -> None:
    await added(store, 1, "optimization")
    await store.delete(key_of(1))
    await added(store, 1, "optimization")
    assert await sources(store) == [(key_of(1), 1)]
