"""What lies around the best trial, and what luck would have given."""

import math

import numpy as np
import pytest

from server.optimization.robustness import Neighbourhood, deflated_sharpe, neighbourhood

LENGTHS = (3, 4)
"""A grid of twelve cells, of which cell (row, column) has the number 4 row + column."""


def around(position: tuple[int, int], cells: dict[int, float]) -> Neighbourhood:
    sets = np.array(sorted(cells))
    return neighbourhood(position, LENGTHS, sets, np.array([cells[number] for number in sets.tolist()]))


def test_a_cell_within_the_grid_has_eight_neighbours_and_is_none_itself() -> None:
    cells = {number: float(number) for number in range(12)}
    # around cell 5: 0 1 2 4 6 8 9 10, with the quartiles 1.75, 5 and 8.25
    assert around((1, 1), cells | {5: 1e9}) == Neighbourhood(8, 5.0, 6.5)


def test_at_a_corner_there_are_three() -> None:
    cells = {number: float(number) for number in range(12)}
    # around cell 11: 6 7 10
    assert around((2, 3), cells) == Neighbourhood(3, 7.0, 2.0)


def test_cells_that_were_not_run_or_have_no_value_do_not_count() -> None:
    assert around((1, 1), {0: 1.0, 2: math.nan, 5: 7.0, 11: 3.0}) == Neighbourhood(1, 1.0, 0.0)
    assert around((1, 1), {5: 7.0, 11: 3.0}) == Neighbourhood(0, None, None)


def test_a_fixed_parameter_makes_no_neighbours() -> None:
    found = neighbourhood((0, 1, 0), (1, 3, 1), np.arange(3), np.array([1.0, 9.0, 2.0]))
    assert found == Neighbourhood(2, 1.5, 0.5)


def test_of_very_many_axes_one_is_moved_at_a_time() -> None:
    lengths = (3,) * 12
    middle = sum(3**place for place in range(12))
    sets = np.array(sorted([middle + 3, middle - 9, middle + 3 + 9]))
    found = neighbourhood((1,) * 12, lengths, sets, np.array([1.0, 2.0, 4.0]))
    assert found.neighbours == 2


def spread_out(count: int, variance: float) -> np.ndarray:
    """Ratios whose sample variance is this."""
    step = math.sqrt(variance * (count - 1) / count)
    return np.array([step, -step] * (count // 2))


def test_the_worked_example_of_the_paper() -> None:
    """A Sharpe ratio of 2.5 a year over five years of days, best of 100 whose yearly ratios vary by 1/2."""
    found = deflated_sharpe(2.5 / math.sqrt(250), spread_out(100, 0.5 / 250), 1_250, skewness=-3.0, kurtosis=10.0)
    assert found == pytest.approx(0.9004, abs=5e-5)


def test_more_trials_make_the_same_ratio_less_likely() -> None:
    few, many = (deflated_sharpe(0.1, spread_out(count, 0.002), 1_000) for count in (10, 1_000))
    assert few is not None
    assert many is not None
    assert 1.0 > few > many > 0.0


def test_without_another_trial_to_compare_there_is_none() -> None:
    assert deflated_sharpe(0.1, np.array([0.1, math.nan]), 1_000) is None
    assert deflated_sharpe(math.nan, np.array([0.1, 0.2]), 1_000) is None
    assert deflated_sharpe(0.1, np.array([0.1, 0.2]), 1) is None
