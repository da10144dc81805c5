"""Several aims, and what no trial beats."""

import numpy as np
import pytest

from server.contract.requests import Filters, Objective
from server.contract.results import METRIC_NAMES
from server.optimization.objectives import front, objective_values
from server.optimization.ranking import Ranking

AIMS = [Objective(metric="netProfit", direction="max"), Objective(metric="turnover", direction="min")]


def table(*rows: tuple[float, float]) -> np.ndarray:
    """Metrics of trials with these net profits and turnovers."""
    metrics = np.zeros((len(rows), len(METRIC_NAMES)))
    for row, (profit, turnover) in enumerate(rows):
        metrics[row, METRIC_NAMES.index("netProfit")] = profit
        metrics[row, METRIC_NAMES.index("turnover")] = turnover
    return metrics


def test_without_aims_it_is_what_trials_are_ranked_by() -> None:
    found = objective_values(table((3.0, 1.0), (np.nan, 1.0)), [], Ranking())
    assert found.tolist() == [[3.0], [pytest.approx(np.nan, nan_ok=True)]]


def test_what_misses_a_bound_comes_to_nothing() -> None:
    ranking = Ranking(filters=Filters(min_net_profit=2.0))
    found = objective_values(table((3.0, 1.0), (1.0, 1.0)), AIMS, ranking)
    assert np.isnan(found).all(axis=1).tolist() == [False, True]


def test_a_trial_that_another_beats_is_not_in_front() -> None:
    values = np.array([(5.0, 5.0), (4.0, 4.0), (5.0, 6.0), (1.0, 1.0), (1.0, 2.0), (np.nan, np.nan), (5.0, 5.0)])
    assert front(values, AIMS).tolist() == [True, True, False, True, False, False, True]


def test_the_front_is_what_comparing_all_with_all_finds() -> None:
    values = np.random.default_rng(3).integers(0, 12, (200, 2)).astype(float)
    signed = values * [1.0, -1.0]
    slowly = [not any((other >= one).all() and (other > one).any() for other in signed) for one in signed]
    assert front(values, AIMS).tolist() == slowly
