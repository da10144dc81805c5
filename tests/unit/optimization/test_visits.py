"""Which sets a method visits, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.contract.problems import InvalidRequest
from server.optimization.space import Space, Steps
from server.optimization.visits import DEFAULT_BUDGET, trials_of, visits_of


def space(*lengths: int) -> Space:
    axes = [Steps(first=0, stride=1, scale=1, count=length, whole=True) for length in lengths]
    return Space(names=[f"p{number}" for number in range(len(lengths))], values=list(axes))


def test_a_grid_visits_every_set_in_order() -> None:
    assert trials_of("grid", 2_000, None) == 2_000
    assert visits_of("grid", space(20, 100), None, 2_000, seed=3) is None


def test_a_search_has_a_budget_which_is_at_most_the_space() -> None:
    assert trials_of("random", 2_000, None) == DEFAULT_BUDGET
    assert trials_of("random", 2_000, 5_000) == 2_000
    assert trials_of("random", 2_000, 7) == 7


def test_a_space_that_cannot_be_drawn_from_is_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        trials_of("random", 10**18, 10)
    assert (caught.value.code, caught.value.errors[0].path) == ("too_many_combinations", "axes")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 100), st.integers(0, 2**40))
def test_a_random_search_draws_each_set_once(lengths: list[int], budget: int, seed: int) -> None:
    of = space(*lengths)
    total = trials_of("random", of.size, budget)
    visits = visits_of("random", of, None, total, seed)
    assert visits is not None
    assert len(set(visits.tolist())) == len(visits) == total
    assert all(0 <= number < of.size for number in visits.tolist())
    again = visits_of("random", of, None, total, seed)
    assert again is not None
    assert again.tolist() == visits.tolist()


def test_a_seed_draws_what_it_always_drew() -> None:
    """Sweeps are found again by their seed: where this fails, every stored one is another."""
    few = visits_of("random", space(1_000, 1_000), None, 4, seed=7)
    most = visits_of("random", space(2, 4), None, 6, seed=7)
    assert few is not None
    assert most is not None
    assert (few.tolist(), most.tolist()) == ([323832, 150849, 650934, 72436], [2, 0, 5, 3, 6, 4])


def test_another_seed_draws_others() -> None:
    one, other = (visits_of("random", space(1_000, 1_000), None, 20, seed) for seed in (0, 1))
    assert one is not None
    assert other is not None
    assert one.tolist() != other.tolist()
