"""Searches that learn from what they are told."""

from typing import Any

import numpy as np
import pytest
from optuna import Study
from optuna.trial import Trial

from server.optimization.search import BATCH, Search, Values
from server.optimization.space import Space, Steps

SPACE = Space(
    names=["a", "b", "mode"],
    values=[
        Steps(first=0, stride=1, scale=1, count=30, whole=True),
        Steps(first=0, stride=5, scale=10, count=20, whole=False),
        ["long", "short"],
    ],
)


def value(number: int) -> float:
    """Largest, 0, at a = 20, b = 3 and long."""
    one = SPACE.at(number)
    return -((float(one["a"]) - 20) ** 2) - (float(one["b"]) - 3) ** 2 - 50.0 * (one["mode"] == "short")


def searched(method: str, batches: int, *, seed: int = 1, allowed: np.ndarray | None = None) -> list[int]:
    """The sets in the order in which they were asked for, each told before the batch after the next is asked for."""
    search = Search(method, SPACE, allowed, seed=seed, larger=[True])
    asked = [search.ask(BATCH)]
    for _ in range(batches - 1):
        asked.append(search.ask(BATCH))
        search.tell(asked[-2], [(value(number),) for number in asked[-2]])
    return [number for batch in asked for number in batch]


def test_once_nobody_waits_for_it_it_suggests_no_more() -> None:
    space = Space(names=["a", "b"], values=[list(range(50)), list(range(50))])
    left = iter([False] * 5 + [True] * 100)
    search = Search("tpe", space, None, seed=1, larger=[True], interrupted=lambda: next(left))
    assert len(search.ask(32)) == 5


@pytest.mark.parametrize("method", ["tpe", "genetic"])
def test_it_finds_what_is_better_than_the_first_batches_did(method: str) -> None:
    sets = searched(method, 9)
    values = [value(number) for number in sets]
    assert max(values[-3 * BATCH :]) > max(values[: 2 * BATCH])
    assert np.mean(values[-3 * BATCH :]) > np.mean(values[: 2 * BATCH])


@pytest.mark.parametrize("method", ["tpe", "genetic", "nsga2"])
def test_no_set_is_asked_for_twice_and_a_seed_asks_for_the_same(method: str) -> None:
    sets = searched(method, 6)
    assert len(set(sets)) == len(sets) == 6 * BATCH
    assert all(0 <= number < SPACE.size for number in sets)
    assert searched(method, 6) == sets
    assert searched(method, 6, seed=2) != sets


def test_a_space_is_searched_to_its_end_and_no_further() -> None:
    allowed = np.arange(0, SPACE.size, 24)
    sets = searched("tpe", 4, allowed=allowed)
    assert sorted(sets) == allowed.tolist()


def test_sets_that_are_not_allowed_are_never_asked_for() -> None:
    allowed = np.array([number for number in range(SPACE.size) if SPACE.at(number)["a"] != 20])
    sets = searched("tpe", 6, allowed=allowed)
    assert len(set(sets) & set(allowed.tolist())) == len(sets) == 6 * BATCH


def test_several_aims_are_followed_at_once() -> None:
    search = Search("nsga2", SPACE, None, seed=0, larger=[True, False])

    def aims(number: int) -> Values:
        one = SPACE.at(number)
        return (float(one["a"]), float(one["b"]))

    last: list[int] = []
    for _ in range(8):
        last = search.ask(BATCH)
        search.tell(last, [aims(number) for number in last])
    reached = [SPACE.at(number) for number in last]
    assert np.mean([float(one["a"]) - 2 * float(one["b"]) for one in reached]) > 8.0


def test_trials_that_failed_teach_nothing_and_break_nothing() -> None:
    search = Search("tpe", SPACE, None, seed=0, larger=[True])
    for _ in range(3):
        asked = search.ask(BATCH)
        search.tell(asked, [None] * len(asked))
    assert len(search.ask(BATCH)) == BATCH


@pytest.mark.parametrize("method", ["tpe", "genetic"])
def test_a_space_that_is_almost_searched_is_not_asked_for_over_and_over(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks: list[None] = []
    ask = Study.ask

    def counted(study: Study, axes: Any) -> Trial:
        asks.append(None)
        return ask(study, axes)

    monkeypatch.setattr(Study, "ask", counted)
    small = Space(names=["a"], values=[Steps(first=0, stride=1, scale=1, count=4 * BATCH, whole=True)])
    search = Search(method, small, None, seed=1, larger=[True])
    for batch in range(4):
        asked = search.ask(BATCH)
        search.tell(asked, [(0.0,)] * len(asked))
        assert len(asks) <= 2 * BATCH * (batch + 1)
    assert len(asks) > 4 * BATCH  # some suggestions were made before
    assert search.ask(BATCH) == []


def test_sets_that_nothing_suggested_teach_as_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[Any] = []
    monkeypatch.setattr(Study, "tell", lambda _, trial, values=None, state=None: taught.append(values))
    allowed = np.arange(0, SPACE.size, 24)  # so few that most suggestions are none of them
    search = Search("tpe", SPACE, allowed, seed=1, larger=[True])
    asked = search.ask(BATCH)
    taught.clear()
    search.tell(asked, [(float(number),) for number in asked])
    assert taught == [[float(number)] for number in asked]
