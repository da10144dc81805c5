"""What a trial is ranked by, and whether it may lead."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from server.contract.requests import Filters
from server.contract.results import METRIC_NAMES, Metrics
from server.optimization.ranking import Ranking


def metrics(**changed: Any) -> Metrics:
    """Metrics that are all zero but for these."""
    return Metrics(**{**dict.fromkeys(Metrics.__struct_fields__, 0), **changed})


def test_without_weights_the_fitness_is_the_net_profit() -> None:
    assert Ranking().fitness(metrics(net_profit=12.5)) == Ranking().value(metrics(net_profit=12.5)) == 12.5


def test_weights_are_summed() -> None:
    ranking = Ranking(weights={"sharpeRatio": 2.0, "maxDrawdownPct": 0.1})
    assert ranking.value(metrics(sharpe_ratio=1.5, max_drawdown_pct=-10.0, net_profit=99.0)) == 2.0


@pytest.mark.parametrize("value", [None, math.nan])
def test_an_undefined_metric_makes_the_value_undefined(value: float | None) -> None:
    assert Ranking(weights={"netProfit": 1.0, "sharpeRatio": 1.0}).value(metrics(sharpe_ratio=value)) is None
    assert Ranking(sort_by="sharpeRatio").value(metrics(sharpe_ratio=value)) is None
    assert Ranking(weights={"netProfit": 1e308, "turnover": 1e308}).value(metrics(net_profit=9, turnover=9)) is None


@pytest.mark.parametrize(
    ("filters", "passing", "missing"),
    [
        (Filters(min_total_trades=5), {"total_trades": 5}, {"total_trades": 4}),
        (Filters(min_net_profit=-1.0), {"net_profit": -1.0}, {"net_profit": -1.5}),
        (Filters(min_profit_factor=1.2), {"profit_factor": 1.2}, {"profit_factor": None}),
        (Filters(max_drawdown_pct=20.0), {"max_drawdown_pct": -20.0}, {"max_drawdown_pct": -20.5}),
        (Filters(max_drawdown_pct=-20.0), {"max_drawdown_pct": -20.0}, {"max_drawdown_pct": -20.5}),
        (Filters(min_sharpe_ratio=1.0), {"sharpe_ratio": 1.0}, {"sharpe_ratio": 0.9}),
        (Filters(min_sortino_ratio=1.0), {"sortino_ratio": 1.0}, {"sortino_ratio": None}),
        (Filters(min_annual_return_pct=3.0), {"annual_return_pct": 3.0}, {"annual_return_pct": 2.9}),
    ],
)
def test_a_bound_is_kept_or_missed(filters: Filters, passing: dict[str, Any], missing: dict[str, Any]) -> None:
    ranking = Ranking(filters=filters)
    assert ranking.passes(metrics(**passing))
    assert not ranking.passes(metrics(**missing))
    assert Ranking().passes(metrics(**missing))


def test_all_bounds_have_to_be_kept() -> None:
    ranking = Ranking(filters=Filters(min_total_trades=5, min_net_profit=1.0))
    assert not ranking.passes(metrics(total_trades=9, net_profit=0.0))
    assert ranking.passes(metrics(total_trades=9, net_profit=2.0))


FIGURES = st.none() | st.floats(-1e9, 1e9)


@given(st.lists(st.tuples(FIGURES, FIGURES, FIGURES), min_size=1, max_size=5))
def test_many_trials_at_once_are_ranked_as_each_alone(rows: list[tuple[Any, Any, Any]]) -> None:
    trials = [metrics(sharpe_ratio=a, profit_factor=b, net_profit=c or 0.0) for a, b, c in rows]
    table = np.array(
        [[np.nan if value is None else value for value in structs.astuple(one)] for one in trials], dtype=np.float64
    ).reshape(-1, len(METRIC_NAMES))
    weights = {"sharpeRatio": 0.3, "netProfit": 0.7, "profitFactor": -1.1}
    for sort_by in ("fitness", "sharpeRatio"):
        ranking = Ranking(sort_by=sort_by, weights=weights, filters=Filters(min_profit_factor=0.0, min_net_profit=1.0))
        alone = [ranking.value(one) for one in trials]
        assert [None if np.isnan(value) else value for value in ranking.values_of(table).tolist()] == alone
        assert ranking.passing(table).tolist() == [ranking.passes(one) for one in trials]
