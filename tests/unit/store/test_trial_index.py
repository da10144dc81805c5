"""Where finished trials are found again."""

import pytest

from server.store.database import SqliteStore
from server.store.failures import AttemptRefused
from server.store.port import TrialLocation
from server.store.trial_index import SLICE
from tests.unit.store.runs import key_of, later, record


def locations(first: int, stop: int, file: str = "a/1/trials-000000000.npz") -> list[TrialLocation]:
    return [TrialLocation(trial_key=f"{number:024x}", file=file, row=number - first) for number in range(first, stop)]


def keys(first: int, stop: int) -> list[str]:
    return [location.trial_key for location in locations(first, stop)]


async def test_trials_are_found_where_they_lie(store: SqliteStore) -> None:
    await store.add_attempt(record(kind="optimization"))
    await store.add_trials(key_of(1), 1, locations(0, 10))
    found = await store.find_trials(keys(5, 15))
    assert found == {location.trial_key: location for location in locations(0, 10)[5:]}


async def test_a_trial_keeps_its_first_place(store: SqliteStore) -> None:
    for number in (1, 2):
        await store.add_attempt(record(number, kind="optimization"))
    await store.add_trials(key_of(1), 1, locations(0, 10))
    await store.add_trials(key_of(2), 1, locations(5, 15, "b/1/trials-000000000.npz"))
    files = {key: found.file[0] for key, found in (await store.find_trials(keys(0, 15))).items()}
    assert [files[key] for key in keys(0, 15)] == ["a"] * 10 + ["b"] * 5


async def test_many_trials_are_indexed_and_forgotten_in_slices(store: SqliteStore) -> None:
    count = 2 * SLICE + 7
    added = await store.add_attempt(record(kind="optimization"))
    await store.finish(later(added.snapshot, "Completed"), trials=locations(0, count))
    assert len(await store.find_trials(keys(0, count))) == count
    await store.delete(key_of(1))
    assert await store.find_trials(keys(0, count)) == {}


async def test_trials_of_one_run_stay_when_another_goes(store: SqliteStore) -> None:
    for number, first in ((1, 0), (2, 100)):
        await store.add_attempt(record(number, kind="optimization"))
        await store.add_trials(key_of(number), 1, locations(first, first + 5, f"{number}/1/trials-0.npz"))
    await store.delete(key_of(1))
    assert set(await store.find_trials([*keys(0, 5), *keys(100, 105)])) == set(keys(100, 105))


async def test_trials_of_an_attempt_that_is_gone_are_refused(store: SqliteStore) -> None:
    await store.add_attempt(record(kind="optimization"))
    await store.delete(key_of(1))
    with pytest.raises(AttemptRefused):
        await store.add_trials(key_of(1), 1, locations(0, 5))
    assert await store.find_trials(keys(0, 5)) == {}


async def test_nothing_is_asked_and_nothing_is_found(store: SqliteStore) -> None:
    assert await store.find_trials([]) == {}
