"""How a sweep is cut into chunks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.runs.chunks import ChunkPlan, Range
from server.runs.open_trials import OpenTrials


def a_plan(places: int, *, bars_per_trial: int, slots: int) -> ChunkPlan:
    """A plan of so many places."""
    plan = ChunkPlan(bars_per_trial=bars_per_trial, slots=slots)
    plan.extend(places)
    return plan


def test_chunks_grow_until_they_take_half_a_second() -> None:
    plan = a_plan(1_000_000, bars_per_trial=100_000, slots=2)
    sizes = []
    for _ in range(12):
        chunk = plan.next()
        assert chunk is not None
        sizes.append(chunk.size)
        plan.finished(chunk, chunk.size, chunk.size / 1000)
    assert sizes[0] == 1
    assert sizes[-1] == 500


def test_a_chunk_that_ended_early_is_continued() -> None:
    plan = a_plan(4, bars_per_trial=1, slots=1)
    chunk = plan.next()
    assert chunk == Range(0, 2)
    plan.finished(chunk, 1, 0.1)
    assert plan.next() == Range(1, 2)


def test_a_trial_that_kills_twice_is_given_up_and_no_other() -> None:
    plan = a_plan(8, bars_per_trial=1, slots=1)
    poison, done, given_up = 5, set[int](), []
    while chunk := plan.next():
        if chunk.first <= poison < chunk.stop:
            lost = plan.died(chunk)
            given_up += [] if lost is None else [lost]
        else:
            done |= set(range(chunk.first, chunk.stop))
            plan.finished(chunk, chunk.size, 0.01)
    assert given_up == [poison]
    assert done == set(range(8)) - {poison}


@given(total=st.integers(0, 400), speeds=st.lists(st.floats(0.001, 2.0), min_size=1, max_size=20))
def test_every_trial_is_handed_out_exactly_once(total: int, speeds: list[float]) -> None:
    plan = a_plan(total, bars_per_trial=1000, slots=2)
    handed: list[int] = []
    while chunk := plan.next():
        handed += range(chunk.first, chunk.stop)
        plan.finished(chunk, chunk.size, speeds[len(handed) % len(speeds)])
    assert sorted(handed) == list(range(total))


@given(total=st.integers(0, 200), done=st.sets(st.integers(0, 199)))
def test_what_is_open_is_what_is_not_done(total: int, done: set[int]) -> None:
    finished = sorted(number for number in done if number < total)
    still = OpenTrials(total, np.array(finished, dtype=np.int64))
    numbers = still.numbers(Range(0, len(still)))
    assert numbers == sorted(set(range(total)) - done)
    assert [still.number(place) for place in range(len(still))] == numbers
    assert [still.before(number) for number in range(total + 1)] == [
        sum(one < number for one in numbers) for number in range(total + 1)
    ]


def test_places_that_become_known_later_are_handed_out_too() -> None:
    plan = a_plan(2, bars_per_trial=1, slots=1)
    handed: list[int] = []
    while chunk := plan.next():
        handed += range(chunk.first, chunk.stop)
    assert plan.remaining == 0
    plan.extend(2)
    assert plan.next() is None
    plan.extend(5)
    assert plan.remaining == 3
    while chunk := plan.next():
        handed += range(chunk.first, chunk.stop)
    assert handed == list(range(5))


@given(
    sizes=st.lists(st.integers(1, 90), min_size=1, max_size=40),
    speeds=st.lists(st.floats(1.0, 5_000.0), min_size=1, max_size=10),
)
def test_what_is_between_two_cuts_stays_together(sizes: list[int], speeds: list[float]) -> None:
    cuts = np.cumsum(sizes)
    plan = ChunkPlan(bars_per_trial=1_000, slots=2, cuts=cuts)
    plan.extend(int(cuts[-1]))
    handed: list[int] = []
    while chunk := plan.next():
        handed += range(chunk.first, chunk.stop)
        assert chunk.stop in cuts
        plan.finished(chunk, chunk.size, chunk.size / speeds[len(handed) % len(speeds)])
    assert handed == list(range(int(cuts[-1])))


def test_chunks_take_as_long_as_they_should() -> None:
    for chunk_s, trials in ((0.5, 500), (2.0, 2_000)):
        plan = ChunkPlan(bars_per_trial=1_000, slots=2, chunk_s=chunk_s)
        plan.extend(1_000_000)
        sizes = []
        for _ in range(8):
            part = plan.next()
            assert part is not None
            plan.finished(part, part.size, part.size / 1_000)  # a thousand trials a second
            sizes.append(part.size)
        assert sizes[-1] == trials
