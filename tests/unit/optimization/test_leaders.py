"""Which trials lead."""

import pytest

from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES
from server.contract.run import Leader
from server.optimization.leaders import Leaderboard, Ranked, Standings, check_sort


def ranked(index: int, value: float | None) -> Ranked:
    return Ranked(index, Leader(trial_key=f"{index:024x}", parameters={"a": index}, value=value))


def order(sort_by: str, *values: float | None) -> list[int]:
    """The indices of trials with these values, the best first."""
    board = Leaderboard(sort_by)
    for index, value in enumerate(values):
        board.offer(ranked(index, value))
    return [trial.index for trial in board.top]


def test_the_largest_profit_leads() -> None:
    assert order("netProfit", 1.0, 3.0, -2.0) == [1, 0, 2]


def test_the_smallest_drawdown_leads() -> None:
    assert order("maxDrawdownPct", -10.0, -5.0, -20.0) == [1, 0, 2]


def test_the_smallest_costs_lead() -> None:
    assert order("commissions", 3.0, 1.0, 2.0) == [1, 2, 0]


def test_undefined_values_come_last() -> None:
    assert order("sharpeRatio", None, -3.0, None, 1.0) == [3, 1, 0, 2]


def test_equal_trials_lead_by_index_in_whatever_order_they_come() -> None:
    board = Leaderboard("netProfit")
    for index in (5, 3, 4):
        board.offer(ranked(index, 1.0))
    assert [trial.index for trial in board.top] == [3, 4, 5]
    assert board.best_index == 3


def test_ten_are_kept() -> None:
    assert order("netProfit", *map(float, range(25))) == list(range(24, 14, -1))


def test_a_trial_offered_twice_leads_once() -> None:
    board = Leaderboard("netProfit")
    assert board.offer(ranked(1, 1.0))
    assert not board.offer(ranked(1, 1.0))
    assert len(board.top) == 1


def test_every_metric_can_be_sorted_by() -> None:
    for name in (*METRIC_NAMES, "fitness"):
        check_sort(name)


def test_an_unknown_metric_is_named_with_what_was_meant() -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_sort("sharpRatio")
    assert caught.value.errors[0].path == "sortBy"
    assert "sharpeRatio" in caught.value.detail


def test_chunks_add_up_to_the_same_leaders_in_any_order() -> None:
    values = [float((index * 37) % 50) for index in range(100)]
    whole = Leaderboard("netProfit")
    chunks: list[list[Ranked]] = []
    for first in range(0, 100, 20):
        board = Leaderboard("netProfit")
        for index in range(first, first + 20):
            board.offer(ranked(index, values[index]))
            whole.offer(ranked(index, values[index]))
        chunks.append(board.top)
    for sequence in ([0, 1, 2, 3, 4], [3, 1, 4, 0, 2]):
        standings = Standings("netProfit")
        for chunk in sequence:
            standings.add_chunk(chunks[chunk], stop=20 * chunk + 20, ended=20)
        assert standings.top == [trial.leader for trial in whole.top]
        assert standings.best == whole.top[0].leader


def test_stagnation_counts_the_trials_since_the_best() -> None:
    standings = Standings("netProfit")
    assert (standings.best, standings.stagnation) == (None, 0)
    standings.add_chunk([ranked(3, 5.0)], stop=10, ended=10)
    assert standings.stagnation == 6
    standings.add_chunk([ranked(12, 4.0)], stop=20, ended=10)
    assert standings.stagnation == 16
    standings.add_chunk([ranked(29, 6.0), ranked(25, 5.5)], stop=30, ended=10)
    assert standings.stagnation == 0
